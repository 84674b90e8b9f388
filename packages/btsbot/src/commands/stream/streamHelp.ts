/**
 * What stands below the options of `btsbot stream`.
 *
 * @internal
 */
export const STREAM_HELP = `
Examples:
  $ btsbot stream night.yaml --check
  $ btsbot stream night.yaml

The configuration, at its shortest:
  kafka: { brokers: ["127.0.0.1:9092"] }
  input: { pattern: "^ztf_[0-9]{8}_programid1$" }
  output: { alerts: { topic: scores }, decisions: { topic: decisions } }
  store: ./night

What else it may hold is in docs/live.md. Secrets stand in the environment
alone: the configuration names their variables (usernameFrom, passwordFrom).

Alerts go through the filter, the model and the policies of decide; the state
is kept in the folder of the store, with how far each partition was read.
Readers of committed messages get each enriched alert and each decision once,
whatever dies when. Alerts that are not public (ZTF's programid 2 and 3) are
dropped as they are read, unless input.programs says otherwise.

It logs lines of JSON to standard output. With http, /healthz, /readyz and
/metrics are answered, on loopback unless a host is named. SIGTERM and SIGINT
stop it in order within graceMs; a broker that is not there is waited for.

Exit status: 0 done, where input.until is end; 143 or 130 stopped in order by
a signal; 1 the store or a topic is not to be used; 2 wrong configuration, or
a model that is not available.`;
