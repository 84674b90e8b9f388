/**
 * What stands below the options of `btsbot store` and of its commands.
 *
 * @internal
 */
export const STORE_HELP = {
  store: `
Examples:
  $ btsbot store info run/
  $ btsbot store export run/ --table points > points.jsonl
  $ btsbot store prune run/ --before 2026-01-01
  $ btsbot store import run/

FOLDER is a folder with a store: btsbot.db, one file of SQLite.`,

  info: `
Examples:
  $ btsbot store info run/
  $ btsbot store info run/ --format json | jq .outbox

A run may go on meanwhile.`,

  export: `
Examples:
  $ btsbot store export run/ --table points > points.jsonl
  $ btsbot store export run/ --table outbox | jq 'select(.state == "refused")'

One line of JSON a row, ids as texts. Without --non-public, what is not public
is left out (ZTF's programid 2 and 3): such points and alerts, and rows of
sources and of the outbox that may rest on them. A run may go on meanwhile.`,

  prune: `
Examples:
  $ btsbot store prune run/ --before 2026-01-01
  $ btsbot store prune run/ --before 2461041.5

Removes light curves, alerts, scores and stamps of sources that were last seen
before; a time in the future is refused. What policies remember, labels and what
was asked for stay: nothing is asked for twice.`,

  import: `
Examples:
  $ btsbot store import run/
  $ btsbot store import new/ --from run/

Takes over what earlier versions kept (state.jsonl), once, into an empty store.
The file stays as it is. What had been printed counts as done.`,
} as const;
