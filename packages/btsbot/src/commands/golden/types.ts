import type { InputOptions } from "../../inputs/readInputOptions.js";

/**
 * Options of `btsbot golden`, as commander gives them.
 *
 * @internal
 */
export interface GoldenOptions extends InputOptions {
  readonly check?: string;
  readonly model: readonly string[];
  readonly profile: readonly string[];
  readonly featureTolerance?: number;
  readonly tripletTolerance?: number;
  readonly scoreTolerance?: number;
  readonly format: "text" | "jsonl";
}
