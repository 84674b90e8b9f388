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

The filter comes first; what it rejects is not scored. bts-production passes
what the survey's own broker does; others: bts-2020, bts-simplified, acai-paper,
acai-fritz, none (an unknown name lists them all). If a filter needs the scores
of other models, those run too. Policies count the alerts of a source that pass,
one for each time and filter (--counted-by candids: each id). A name with a dot
or a slash is a JSON file.

JSON Lines, once all is read: a line for each decision, by date. (Wrapped here:)
  {"objectId":"ZTF20aajcdad","candid":"1127536316315015004",
   "jd":2458882.0363194,"policy":"bts_p1","action":"trigger","priority":1,
   "reasons":["2 of 2 ..."],"alerts":[...],"key":"ZTF20aajcdad/bts_p1"}
With --rules each has "plan": what to save and request, and what not, with keys.
With --portal, the configuration of btsbot send, SkyPortal is asked what speaks
against it. Where SkyPortal does not answer, nothing is decided.
Forms are dated by --now; for a night long past, give that night.
An input that cannot be read gives a line with "error", as in btsbot score.

On standard input that is not a file, alerts come live: their decisions fall as
they come, a batch of them at a time that no alert waits for longer than
--max-wait, and a late alert may move one. SIGINT and SIGTERM end the run in
order: live, with what was said kept; of files, with nothing decided.

--history, with --state: features are made of all that the state has of a light
curve, as the training made them, and not of the packet's 30 days alone. The
filter sees the packet. An alert's light curve is what earlier runs kept, what
this run read before it, and what of its own batch of 256 passed and is not
later: if alerts come by date, neither files nor batches matter. One thread
scores.

--state keeps in a folder what policies counted and what was requested: a run
continues where the last one ended, whatever the order of the alerts, and says
nothing twice. A run over files that was killed has left its place, even inside
an archive: the same command goes on behind it and scores nothing again.
Decisions fall when all is read, in the same bytes as if there had been one run.
Files that have changed, or another model, filter or policy, are read from the
beginning; so are pipes. An earlier alert that arrives late may move a decision,
which is then repeated with "revised" and the action "none". What was decided
and not taken is printed first by the next run. Of two runs at once on one
folder, the second waits. postgresql://USER@HOST:PORT/DATABASE keeps it in
PostgreSQL; the password comes from PGPASSWORD or PGPASSFILE, never from the
address. With another model, filter or policy a run goes on from what was
counted, and says what is different. A state.jsonl of an earlier version is
taken over once.

Exit status: 0 done; 1 some input could not be read, or output not written, or
the state is in use, damaged or not writable; 2 wrong usage, or a model,
policy, filter or file of rules that is not available.`;
