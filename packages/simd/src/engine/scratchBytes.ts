import { roundUp } from "./packPanels.js";
import type { Tiling } from "./transformKernel.js";

/** Tiles worked on at once: their transforms stay in the cache. */
export const TILES = 32;
/** Bytes that a tile is worked on in with the transforms' factors, and bytes between two tiles: see assembly/winograd.ts. */
const TILE_WORK = 512 + 3200;
const GAP = 64;

/**
 * Bytes of scratch that the kernel `winograd` needs.
 *
 * @param tiling - points on a side of a tile
 * @param channels - channels of the input
 * @param filters - channels of the output
 */
export function scratchBytes({ points }: Tiling, channels: number, filters: number): number {
  return TILE_WORK + TILES * (points ** 2 * 4 * (roundUp(channels, 4) + roundUp(filters, 4)) + 2 * GAP);
}
