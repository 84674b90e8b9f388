import type { JudgedItem, PlannedDecision } from "@btsbot/decide";
import type { KafkaMessage } from "@btsbot/stream";
import { Counter, Gauge, Histogram, Registry } from "prom-client";

/** Seconds: from one packet to a batch of a slow model. */
const JUDGE_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Seconds: a second is the promise; hours are a backlog. */
const LATENCY_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600, 3600];

/** What is asked when metrics are read. */
interface MetricSources {
  /** How many entries wait, by kind. */
  readonly pending: () => Promise<ReadonlyMap<string, number>>;
  /** How many messages are to be read yet, by topic; the broker may not be there to ask. */
  readonly lag: () => Promise<ReadonlyMap<string, number>>;
}

/**
 * What a stream counts, under Prometheus's names.
 *
 * @internal
 */
export interface StreamMetrics {
  readonly registry: Registry;
  readonly onJudged: (judged: readonly JudgedItem[]) => void;
  readonly onDecided: (decisions: readonly PlannedDecision[]) => void;
  readonly onWithheld: (count: number) => void;
  readonly onMessages: (messages: readonly KafkaMessage[]) => void;
  /** How long a batch was judged, s. */
  readonly onJudgeTime: (seconds: number) => void;
  /** What was taken was handed over, ms since 1970. */
  readonly onHandedOver: (nowMs: number) => void;
  readonly setReachable: (isReachable: boolean) => void;
}

/**
 * Makes the counters.
 *
 * @internal
 */
export function createStreamMetrics(model: string, { pending, lag }: MetricSources): StreamMetrics {
  const registry = new Registry();
  const registers = [registry];
  const counter = <T extends string>(name: string, help: string, labelNames: readonly T[] = []): Counter<T> =>
    new Counter({ name, help, labelNames: [...labelNames], registers });
  const alerts = counter("btsbot_alerts_total", "Alerts that were read.");
  const rejected = counter("btsbot_rejected_total", "Alerts that the filter rejected.");
  const scored = counter("btsbot_scores_total", "Alerts with a score.", ["model"]);
  const unscored = counter("btsbot_unscored_total", "Alerts without a score, by the first reason.", [
    "model",
    "reason",
  ]);
  const failures = counter("btsbot_failures_total", "Messages that could not be read or judged.", ["code"]);
  const withheld = counter("btsbot_withheld_total", "Alerts of programmes that are not taken.");
  const decided = counter("btsbot_decisions_total", "Decisions.", ["policy", "action"]);
  const judgeTime = histogram("btsbot_judge_seconds", "Time to filter and score a batch.", JUDGE_BUCKETS);
  const latency = histogram("btsbot_latency_seconds", "Time from a message to its enriched alert.", LATENCY_BUCKETS);
  const reachable = new Gauge({ name: "btsbot_reachable", help: "1 while the broker can be reached.", registers });
  gauge("btsbot_outbox_pending", "Entries that wait to be handed over; at most 1000 are counted.", "kind", pending);
  gauge("btsbot_lag_messages", "Messages that are still to be read.", "topic", lag);
  let inHand: number[] = [];
  return {
    registry,
    onJudged(judged) {
      for (const item of judged) {
        if ("error" in item) failures.inc({ code: item.error.code });
        else {
          alerts.inc();
          if (item.filtered?.pass === false) rejected.inc();
          if (item.result?.status === "scored") scored.inc({ model });
          if (item.result?.status === "unscored") unscored.inc({ model, reason: item.result.reasons[0]?.code ?? "" });
        }
      }
    },
    onDecided(decisions) {
      for (const { decision } of decisions) decided.inc({ policy: decision.policy, action: decision.action });
    },
    onWithheld: (count) => withheld.inc(count),
    onMessages(messages) {
      inHand.push(...messages.flatMap(({ timestampMs }) => timestampMs ?? []));
    },
    onJudgeTime: (seconds) => judgeTime.observe(seconds),
    onHandedOver(nowMs) {
      for (const timestampMs of inHand) latency.observe(Math.max(0, nowMs - timestampMs) / 1000);
      inHand = [];
    },
    setReachable: (isReachable) => reachable.set(isReachable ? 1 : 0),
  };

  function histogram(name: string, help: string, buckets: number[]): Histogram {
    return new Histogram({ name, help, buckets, registers });
  }

  function gauge(name: string, help: string, label: string, ask: () => Promise<ReadonlyMap<string, number>>): void {
    new Gauge({
      name,
      help,
      labelNames: [label],
      registers,
      async collect() {
        this.reset();
        for (const [value, count] of await ask().catch(() => new Map<string, number>()))
          this.set({ [label]: value }, count);
      },
    });
  }
}
