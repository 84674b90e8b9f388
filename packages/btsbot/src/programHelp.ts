/**
 * What stands below the options of `btsbot` itself.
 *
 * @internal
 */
export const PROGRAM_HELP = `
Examples:
  $ btsbot score alerts/                     score every alert in a folder
  $ btsbot score alerts/ > scores.jsonl      the same, for programs
  $ btsbot decide alerts/ --state run/       what to save and to follow up
  $ btsbot models pull                       fetch the published model, once
  $ btsbot inspect packet.avro --png p.png   look into one packet
  $ btsbot backtest bts_p1 --scores scores.jsonl --truth truth.csv

Exit status: 0 done; 1 some input could not be read, or output not written;
2 wrong usage, or a model that is not available.
Until the published model is pulled, btsbot-mini scores, a small stand-in.
Models are kept in $BTSBOT_CACHE, by default in the platform's cache folder.`;
