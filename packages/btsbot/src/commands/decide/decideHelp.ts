/**
 * What stands below the options of `btsbot decide`.
 *
 * @internal
 */
export const DECIDE_HELP = `
Examples:
  $ btsbot decide alerts/
  $ btsbot decide tonight/ --state run/ >> decisions.jsonl
  $ btsbot decide alerts/ --filter bts-2020 --policy gt3 --policy mine.json
  $ btsbot decide alerts/ --rules followup.json | jq -c '.plan[]'
  $ btsbot decide alerts/ --explain ZTF20aajcdad

The filter looks first, and what it rejects is not scored. bts-production is
what the survey's own broker lets through; others: bts-2020, bts-simplified,
acai-paper, acai-fritz, none (a name that is not known lists them all). Models
whose scores a filter asks for are run as well. Policies count the alerts of a
source that pass, those of one time and filter once (--counted-by candids: each
id). A name with a dot or a slash is a file of JSON.

JSON Lines, when all is read: a line for each decision, by date. (Broken here:)
  {"objectId":"ZTF20aajcdad","candid":"1127536316315015004",
   "jd":2458882.0363194,"policy":"bts_p1","action":"trigger","priority":1,
   "reasons":["2 of 2 ..."],"alerts":[...],"key":"ZTF20aajcdad/bts_p1"}
With --rules each has "plan": what to save, ask for, and what not, with keys.
Forms are dated by --now; for a night long past give that night.
An input that cannot be read gives a line with "error", as in btsbot score.

--state keeps in a folder what policies counted and what was asked for: a run
goes on where the last one ended, in whatever order alerts come, and says
nothing twice. An earlier alert that comes late may move a decision: it comes
again with "revised" and the action "none". The state is written after the
lines: a run that is stopped may repeat lines, with the same keys, and loses
none. Two runs at once on one folder: the second is refused.

Exit status: 0 done; 1 some input could not be read, the output not be written
(then the state stays as it was), or the state is in use, damaged or cannot be
written; 2 wrong usage, a model that is not here, or a
state that was made by another model, filter or policies.`;
