import { roundUp } from "./packPanels.js";
import type { Tiling } from "./transformKernel.js";

/** A convolution, as far as its cost depends on it. */
export interface Convolution {
  readonly size: readonly [number, number];
  readonly strides: readonly [number, number];
  /** Rows and columns of the output, before pooling. */
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly filters: number;
}

/** Tilings by the side of the window. */
const TILINGS: Readonly<Record<number, readonly Tiling[]>> = {
  3: [{ points: 8, side: 6 }],
  5: [{ points: 8, side: 4 }, { points: 10, side: 6 }],
};

/**
 * Channels from which on tiles of 10 points are used. They take a fifth fewer multiplications, and round
 * three to four times as much. In BTSbot's layers of 32 channels and fewer that costs up to 7e-6 of a
 * score on mixes of alerts, in the last one of 64 nothing (below 5e-7, as with tiles of 8 everywhere).
 */
const MANY_CHANNELS = 64;

/** Vector instructions for each point of a tile and four channels: its transform there, and back. */
const TO_TILE = 8;
const FROM_TILE = 7;
/** Vector instructions to lay out four channels of a pixel for a direct convolution. */
const TO_ROW = 3;

/**
 * The cheapest way to a convolution, by the number of vector instructions.
 *
 * @param convolution - sizes of the convolution
 * @returns the tiling of Winograd's method, or undefined where the direct way is cheaper or there is no other
 */
export function chooseTiling({ size, strides, height, width, channels, filters }: Convolution): Tiling | undefined {
  const [window] = size;
  if (size[1] !== window || strides.some((step) => step !== 1)) return undefined;
  const inner = roundUp(channels, 4) / 4;
  const outer = roundUp(filters, 8) / 4;
  const taps = window * window * inner;
  let least = height * width * (4 * taps * outer + TO_ROW * taps);
  let best: Tiling | undefined;
  for (const tiling of TILINGS[window] ?? []) {
    if (tiling.points === 10 && channels < MANY_CHANNELS) continue;
    const tiles = Math.ceil(height / tiling.side) * Math.ceil(width / tiling.side);
    const cost = tiles * tiling.points ** 2 * (channels * outer + TO_TILE * inner + FROM_TILE * outer);
    if (cost < least) [least, best] = [cost, tiling];
  }
  return best;
}
