import type { ExclusionName, ExclusionOptions, SourceTruth } from "@btsbot/evaluate";
import type { CountedBy } from "@btsbot/policy";
import type { Scores } from "./readScores.js";

/**
 * Options that `btsbot backtest` and `btsbot tune` share, as commander gives them.
 *
 * @internal
 */
export interface EvaluationOptions {
  readonly scores: string;
  readonly truth: string;
  readonly model?: string;
  readonly scoreColumn?: string;
  readonly keep: readonly ExclusionName[];
  readonly countedBy?: CountedBy;
  readonly format?: "table" | "json";
  readonly report?: string;
  readonly json?: string;
}

/**
 * What is evaluated.
 *
 * @internal
 */
export interface Evaluated {
  readonly scores: Scores;
  readonly truth: readonly SourceTruth[];
  readonly exclude: ExclusionOptions;
}
