import type { ModelResult, ScoredAlert } from "./types.js";

/** A {@link ScoredAlert} as JSON: the id, which JSON numbers cannot hold, is a string. */
export interface JsonResult {
  /** The source's name. */
  readonly objectId: string;
  /** The alert's id, all digits. */
  readonly candid: string;
  /** Julian date of the alert, days UTC. */
  readonly jd: number;
  /** The results by model name. */
  readonly scores: Readonly<Record<string, ModelResult>>;
}

/**
 * Makes a result that `JSON.stringify` writes without loss.
 *
 * @param result - what the models say of one alert
 * @returns the same, `candid` as a string
 *
 * @example
 * ```ts
 * import { toJsonResult } from "@btsbot/core";
 *
 * toJsonResult({ objectId: "ZTF20aajcdad", candid: 1127495406315015005n, jd: 2458881, scores: {} }).candid;
 * // => "1127495406315015005"
 * ```
 */
export function toJsonResult(result: ScoredAlert): JsonResult {
  const { objectId, candid, jd, scores } = result;
  return { objectId, candid: candid.toString(), jd, scores };
}
