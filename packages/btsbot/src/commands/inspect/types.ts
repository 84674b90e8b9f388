import type { InputOptions } from "../../inputs/readInputOptions.js";

/**
 * Options of `btsbot inspect`.
 *
 * @internal
 */
export interface InspectOptions extends InputOptions {
  readonly index?: number;
  readonly png?: string;
  readonly format: "text" | "json";
}
