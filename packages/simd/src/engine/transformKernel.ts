import { roundUp } from "./packPanels.js";

/** Points on a side of a tile of Winograd's method. */
export type Points = 8 | 10;

/** The finite points of each tiling, as assembly/transforms.ts has them. */
const POINTS: Readonly<Record<Points, readonly number[]>> = {
  8: [0, 1, -1, 2, -2, 0.5, -0.5],
  10: [0, 1 / 3, -1 / 3, 3, -3, 3 / 4, -3 / 4, 4 / 3, -4 / 3],
};

/**
 * Transforms the kernel of a convolution into the values at all pairs of points, in float64, and packs
 * them as `packPanels` does, one matrix (channels, filled up to fours, x filters) for each pair.
 *
 * @param kernel - (window, window, channels, filters)
 * @param window - pixels on a side of the window
 * @param channels - channels of the input
 * @param filters - channels of the output
 * @param points - points on a side of a tile
 * @returns points x points matrices
 *
 * Source: Lavin & Gray 2016, Fast Algorithms for Convolutional Neural Networks, equation 8: U = G g G'.
 */
export function transformKernel(kernel: Float32Array, window: number, channels: number, filters: number, points: Points): Float32Array {
  const matrix = makeMatrix(points, window);
  const padded = roundUp(filters, 8);
  const rows = roundUp(channels, 4);
  const size = rows * padded;
  const transformed = new Float32Array(points * points * size);
  const half = new Float64Array(points * window);
  for (let channel = 0; channel < channels; channel++) {
    for (let filter = 0; filter < filters; filter++) {
      for (let i = 0; i < points; i++) {
        for (let x = 0; x < window; x++) {
          let sum = 0;
          for (let y = 0; y < window; y++) sum += matrix[i * window + y] * kernel[((y * window + x) * channels + channel) * filters + filter];
          half[i * window + x] = sum;
        }
      }
      const place = (filter - (filter % 8)) * rows + channel * 8 + (filter % 8);
      for (let i = 0; i < points; i++) {
        for (let j = 0; j < points; j++) {
          let sum = 0;
          for (let x = 0; x < window; x++) sum += half[i * window + x] * matrix[j * window + x];
          transformed[(i * points + j) * size + place] = sum;
        }
      }
    }
  }
  return transformed;
}

/** G of the paper, points x window: for each finite point its powers, divided by the product of its distances to the others; then infinity. */
export function makeMatrix(points: Points, window: number): Float64Array {
  const finite = POINTS[points];
  const matrix = new Float64Array(points * window);
  finite.forEach((point, row) => {
    const distances = finite.reduce((product, other) => (other === point ? product : product * (point - other)), 1);
    for (let power = 0; power < window; power++) matrix[row * window + power] = point ** power / distances;
  });
  matrix[points * window - 1] = 1;
  return matrix;
}
