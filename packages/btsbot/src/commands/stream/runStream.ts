import { setTimeout } from "node:timers/promises";
import { runDecisions } from "@btsbot/decide";
import type { Judge, PlannedDecision, Sink } from "@btsbot/decide";
import { BtsbotError } from "@btsbot/errors";
import { dateToJd } from "@btsbot/sky";
import { openStore } from "@btsbot/store";
import type { SqlStore } from "@btsbot/store";
import { announceAlerts } from "@btsbot/stream";
import type { Logger } from "pino";
import { deciderOf } from "../../deciding/decideSetup.js";
import { makerOf } from "../../deciding/makerOf.js";
import { withTnsNames } from "../../portal/tnsNames.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { EXIT } from "../../terminal/exitStatus.js";
import { openStreamPortal } from "./openStreamPortal.js";
import { openRegistry } from "./openClient.js";
import { openSinks } from "./openSinks.js";
import { openSource } from "./openSource.js";
import { openStreamJudge } from "./openStreamJudge.js";
import { outboxId } from "./outboxId.js";
import { serveHealth } from "./serveHealth.js";
import { createStreamMetrics } from "./streamMetrics.js";
import type { StreamMetrics } from "./streamMetrics.js";
import { outputsOf } from "./streamTopics.js";
import type { StreamParts } from "./streamParts.js";
import { createLag, tellNotice } from "./streamNotices.js";

/** Entries that are counted as waiting, at most. */
const MOST_PENDING = 1000;

/**
 * Runs a stream until it is told to stop, or something is wrong that waiting does not mend.
 *
 * @returns the exit status: 1 where it was not done within the time that it has to stop
 *
 * @internal
 */
export async function runStream(parts: StreamParts, terminal: Terminal): Promise<number> {
  const { config, setup, log } = parts;
  const store = await openStore(config.store);
  const closing: (() => Promise<unknown>)[] = [() => store.close()];
  const close = async (): Promise<void> => {
    for (const each of closing.splice(0).reverse()) await each();
  };
  try {
    for (const change of await store.adopt(makerOf(setup))) log.warn({ event: "adopted" }, change);
    const run = await openRun(parts, store, closing, terminal);
    const ended = run().then(
      () => "done" as const,
      (error: unknown) => ({ error }),
    );
    const outcome = await Promise.race([ended, lateness(config.graceMs, terminal.signal)]);
    if (outcome === "late") {
      log.error({ event: "late" }, "not done within the time to stop: what is left is done by the next run");
      return EXIT.unreadable;
    }
    await close();
    if (outcome !== "done") throw outcome.error;
    log.info({ event: "stopped" }, "all that was read is kept, and what was to be sent is sent");
    return EXIT.ok;
  } catch (error) {
    log.fatal({ event: "failed", ...(error instanceof BtsbotError && { code: error.code }) }, String(error));
    // What is left open, such as a server, would keep the process alive. What came first says why.
    await close().catch(() => undefined);
    throw error;
  }
}

/** Opens all that a run needs; the run is what is given back. */
async function openRun(
  parts: StreamParts,
  store: SqlStore,
  closing: (() => Promise<unknown>)[],
  terminal: Terminal,
): Promise<() => Promise<unknown>> {
  const { config, setup, client, log } = parts;
  const { signal, now } = terminal;
  const portal = await openStreamPortal(parts, store, terminal);
  const kinds = [...outputsOf(config).keys(), ...(portal === undefined ? [] : ["action" as const])];
  const lag = createLag(client);
  const metrics = createStreamMetrics(setup.model.definition.name, {
    lag: lag.count,
    pending: async () => {
      const counts = new Map<string, number>();
      for (const kind of kinds) counts.set(kind, (await store.pending(kind, { limit: MOST_PENDING })).length);
      return counts;
    },
  });
  const state = { isReading: false };
  const onNotice = tellNotice(log, (isReachable) => {
    state.isReading = isReachable;
    metrics.setReachable(isReachable);
  });
  if (config.http !== undefined) {
    const server = await serveHealth(config.http, { registry: metrics.registry, isReady: () => state.isReading });
    closing.push(() => server.close());
    log.info({ event: "listening", address: server.address }, "health and metrics");
  }
  const registry = openRegistry(config, terminal);
  const outbox = config.outbox ?? (await outboxId(store));
  const sinks = openSinks({ config, client, outbox, onNotice, ...(registry && { registry }) });
  closing.push(...sinks.map((sink) => () => sink.close()));
  const judge = await openStreamJudge(setup, config.decide.history ? store : undefined, closing);
  const source = await openSource(config, {
    client,
    store,
    onNotice,
    onWithheld: metrics.onWithheld,
    onMessages(messages) {
      lag.see(messages);
      if (kinds.includes("alert")) metrics.onMessages(messages);
    },
    ...(registry && { registry }),
  });
  return async () => {
    if (!(await makeTopics(parts, onNotice, signal))) return;
    const sending = portal?.send();
    await runDecisions({
      source,
      judge: timed(judge, metrics),
      decider: deciderOf(setup),
      store,
      sinks: sinks.map((sink) => (sink.kind === "alert" ? watched(sink, () => metrics.onHandedOver(now())) : sink)),
      announce: (judged) => announceAlerts(judged).filter(({ kind }) => kinds.includes(kind)),
      clock: () => dateToJd(now()),
      ...(setup.rules && { knowledge: withTnsNames(store, portal?.knowledge) }),
      ...(signal && { signal }),
      onJudged(judged) {
        metrics.onJudged(judged);
        for (const item of judged)
          if ("error" in item)
            log.warn(
              { event: "unreadable", place: item.file, index: item.index, code: item.error.code },
              item.error.message,
            );
      },
      onDecided(decisions) {
        metrics.onDecided(decisions);
        tellDecisions(log, decisions);
      },
    }).finally(() => portal?.finish());
    await sending;
  };
}

function tellDecisions(log: Logger, decisions: readonly PlannedDecision[]): void {
  for (const { decision } of decisions) {
    const { objectId, policy, action, candid, reasons } = decision;
    log.info({ event: "decision", objectId, policy, action, candid: String(candid) }, reasons.join("; "));
  }
}

function timed(judge: Judge, { onJudgeTime }: StreamMetrics): Judge {
  return async (...given) => {
    const start = performance.now();
    const judged = await judge(...given);
    onJudgeTime((performance.now() - start) / 1000);
    return judged;
  };
}

/** Topics that are written to are made where they are not; false where it was told to stop first. */
async function makeTopics(
  { config, client }: StreamParts,
  onNotice: ReturnType<typeof tellNotice>,
  signal: Terminal["signal"],
): Promise<boolean> {
  const wanted = new Map([...outputsOf(config).values()].map((topic) => [topic, config.output.partitions]));
  for (let againMs = 200; signal?.aborted !== true; againMs = Math.min(2 * againMs, 10_000)) {
    try {
      await client.createTopics(wanted);
      return true;
    } catch (error) {
      if (!(error instanceof BtsbotError) || error.code !== "broker-unreachable") throw error;
      onNotice({ kind: "unreachable", error, againMs });
      await setTimeout(againMs, undefined, { ...(signal && { signal }) }).catch(() => undefined);
    }
  }
  return false;
}

/** A sink whose taking is told. */
function watched(sink: Sink, onTaken: () => void): Sink {
  return {
    ...sink,
    async take(entries, signal) {
      const answers = await sink.take(entries, signal);
      onTaken();
      return answers;
    },
  };
}

/** Once it was told to stop, and the time for that is over. */
function lateness(graceMs: number, signal: Terminal["signal"]): Promise<"late"> {
  return new Promise((resolve) => {
    const start = (): void => void setTimeout(graceMs, undefined, { ref: false }).then(() => resolve("late"));
    if (signal?.aborted === true) start();
    else signal?.addEventListener("abort", start, { once: true });
  });
}
