import { roundUp } from "./packPanels.js";

/** Pixels on a side of a tile. */
export const FOURIER_POINTS = 20;
/** Real matrices of a transformed kernel: 4 real frequencies, and 3 for each of 198 complex ones. */
const MATRICES = 4 + 3 * 198;

const HALF = FOURIER_POINTS / 2;
const COSINES = Float64Array.from({ length: FOURIER_POINTS }, (_, i) => Math.cos((2 * Math.PI * i) / FOURIER_POINTS));
const SINES = Float64Array.from({ length: FOURIER_POINTS }, (_, i) => Math.sin((2 * Math.PI * i) / FOURIER_POINTS));

/**
 * Transforms the kernel of a convolution into its frequencies, in float64, as assembly/fourier.ts reads them:
 * column after column of a tile's transform (0, 10, then 1 to 9), and in it the frequencies of the rows (0 and
 * 10, which are real, then 1 to 9, in the first two columns; 0 to 19 in the others). Each is a matrix of
 * channels, in fours, and filters, in panels of eight; a complex one is three, panel by panel: c, -(c + d) and
 * d - c for c + d i. A frequency that stands for its conjugate too counts twice.
 *
 * @param kernel - (height, width, channels, filters)
 * @param size - rows and columns of the window
 * @param channels - channels of the input
 * @param filters - channels of the output
 * @returns the matrices, one after another
 */
export function transformFourier(kernel: Float32Array, [height, width]: readonly [number, number], channels: number, filters: number): Float32Array {
  const rows = roundUp(channels, 4);
  const panel = rows * 8;
  const matrix = roundUp(filters, 8) * rows;
  const transformed = new Float32Array(MATRICES * matrix);
  const wide = new Float64Array(2 * height);
  for (let channel = 0; channel < channels; channel++) {
    for (let filter = 0; filter < filters; filter++) {
      const at = channel * 8 + (filter % 8);
      const panels = (filter - (filter % 8)) / 8;
      let base = 0;
      for (let column = 0; column <= HALF; column++) {
        const kx = column === 0 ? 0 : column === 1 ? HALF : column - 1;
        for (let y = 0; y < height; y++) {
          let re = 0;
          let im = 0;
          for (let x = 0; x < width; x++) {
            const value = kernel[((y * width + x) * channels + channel) * filters + filter];
            re += value * COSINES[(kx * x) % FOURIER_POINTS];
            im += value * SINES[(kx * x) % FOURIER_POINTS];
          }
          wide[2 * y] = re;
          wide[2 * y + 1] = im;
        }
        const count = column < 2 ? HALF + 1 : FOURIER_POINTS;
        for (let row = 0; row < count; row++) {
          const ky = column > 1 || row === 0 ? row : row === 1 ? HALF : row - 1;
          const real = column < 2 && row < 2;
          const scale = (real ? 1 : 2) / FOURIER_POINTS ** 2;
          let re = 0;
          let im = 0;
          for (let y = 0; y < height; y++) {
            const turn = (ky * y) % FOURIER_POINTS;
            re += wide[2 * y] * COSINES[turn] - wide[2 * y + 1] * SINES[turn];
            im += wide[2 * y] * SINES[turn] + wide[2 * y + 1] * COSINES[turn];
          }
          if (real) {
            transformed[base + panels * panel + at] = re * scale;
            base += matrix;
          } else {
            const place = base + 3 * panels * panel + at;
            transformed[place] = re * scale;
            transformed[place + panel] = -(re + im) * scale;
            transformed[place + 2 * panel] = (im - re) * scale;
            base += 3 * matrix;
          }
        }
      }
    }
  }
  return transformed;
}
