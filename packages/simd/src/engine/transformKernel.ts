import { roundUp } from "./packPanels.js";

/** Points on a side of a tile of Winograd's method. */
export const WINOGRAD_POINTS = 8;
const POINTS = WINOGRAD_POINTS;

/** The finite ones, as assembly/transforms.ts has them. */
const FINITE = [0, 1, -1, 2, -2, 0.5, -0.5];

/**
 * Transforms the kernel of a convolution into the values at all pairs of points, in float64, and packs
 * them as `packPanels` does, one matrix (channels, filled up to fours, x filters) for each pair.
 *
 * @param kernel - (window, window, channels, filters)
 * @param window - pixels on a side of the window
 * @param channels - channels of the input
 * @param filters - channels of the output
 * @returns 8 x 8 matrices
 *
 * Source: Lavin & Gray 2016, Fast Algorithms for Convolutional Neural Networks, equation 8: U = G g G'.
 */
export function transformKernel(kernel: Float32Array, window: number, channels: number, filters: number): Float32Array {
  const matrix = makeMatrix(window);
  const padded = roundUp(filters, 8);
  const rows = roundUp(channels, 4);
  const size = rows * padded;
  const transformed = new Float32Array(POINTS * POINTS * size);
  const half = new Float64Array(POINTS * window);
  for (let channel = 0; channel < channels; channel++) {
    for (let filter = 0; filter < filters; filter++) {
      for (let i = 0; i < POINTS; i++) {
        for (let x = 0; x < window; x++) {
          let sum = 0;
          for (let y = 0; y < window; y++)
            sum += matrix[i * window + y] * kernel[((y * window + x) * channels + channel) * filters + filter];
          half[i * window + x] = sum;
        }
      }
      const place = (filter - (filter % 8)) * rows + channel * 8 + (filter % 8);
      for (let i = 0; i < POINTS; i++) {
        for (let j = 0; j < POINTS; j++) {
          let sum = 0;
          for (let x = 0; x < window; x++) sum += half[i * window + x] * matrix[j * window + x];
          transformed[(i * POINTS + j) * size + place] = sum;
        }
      }
    }
  }
  return transformed;
}

/** G of the paper, 8 x window: for each finite point its powers, divided by the product of its distances to the others; then infinity. */
export function makeMatrix(window: number): Float64Array {
  const matrix = new Float64Array(POINTS * window);
  FINITE.forEach((point, row) => {
    const distances = FINITE.reduce((product, other) => (other === point ? product : product * (point - other)), 1);
    for (let power = 0; power < window; power++) matrix[row * window + power] = point ** power / distances;
  });
  matrix[POINTS * window - 1] = 1;
  return matrix;
}
