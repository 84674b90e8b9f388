import { roundUp } from "./packPanels.js";
import { FOURIER_POINTS } from "./transformFourier.js";
import { WINOGRAD_POINTS } from "./transformKernel.js";

/** A convolution, as far as its cost depends on it. */
export interface Convolution {
  readonly size: readonly [number, number];
  readonly strides: readonly [number, number];
  /** Rows and columns of the output, before pooling. */
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly filters: number;
  /** Side of the windows whose maximum is taken, 1 for none. */
  readonly pool: number;
  /** Whether what is read comes from ReLU: many channels are then zeros all over a tile, and are not multiplied. */
  readonly rectified: boolean;
}

/** A convolution by tiles of `points` x `points` pixels: Winograd's method with 8, Fourier transforms with 20. */
export interface Tiling {
  readonly points: 8 | 20;
  /** Rows and columns of outputs of a tile: points - window + 1, or the multiple of the pool below that; of 20 points, at most 16. */
  readonly sides: readonly [number, number];
}

/** Windows, by their side, that tiles of 8 points have room for, and transforms are there for. */
const WINOGRAD_WINDOWS = [3, 5];

/** Outputs of a tile of Fourier transforms in a row or column, at most: see codelets.js. */
const MOST_OUTPUTS = 16;

/** Products of four channels and a filter that take as long as the transforms of four channels of a tile, there and back. */
const TRANSFORMS: Readonly<Record<Tiling["points"], readonly [there: number, back: number]>> = {
  8: [300, 200],
  20: [3300, 3300],
};
/** Bytes of a kernel by Fourier transforms, at most: beyond what outer caches hold, its reading is all that counts. */
const MOST_KERNEL_BYTES = 1 << 24;

/** The same for reading four numbers of a kernel: large ones lie outside of the caches of a core. */
const TO_READ = 1.2;
/** Real matrices for a tile. */
const MATRICES: Readonly<Record<Tiling["points"], number>> = { 8: 64, 20: 598 };
/**
 * Of channels after ReLU, those that are not zeros all over four tiles: the mean of BTSbot's second to fourth convolution on real
 * alerts (0.57, 0.36 and 0.21; 0.72, 0.64 and 0.40). The larger a tile, the less is left out.
 */
const RECTIFIED: Readonly<Record<Tiling["points"], number>> = { 8: 0.38, 20: 0.58 };
/** The same to lay out four channels of a pixel for a direct convolution. */
const TO_ROW = 3;

/**
 * The cheapest way to a convolution, by what its parts were measured to take, in products of four numbers.
 *
 * @param convolution - sizes of the convolution
 * @param allowed - points of the tilings to choose from
 * @returns the tiling, or undefined where the direct way is cheaper or there is no other
 */
export function chooseTiling(
  convolution: Convolution,
  allowed: readonly Tiling["points"][] = [8, 20],
): Tiling | undefined {
  const { size, strides, height, width, channels, filters, rectified } = convolution;
  if (strides.some((step) => step !== 1)) return undefined;
  const inner = roundUp(channels, 4) / 4;
  const outer = roundUp(filters, 8) / 4;
  const taps = size[0] * size[1] * inner;
  let least = height * width * (4 * taps * outer + TO_ROW * taps);
  let best: Tiling | undefined;
  for (const tiling of tilingsOf(convolution)) {
    const { points, sides } = tiling;
    if (!allowed.includes(points)) continue;
    const tiles = Math.ceil(height / sides[0]) * Math.ceil(width / sides[1]);
    const [there, back] = TRANSFORMS[points];
    // Tiles are multiplied by fours; one or two that are left take a little less.
    const products =
      (roundUp(tiles, 4) + TO_READ) * MATRICES[points] * 4 * inner * outer * (rectified ? RECTIFIED[points] : 1);
    const cost = products + tiles * (there * inner + back * outer);
    if (cost < least) [least, best] = [cost, tiling];
  }
  return best;
}

function tilingsOf({ size, channels, filters, pool }: Convolution): readonly Tiling[] {
  const tilings: Tiling[] = [];
  if (size[0] === size[1] && WINOGRAD_WINDOWS.includes(size[0])) {
    const side = WINOGRAD_POINTS - size[0] + 1;
    tilings.push({ points: WINOGRAD_POINTS, sides: [side, side] });
  }
  const [rows, columns] = size.map(
    (window) => Math.floor(Math.min(FOURIER_POINTS - window + 1, MOST_OUTPUTS) / pool) * pool,
  );
  if (rows > 0 && columns > 0 && 4 * kernelLength(FOURIER_POINTS, channels, filters) <= MOST_KERNEL_BYTES)
    tilings.push({ points: FOURIER_POINTS, sides: [rows, columns] });
  return tilings;
}

/** Numbers of a transformed kernel. */
export function kernelLength(points: Tiling["points"], channels: number, filters: number): number {
  return MATRICES[points] * roundUp(channels, 4) * roundUp(filters, 8);
}
