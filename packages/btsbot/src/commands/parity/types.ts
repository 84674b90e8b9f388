import type { JobOptions } from "../../inputs/inputOptions.js";
import type { InputOptions } from "../../inputs/readInputOptions.js";

/**
 * Options of `btsbot parity`, as commander gives them.
 *
 * @internal
 */
export interface ParityOptions extends InputOptions, JobOptions {
  readonly model?: string;
  readonly profile: readonly string[];
  readonly format: "text" | "jsonl";
  readonly batch?: number;
}
