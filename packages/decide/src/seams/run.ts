import type { OptionNames, Platform } from "@btsbot/errors";
import type { Clock } from "./clock.js";
import type { Decider, PlannedDecision } from "./decider.js";
import type { Judge, JudgedItem } from "./judge.js";
import type { Knowledge } from "./knowledge.js";
import type { OutboxEntry } from "./outbox.js";
import type { Sink } from "./sink.js";
import type { Source } from "./source.js";
import type { Store } from "./store.js";

/**
 * When decisions are reached: after each batch, for input that goes on; or at the end, for a set of alerts that belong
 * together, such as a night's files, so that their order does not show.
 */
export type Settling = "batch" | "end";

/** What a run is made of. */
export interface RunOptions {
  /** Where alerts come from. */
  readonly source: Source;
  /** What filters and scores them. */
  readonly judge: Judge;
  /** What decides. */
  readonly decider: Decider;
  /** Where it is kept. */
  readonly store: Store;
  /** Where decisions and actions go; what has no sink waits in the store. */
  readonly sinks?: readonly Sink[];
  /** Now. */
  readonly clock: Clock;
  /** What others know; nothing by default. */
  readonly knowledge?: Knowledge;
  /** When decisions are reached: `batch` by default. */
  readonly settle?: Settling;
  /** Ends the run in order: after the batch in hand; where decisions are reached at the end, with none. */
  readonly signal?: Platform<"AbortSignal">;
  /** Shown each batch as it was judged, before anything is kept: for progress, and for whoever reports what cannot be read. */
  readonly onJudged?: (judged: readonly JudgedItem[]) => void;
  /**
   * What is handed over of a batch beside decisions and actions, such as alerts with their scores, or what could not be
   * read: entries are kept with what the batch changes, and go to the sinks of their kinds. Nothing by default.
   */
  readonly announce?: (judged: readonly JudgedItem[]) => readonly OutboxEntry[];
  /**
   * Shown decisions as they are reached, before they are kept; once more where the store could not keep the batch beside
   * what others kept, and it was done again.
   */
  readonly onDecided?: (decisions: readonly PlannedDecision[]) => void;
}

/**
 * The names of {@link RunOptions}.
 *
 * @internal
 */
export const RUN_OPTIONS: OptionNames<RunOptions> = {
  source: "object!",
  judge: "function!",
  decider: "object!",
  store: "object!",
  sinks: "list",
  clock: "function!",
  knowledge: "object",
  settle: "string",
  signal: "object",
  onJudged: "function",
  announce: "function",
  onDecided: "function",
};

/** What a run did. */
export interface RunCounts {
  /** Alerts that were read. */
  readonly alerts: number;
  /** Those that the filter let through. */
  readonly passed: number;
  /** Those with a score. */
  readonly scored: number;
  /** Inputs that could not be read or judged. */
  readonly failed: number;
  /** Decisions, those that only moved among them. */
  readonly decisions: number;
  /** Entries that sinks took. */
  readonly done: number;
  /** Entries that sinks refused. */
  readonly refused: number;
  /** Entries that are to be handed over again. */
  readonly waiting: number;
}
