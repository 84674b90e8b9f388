/**
 * What stands below the options of `btsbot train`.
 *
 * @internal
 */
export const TRAIN_HELP = `
Examples:
  $ btsbot simulate --nights 30 --sources 2000 --seed 7 --out night/
  $ btsbot train train.json --out run/
  $ BTSBOT_CACHE=run/models btsbot score night/ --model mine

The shortest train.json (the README of @btsbot/train lists every key):
  {"name": "mine", "model": {"architecture": "mmCnn", "size": 21},
   "data": [{"packets": "night", "truth": "night/truth.csv"}]}

--profile FILE: the network reads the features of this profile in place of the
paper's. README of @btsbot/features, "Your own profile", has what it can say.

Writes models/NAME (tfjs layers format), report.json (data, curves, figures),
report.html (the same for people) and checkpoint.bin. Run again, an
interrupted training continues, and ends as if it had never stopped.`;
