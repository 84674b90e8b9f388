/**
 * What stands below the options of `btsbot score`.
 *
 * @internal
 */
export const SCORE_HELP = `
Examples:
  $ btsbot score packet.avro
  $ btsbot score ztf_public_20200203.tar.gz
  $ btsbot score --recursive alerts/ more/*.avro --model all
  $ btsbot score alerts/ --real-bogus braai
  $ btsbot score ztf_public_20200203.tar.gz --resume out.jsonl
  $ find nights/ -name '*.tar.gz' | btsbot score --files-from -
  $ curl -s https://example.org/alert.avro | btsbot score -
  $ btsbot score alerts/ | jq -r '[.candid, .scores[].score] | @tsv'

JSON Lines: one line for each alert, in order. An alert that a model cannot
score says why. An input that cannot be read gives a line with "error", the
others are scored, and the exit status is 1. (Wrapped here to fit:)
  {"file":"a.avro","index":0,"objectId":"ZTF20aajcdad",
   "candid":"1127495406315015005","jd":2458881.0,"scores":{"btsbot-v1.0.1":
   {"status":"scored","score":0.9997,"flags":[...],"provenance":{...}}}}
  {"file":"b.avro","error":{"code":"avro-truncated","message":"..."}}

--real-bogus braai runs braai_d6_m9 on the stamps for the real/bogus score that
models read, instead of the packet's drb: for packets without it, or with that
of another release. First: btsbot models pull braai_d6_m9.

--resume out.jsonl writes the lines to that file. A run that was killed goes on
where it ended, if it is started again with the same paths: each alert gets one
line. What is done is read past, and not scored again; half a line is removed.

--jobs 4 scores on four threads; lines come in the order of the inputs all the
same. What comes live on standard input waits no longer than --max-wait. SIGINT
and SIGTERM end it with whole lines; a shell then shows 130 or 143.

--profile FILE gives a model the features that its definition names and this
program does not have: JSON, or a module that exports it as "profile". Models
that were imported with one of JSON hold it already.

Table: the history is the packet's light curve. Time goes from left to right,
bright is up, v is an upper limit, the colors are the filters g, r and i.`;
