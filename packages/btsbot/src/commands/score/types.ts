import type { JobOptions } from "../../inputs/inputOptions.js";
import type { InputOptions } from "../../inputs/readInputOptions.js";
import type { FileOutcome } from "../../inputs/scoreInputs.js";

/**
 * What takes the outcomes.
 *
 * @internal
 */
export interface OutcomeWriter {
  write(outcome: FileOutcome): void;
  /** After the last outcome; `counts` is one line for people. */
  end(counts: string): void;
}

/**
 * Options of `btsbot score`, as commander gives them.
 *
 * @internal
 */
export interface ScoreOptions extends InputOptions, JobOptions {
  readonly model: readonly string[];
  /** Files of feature profiles that the models name. */
  readonly profile?: readonly string[];
  readonly format?: "table" | "jsonl";
  readonly batch?: number;
  /** A file of an earlier run's lines, behind which this one goes on. */
  readonly resume?: string;
  /** What gives the real/bogus score that models read: the packet's drb, or braai, run on the stamps. */
  readonly realBogus?: "packet" | "braai";
}
