/**
 * What stands below each command's options: examples first, each with what it does.
 *
 * @internal
 */
export const HELP = {
  program: `
Examples:
  $ btsbot score alerts/                     score every alert in a folder
  $ btsbot score alerts/ > scores.jsonl      the same, for programs
  $ btsbot decide alerts/ --state run/       what to save and to follow up
  $ btsbot models pull                       fetch the published model, once
  $ btsbot inspect packet.avro --png p.png   look into one packet
  $ btsbot backtest bts_p1 --scores scores.jsonl --truth truth.csv

Exit status: 0 done, 1 some input could not be read or the output not written,
2 wrong usage or a model that is not here.
btsbot-mini, a small stand-in, scores until the published model is pulled.
Models are kept in $BTSBOT_CACHE, else in the platform's cache folder.`,

  score: `
Examples:
  $ btsbot score packet.avro
  $ btsbot score ztf_public_20200203.tar.gz
  $ btsbot score --recursive alerts/ more/*.avro --model all
  $ btsbot score alerts/ --real-bogus braai
  $ curl -s https://example.org/alert.avro | btsbot score -
  $ btsbot score alerts/ | jq -r '[.candid, .scores[].score] | @tsv'

JSON Lines: one line for each alert, in order. An alert that a model cannot
score says why. An input that cannot be read gives a line with "error", the
others go on, and the exit status is 1. (Broken here to fit:)
  {"file":"a.avro","index":0,"objectId":"ZTF20aajcdad",
   "candid":"1127495406315015005","jd":2458881.0,"scores":{"btsbot-v1.0.1":
   {"status":"scored","score":0.9997,"flags":[...],"provenance":{...}}}}
  {"file":"b.avro","error":{"code":"avro-truncated","message":"..."}}

--real-bogus braai runs braai_d6_m9 on the stamps for the real/bogus score that
models read, instead of the packet's drb: for packets without it, or with that
of another release. First: btsbot models pull braai_d6_m9.

Table: the history is the packet's light curve. Time goes from left to right,
bright is up, v is an upper limit, the colors are the filters g, r and i.`,

  inspect: `
Examples:
  $ btsbot inspect packet.avro
  $ btsbot inspect packet.avro --png stamps.png
  $ btsbot inspect night.avro --index 12
  $ btsbot inspect night.tar.gz/1127495406315015004.avro
  $ btsbot inspect packet.avro --format json | jq .features.values.age`,

  parity: `
Examples:
  $ btsbot parity alerts/
  $ btsbot parity alerts/ --profile boom-2025
  $ btsbot parity night.avro --format jsonl | jq 'select(.outcome=="flipped")'

The same weights score every alert under the model's own feature profile and
under each of the others. The report says which features differ, how far the
score moves, what each difference does alone, and which decisions flip at 0.5.
boom-2025 also pads small stamps as BOOM did; that difference is "stamps".

JSON Lines: one line for each alert and profile, last a line with "summary".
An input that cannot be read gives a line with "error", as in btsbot score.`,

  golden: `
Examples:
  $ btsbot golden alerts/ > golden.jsonl
  $ btsbot golden alerts/ --model all --profile boom-2025 > golden.jsonl
  $ btsbot golden --check golden.jsonl alerts/
  $ btsbot golden --check theirs.jsonl alerts/ --score-tolerance 1e-3

A golden file holds features, checks of stamps and triplets, and scores, so
that any pipeline can be checked against this one: docs/formats.md. --check
compares what the file holds and tells every difference; what it leaves out is
not compared, and counted. Two numbers agree within a tolerance t if they
differ by no more than t times the greatest of 1 and both magnitudes.

Exit status of --check: 0 all agree, 1 something differs or cannot be read,
nothing was compared, or the file has a name that is not known here.`,

  simulate: `
Examples:
  $ btsbot simulate --nights 3 --sources 500 --seed 7 --out night/
  $ btsbot simulate --sources 50 --start 2460310.5 --out night/
  $ btsbot score night/ > scores.jsonl

Writes each packet to <candid>.avro, the schema to alert.avsc, and truth.csv:
objectId, label (1: a supernova or tidal disruption that peaks at 18.5 mag or
brighter), class, peakmag, peakjd, redshift, ra, dec, and when scanners saved it
and asked for a spectrum (saveJd, triggerJd). The same numbers give the
same bytes. What is simulated, and how near to real alerts it comes:
docs/simulation.md.`,

  train: `
Examples:
  $ btsbot simulate --nights 30 --sources 2000 --seed 7 --out night/
  $ btsbot train train.json --out run/
  $ BTSBOT_CACHE=run/models btsbot score night/ --model mine

train.json, the least that there is (@btsbot/train's README has every key):
  {"name": "mine", "model": {"architecture": "mmCnn", "size": 21},
   "data": [{"packets": "night", "truth": "night/truth.csv"}]}

Writes models/NAME (tfjs layers format), report.json (data, curves, figures),
report.html (the same for people) and checkpoint.bin. Run again, a training that
was interrupted goes on to what it would have come to at once.`,

  search: `
Examples:
  $ btsbot search search.json --out search/
  $ btsbot train search/best.json --out run/

search.json is a training's configuration with one more key:
  "search": {"space": "btsbot", "method": "halving", "trials": 27}

Writes search.json (every trial), best.json (a configuration to train with) and
a checkpoint of each trial. Run again, it goes on where it was.`,

  models: `
Examples:
  $ btsbot models list
  $ btsbot models pull all
  $ btsbot models show btsbot-v1.0.1
  $ btsbot models export btsbot-v1.0.1 --to model/ --format onnx`,

  modelsList: `
Examples:
  $ btsbot models list
  $ btsbot models list --format jsonl | jq -r 'select(.pulled) | .name'`,

  modelsPull: `
Examples:
  $ btsbot models pull
  $ btsbot models pull all
  $ btsbot models pull btsbot-v1.0.1 --from /media/mirror/models

The SHA-256 is checked. An interrupted pull leaves nothing half-written: run it
again.`,

  modelsShow: `
Examples:
  $ btsbot models show
  $ btsbot models show btsbot-v1.0`,

  modelsExport: `
Examples:
  $ btsbot models export btsbot-v1.0.1 --to model/
  $ btsbot models export btsbot-v1.0.1 --to model/ --format onnx

tfjs: model.json and weights.bin, for tf.loadLayersModel.
onnx: NAME.onnx, for onnxruntime in any language.
Inputs, float32: triplet (N, 63, 63, 3), the planes science, template and
difference; metadata (N, 25). btsbot models show says what the features are.`,
} as const;
