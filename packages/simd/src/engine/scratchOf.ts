import { roundUp } from "./packPanels.js";
import type { Tiling } from "./chooseTiling.js";

/** Tiles worked on at once: their transforms stay in the cache, and the kernel is read as seldom as that allows. */
const TILES: Readonly<Record<Tiling["points"], number>> = { 8: 32, 20: 16 };
/** Bytes that four tiles are worked on in, with the transforms' factors: see assembly/winograd.ts. */
const WINOGRAD_WORK = 64 + 4 * 2048;
/** Bytes that Fourier transforms are worked on in: factors and 40 values, and rows. See assembly/fourier.ts, also for what follows. */
const FOURIER_WORK = (8 + 40) * 16 + 512;
/** Bytes of four channels of a tile between rows and columns. */
const MIDDLE = 20 * 320 + 16;
/** Bytes of four channels of a column of a tile: there and back. */
const LINES = [60 * 16, 40 * 16] as const;
/** Bytes of a list of channels: its end, and each channel. See assembly/channels.ts. */
const LIST = [8, 8] as const;

/**
 * Tiles that a kernel works on at once, and the bytes of scratch that it needs for that.
 *
 * @param points - points on a side of a tile
 * @param channels - channels of the input
 * @param filters - channels of the output
 */
export function scratchOf(
  { points }: Tiling,
  channels: number,
  filters: number,
): { readonly block: number; readonly bytes: number } {
  const block = TILES[points];
  const [inner, outer] = [roundUp(channels, 4), roundUp(filters, 4)];
  const lists = (block / 4) * (LIST[0] + LIST[1] * inner);
  if (points === 20)
    return {
      block,
      bytes: lists + FOURIER_WORK + (block / 4) * (inner * (MIDDLE + LINES[0]) + outer * (MIDDLE + LINES[1])),
    };
  return { block, bytes: lists + WINOGRAD_WORK + block * 4 * (inner + outer) * (points ** 2 + 1) };
}
