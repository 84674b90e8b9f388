/**
 * What stands below the options of `btsbot simulate`.
 *
 * @internal
 */
export const SIMULATE_HELP = `
Examples:
  $ btsbot simulate --nights 3 --sources 500 --seed 7 --out night/
  $ btsbot simulate --sources 50 --start 2460310.5 --out night/
  $ btsbot score night/ > scores.jsonl

Writes each packet to <candid>.avro, the schema to alert.avsc, and truth.csv:
objectId, label (1: a supernova or tidal disruption that peaks at 18.5 mag or
brighter), class, peakmag, peakjd, redshift, ra, dec, and when scanners saved it
and asked for a spectrum (saveJd, triggerJd). The same numbers give the
same bytes. What is simulated, and how close it comes to real alerts:
docs/simulation.md.`;
