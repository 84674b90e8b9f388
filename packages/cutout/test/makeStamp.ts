import type { Stamp } from "../src/index.js";

/**
 * A stamp of known truth: a Gaussian source on a sky of 100 with a deterministic ripple.
 *
 * @param width - pixels in a row
 * @param height - rows
 * @returns the stamp, all pixels finite
 */
export function makeStamp(width = 63, height = 63): Stamp {
  const pixels = Float32Array.from({ length: width * height }, (_, index) => {
    const [x, y] = [(index % width) - 31, Math.floor(index / width) - 31];
    return 100 + 5 * Math.sin(index * 12.9898) + 900 * Math.exp(-(x * x + y * y) / 8);
  });
  return { width, height, pixels };
}

/**
 * The error that a function throws.
 *
 * @param run - the function
 * @returns what it throws; an Error that says so if it does not
 */
export function errorOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return new Error("nothing was thrown");
}
