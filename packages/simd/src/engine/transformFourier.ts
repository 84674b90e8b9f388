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
export function transformFourier(
  kernel: Float32Array,
  [height, width]: readonly [number, number],
  channels: number,
  filters: number,
): Float32Array {
  const rows = roundUp(channels, 4);
  const panel = rows * 8;
  const matrix = roundUp(filters, 8) * rows;
  const taps = layOut(kernel, height * width, channels, filters);
  const none = new Float64Array(matrix);
  const transformed = new Float32Array(MATRICES * matrix);
  // Of each row of the kernel its frequency along the row; then the sum of these along the column.
  const [re, im] = [0, 0].map(() => Array.from({ length: height }, () => new Float64Array(matrix)));
  const [sumRe, sumIm] = [new Float64Array(matrix), new Float64Array(matrix)];
  let base = 0;
  for (let column = 0; column <= HALF; column++) {
    const kx = column < 2 ? column * HALF : column - 1;
    for (let y = 0; y < height; y++) {
      clear(re[y], im[y]);
      for (let x = 0; x < width; x++) addTurned(taps[y * width + x], none, kx * x, re[y], im[y]);
    }
    const count = column < 2 ? HALF + 1 : FOURIER_POINTS;
    for (let row = 0; row < count; row++) {
      const ky = column > 1 || row === 0 ? row : row === 1 ? HALF : row - 1;
      clear(sumRe, sumIm);
      for (let y = 0; y < height; y++) addTurned(re[y], im[y], ky * y, sumRe, sumIm);
      const real = column < 2 && row < 2;
      const scale = (real ? 1 : 2) / FOURIER_POINTS ** 2;
      if (real) for (let i = 0; i < matrix; i++) transformed[base + i] = sumRe[i] * scale;
      else writeComplex(transformed, base, panel, sumRe, sumIm, scale);
      base += (real ? 1 : 3) * matrix;
    }
  }
  return transformed;
}

function clear(re: Float64Array, im: Float64Array): void {
  re.fill(0);
  im.fill(0);
}

/** Adds complex numbers, turned by so many twentieths of a turn. */
function addTurned(
  re: Float64Array,
  im: Float64Array,
  twentieths: number,
  sumRe: Float64Array,
  sumIm: Float64Array,
): void {
  const cosine = COSINES[twentieths % FOURIER_POINTS];
  const sine = SINES[twentieths % FOURIER_POINTS];
  for (let i = 0; i < re.length; i++) {
    sumRe[i] += re[i] * cosine - im[i] * sine;
    sumIm[i] += re[i] * sine + im[i] * cosine;
  }
}

/** Writes the three matrices of a complex frequency, panel by panel. */
function writeComplex(
  target: Float32Array,
  base: number,
  panel: number,
  re: Float64Array,
  im: Float64Array,
  scale: number,
): void {
  for (let start = 0; start < re.length; start += panel) {
    let place = base + 3 * start;
    for (let i = start; i < start + panel; i++, place++) {
      const c = re[i] * scale;
      const d = im[i] * scale;
      target[place] = c;
      target[place + panel] = -(c + d);
      target[place + 2 * panel] = d - c;
    }
  }
}

/** The taps of a kernel, each a matrix of channels, filled up to fours, and filters, in panels of eight. */
function layOut(kernel: Float32Array, taps: number, channels: number, filters: number): Float64Array[] {
  const rows = roundUp(channels, 4);
  return Array.from({ length: taps }, (_, tap) => {
    const matrix = new Float64Array(roundUp(filters, 8) * rows);
    for (let channel = 0; channel < channels; channel++) {
      for (let filter = 0; filter < filters; filter++) {
        matrix[(filter - (filter % 8)) * rows + channel * 8 + (filter % 8)] =
          kernel[(tap * channels + channel) * filters + filter];
      }
    }
    return matrix;
  });
}
