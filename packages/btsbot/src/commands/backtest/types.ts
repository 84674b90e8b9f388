import type { Backtest } from "@btsbot/evaluate";
import type { Policy } from "@btsbot/policy";
import type { Evaluated, EvaluationOptions } from "../../evaluation/types.js";

/**
 * A backtest and what it was made of.
 *
 * @internal
 */
export interface BacktestRun {
  readonly options: EvaluationOptions;
  readonly policies: readonly Policy[];
  readonly input: Evaluated;
  readonly result: Backtest;
}
