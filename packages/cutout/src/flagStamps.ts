import type { FlagCode } from "@btsbot/errors";
import { DEFAULT_PLANES, GREATEST_PIXEL, LEAST_FLOAT32, STAMP_FIELDS } from "./constants.js";
import type { Stamps } from "./types.js";

/**
 * Names the stamps that can be scored and hold something in place of a missing value: pixels of the
 * least float32, which some reference images have where others have NaN. Training took them as numbers;
 * after the norm every other pixel of such a stamp is 0. So do pixels that no detector gives, by orders of
 * magnitude, as those of bytes in another order: they are named too.
 *
 * @param stamps - the stamps, pixels as stored; one that is not there has no flags
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
export function flagStamps(stamps: Partial<Stamps>): string[] {
  return DEFAULT_PLANES.flatMap((name) => {
    const stamp = stamps[name];
    return stamp === undefined ? [] : findFlags(stamp.pixels).map((flag) => `${flag}:${STAMP_FIELDS[name]}`);
  });
}

function findFlags(pixels: Float32Array): FlagCode[] {
  let [isLeast, isOutside] = [false, false];
  for (let index = 0; index < pixels.length; index += 1) {
    const value = pixels[index];
    // Of NaN neither holds.
    if (value === LEAST_FLOAT32) isLeast = true;
    else if (value > GREATEST_PIXEL || value < -GREATEST_PIXEL) isOutside = true;
  }
  return [...(isLeast ? ["stamp-least-float" as const] : []), ...(isOutside ? ["stamp-out-of-range" as const] : [])];
}
