import { FOURIER_POINTS } from "./transformFourier.js";
import { roundUp } from "./packPanels.js";

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
}

/** A convolution by tiles of `points` x `points` pixels: Winograd's method with 8 or 10, Fourier transforms with 20. */
export interface Tiling {
  readonly points: 8 | 10 | 20;
  /** Rows and columns of outputs of a tile: points - window + 1, or the multiple of the pool below that; of 20 points, at most 16. */
  readonly sides: readonly [number, number];
}

/** Points of Winograd's method by the side of the window. */
const WINOGRAD: Readonly<Record<number, readonly (8 | 10)[]>> = { 3: [8], 5: [8, 10] };

/**
 * Channels from which on tiles of 10 points are used. They take a fifth fewer multiplications, and round
 * three to four times as much. In BTSbot's layers of 32 channels and fewer that costs up to 7e-6 of a
 * score on mixes of alerts, in the last one of 64 nothing (below 5e-7, as with tiles of 8 everywhere).
 */
const MANY_CHANNELS = 64;

/** Outputs of a tile of Fourier transforms in a row or column, at most: see codelets.js. */
const MOST_OUTPUTS = 16;

/** Products of four channels and a filter that take as long as the transforms of four channels of a tile, there and back. */
const TRANSFORMS: Readonly<Record<Tiling["points"], readonly [there: number, back: number]>> = { 8: [300, 200], 10: [680, 570], 20: [3300, 3300] };
/** Bytes of a kernel by Fourier transforms, at most: beyond what outer caches hold, its reading is all that counts. */
const MOST_KERNEL_BYTES = 1 << 24;

/** The same for reading four numbers of a kernel: large ones lie outside of the caches of a core. */
const TO_READ = 1.2;
/** Real matrices for a tile. */
const MATRICES: Readonly<Record<Tiling["points"], number>> = { 8: 64, 10: 100, 20: 598 };
/** The same to lay out four channels of a pixel for a direct convolution. */
const TO_ROW = 3;

/**
 * The cheapest way to a convolution, by what its parts were measured to take, in products of four numbers.
 *
 * @param convolution - sizes of the convolution
 * @param allowed - points of the tilings to choose from
 * @returns the tiling, or undefined where the direct way is cheaper or there is no other
 */
export function chooseTiling(convolution: Convolution, allowed: readonly Tiling["points"][] = [8, 10, 20]): Tiling | undefined {
  const { size, strides, height, width, channels, filters } = convolution;
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
    const cost = (roundUp(tiles, 4) + TO_READ) * MATRICES[points] * 4 * inner * outer + tiles * (there * inner + back * outer);
    if (cost < least) [least, best] = [cost, tiling];
  }
  return best;
}

function tilingsOf({ size, channels, filters, pool }: Convolution): readonly Tiling[] {
  const tilings: Tiling[] = [];
  if (size[0] === size[1]) {
    for (const points of WINOGRAD[size[0]] ?? []) {
      const side = points - size[0] + 1;
      if (points === 8 || channels >= MANY_CHANNELS) tilings.push({ points, sides: [side, side] });
    }
  }
  const [rows, columns] = size.map((window) => Math.floor(Math.min(FOURIER_POINTS - window + 1, MOST_OUTPUTS) / pool) * pool);
  if (rows > 0 && columns > 0 && 4 * kernelLength(FOURIER_POINTS, channels, filters) <= MOST_KERNEL_BYTES) tilings.push({ points: FOURIER_POINTS, sides: [rows, columns] });
  return tilings;
}

/** Numbers of a transformed kernel. */
export function kernelLength(points: Tiling["points"], channels: number, filters: number): number {
  return MATRICES[points] * roundUp(channels, 4) * roundUp(filters, 8);
}
