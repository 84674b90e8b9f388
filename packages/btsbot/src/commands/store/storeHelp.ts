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

A store is a folder with btsbot.db, a single SQLite file, or a database of
PostgreSQL: postgresql://USER@HOST:PORT/DATABASE. An address with a password is
refused, as others could read it: give it in PGPASSWORD, or in the file that
PGPASSFILE names.`,

  info: `
Examples:
  $ btsbot store info run/
  $ btsbot store info run/ --format json | jq .outbox

A run may go on meanwhile.`,

  export: `
Examples:
  $ btsbot store export run/ --table points > points.jsonl
  $ btsbot store export run/ --table outbox | jq 'select(.state == "refused")'

One line of JSON for each row, ids as texts. Without --non-public, what is not
public is left out (ZTF's programid 2 and 3): such points and alerts, and rows
of sources and of the outbox that may rest on them. A run may go on meanwhile.`,

  prune: `
Examples:
  $ btsbot store prune run/ --before 2026-01-01
  $ btsbot store prune run/ --before 2461041.5

Removes light curves, alerts, scores and stamps of sources that were last seen
before that time; a time in the future is refused. What policies remember,
labels and what was asked for stay: nothing is asked for twice.`,

  import: `
Examples:
  $ btsbot store import run/
  $ btsbot store import new/ --from run/
  $ btsbot store import postgresql://bts@db/bts --from run/

Takes over what earlier versions kept (state.jsonl), once, into an empty store.
The file stays as it is. What had been printed counts as done.`,
} as const;
