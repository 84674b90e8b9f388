import { hashKeys } from "@btsbot/chance";
import type { Split } from "./types.js";

/** Parts of the sources: 90 % are for development, 90 % of those for training. */
const TRAIN = 0.81;
const VALIDATION = 0.09;

/**
 * Says to which part of the training set a source belongs: 81 % train, 9 % validation, 10 % test, by a
 * hash of its name. All alerts of a source are in one part, and a source stays in its part when others
 * are added.
 *
 * @param objectId - the source's name
 * @param seed - another whole number gives another division; 0 by default
 * @returns the part
 *
 * Source: Rehemtulla et al. 2024, ApJ 972, 7, section 2, whose parts are drawn by chance.
 *
 * @example
 * ```ts
 * import { assignSplit } from "@btsbot/train";
 *
 * assignSplit("ZTF20aajcdad") === assignSplit("ZTF20aajcdad"); // => true
 * ```
 */
export function assignSplit(objectId: string, seed = 0): Split {
  const part = hashKeys(seed, "split", objectId) / 2 ** 32;
  if (part < TRAIN) return "train";
  return part < TRAIN + VALIDATION ? "validation" : "test";
}
