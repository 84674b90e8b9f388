import type { Survey } from "./Survey.js";
import { ZTF } from "./ztf/ztf.js";

/**
 * The surveys whose packets are read without being told. The first says what is missing in a document of no known
 * survey.
 *
 * @example
 * ```ts
 * import { SURVEYS } from "@btsbot/alert";
 *
 * SURVEYS.map(({ name }) => name); // => ["ztf"]
 * ```
 */
export const SURVEYS: readonly [Survey, ...Survey[]] = [ZTF];
