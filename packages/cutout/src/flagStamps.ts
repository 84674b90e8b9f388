import { LEAST_FLOAT32 } from "./constants.js";
import type { Stamps } from "./types.js";

/** The packet's name of each stamp. */
const FIELDS = { science: "cutoutScience", template: "cutoutTemplate", difference: "cutoutDifference" } as const;

/**
 * Names the stamps that can be scored and hold something in place of a missing value: pixels of the
 * least float32, which some reference images have where others have NaN. Training took them as numbers;
 * after the norm every other pixel of such a stamp is 0.
 *
 * @param stamps - the three stamps, pixels as stored
 * @returns flags such as `stamp-least-float:cutoutTemplate`; none for clean stamps
 *
 * @example
 * ```ts
 * import { flagStamps } from "@btsbot/cutout";
 *
 * const clean = { width: 1, height: 1, pixels: Float32Array.of(1) };
 * const template = { width: 1, height: 1, pixels: Float32Array.of(-3.4028234663852886e38) };
 * flagStamps({ science: clean, template, difference: clean }); // => ["stamp-least-float:cutoutTemplate"]
 * ```
 */
export function flagStamps(stamps: Stamps): string[] {
  const names = Object.keys(FIELDS) as (keyof Stamps)[];
  return names
    .filter((name) => stamps[name].pixels.includes(LEAST_FLOAT32))
    .map((name) => `stamp-least-float:${FIELDS[name]}`);
}
