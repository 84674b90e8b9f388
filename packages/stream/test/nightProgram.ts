import { crashPoints } from "../../../test/support/crashPoints.js";

/** Where a consumer may die: before and after each call of each seam. */
export const SEAMS = ["place", "judge", "begin", "save", "commit", "marker", "send", "answer"] as const;

/** What a consumer is told. */
export interface NightSettings {
  readonly broker: string;
  readonly topic: string;
  /** Topics of enriched alerts, decisions and failures. */
  readonly out: { readonly alert: string; readonly decision: string; readonly failure: string };
  /** Folder of the store, or its address. */
  readonly folder: string;
  readonly group: string;
  readonly outbox: string;
  /** Goes on until it is told to stop (SIGTERM), and not to the end of what is there. */
  readonly goesOn?: true;
  /** At which point it dies, such as `after commit`; none by default. */
  readonly point?: string;
  /** The how manieth time that it comes there. */
  readonly times?: number;
}

/**
 * The program of a consumer: the loop over a topic until its end, with a store in SQLite and topics out. Its judge is a
 * stub that knows a score by the alert's id.
 *
 * @param settings - what it is told
 * @param root - the project's folder, with a slash at the end
 */
export function nightProgram(settings: NightSettings, root: string): string {
  const of = (name: string): string => JSON.stringify(`${root}packages/${name}/dist/index.js`);
  return `
    import kafkajs from "kafkajs";
    const { openStore } = await import(${of("store")});
    const { createDecider, runDecisions } = await import(${of("decide")});
    const { getPolicy } = await import(${of("policy")});
    const stream = await import(${of("stream")});
    const settings = ${JSON.stringify(settings)};
    ${crashPoints("settings.point", "settings.times ?? 1")}
    const real = stream.createKafkajsClient(kafkajs, { brokers: [settings.broker] });
    const client = {
      ...real,
      committed: at("marker", real.committed),
      openReader: (options) => real.openReader({ ...options, place: at("place", options.place) }),
      openSender: async (id) => {
        const sender = await real.openSender(id);
        return { ...sender, send: at("send", sender.send) };
      },
    };
    const kept = await openStore(settings.folder);
    const begin = async (...options) => {
      const unit = await kept.begin(...options);
      return { ...unit, save: at("save", unit.save), commit: at("commit", unit.commit) };
    };
    const store = { ...kept, begin: at("begin", begin), answer: at("answer", kept.answer) };
    const { topic, group, outbox, out } = settings;
    const encoders = { alert: stream.createEnrichedEncoder(), decision: stream.encodeJson, failure: stream.encodeFailure };
    const sinks = Object.entries(encoders).map(([kind, encode]) =>
      stream.createKafkaSink({ client, kind, topic: out[kind], outbox, encode }));
    const provenance = { model: "stub" };
    const judge = at("judge", async (all) => all.map((each) => {
      const score = Number(each.alert.candid % 97n) / 96;
      return { ...each, result: { status: "scored", score, flags: [], provenance } };
    }));
    const stop = new AbortController();
    process.on("SIGTERM", () => stop.abort());
    await runDecisions({
      signal: stop.signal,
      source: stream.createKafkaSource({
        client, topics: [topic], group, store, ...(!settings.goesOn && { until: "end" }), maxMessages: 12, maxWaitMs: 5, sessionMs: 600,
      }),
      judge,
      decider: createDecider({ policies: ["gt1", "gt2", "bts_p2"].map((name) => getPolicy(name)) }),
      announce: stream.announceAlerts,
      store,
      sinks,
      clock: () => 2460010,
    });
    for (const sink of sinks) await sink.close();
    await kept.close();
    await real.close();
  `;
}
