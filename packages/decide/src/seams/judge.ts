import type { ModelResult } from "@btsbot/core";
import type { FilterResult } from "@btsbot/policy";
import type { History } from "./history.js";
import type { SourceFailure, SourcedAlert } from "./source.js";

/** An alert with what the filter and, where it passes, the model say of it. */
export interface JudgedAlert extends SourcedAlert {
  /** Absent without a filter. */
  readonly filtered?: FilterResult;
  /** Absent where the filter rejects the alert. */
  readonly result?: ModelResult;
}

/** One input, judged; or why it is not. */
export type JudgedItem = JudgedAlert | SourceFailure;

/**
 * Filters and scores alerts: one outcome each, in order. What it throws ends the run; what is wrong with one alert is
 * that alert's failure. Of a run it is given the light curves that are kept by then, those of the run itself among them.
 */
export type Judge = (alerts: readonly SourcedAlert[], history?: History) => Promise<readonly JudgedItem[]>;
