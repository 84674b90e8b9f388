import type { TunedPolicy, TuneGoal } from "@btsbot/evaluate";
import type { EvaluationOptions } from "../../evaluation/types.js";

/**
 * Options of `btsbot tune`, as commander gives them.
 *
 * @internal
 */
export interface TuneCommandOptions extends EvaluationOptions {
  readonly completeness?: number;
  readonly perNight?: number;
}

/**
 * A search and what it was made of.
 *
 * @internal
 */
export interface TuneRun {
  readonly options: TuneCommandOptions;
  readonly goal: TuneGoal;
  readonly result: TunedPolicy;
}
