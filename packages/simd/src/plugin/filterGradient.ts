import { roundUp } from "./convolveImages.js";
import type { Convolution } from "./convolveImages.js";
import type { TfjsHeap } from "./TfjsHeap.js";

/** Pixels on a side of a tile, and its points. */
const TILE = 8;
const POINTS = TILE * TILE;

/** Numbers between matrices beyond their own, so that these do not all begin at the same place of the cache. */
const GAP = 16;

/** Numbers that the tiles of one pass may take at all points, inputs and outputs: about half of a second-level cache. */
const PASS = 1 << 17;

/** Tiles that are worth a pass of their own: with fewer, the next image's are taken along. */
const FULL_PASS = 64;

/** Windows that gain: those of 2 leave too little to gain, those of 7 lose too many digits. */
const SMALLEST = 3;
const LARGEST = 6;

/** How a batch is cut into tiles and the tiles into passes. */
interface Tiles {
  readonly tilesY: number;
  readonly tilesX: number;
  /** Channels of a plane. */
  readonly channels: number;
  /** Numbers of a plane of the input. */
  readonly planeLength: number;
  readonly planeHeight: number;
  readonly planeWidth: number;
  /** Images whose tiles are taken together, and tiles in one pass. */
  readonly group: number;
  readonly pass: number;
  /** Numbers of room that a pass needs. */
  readonly workLength: number;
}

/** Whether tiles are the faster way to the gradient of a filter; strides have none. */
export function hasGradientTiles(of: Convolution): boolean {
  const sides = [of.kernelHeight, of.kernelWidth];
  if (of.strideY !== 1 || of.strideX !== 1) return false;
  return (
    sides.every((side) => side >= SMALLEST && side <= LARGEST) &&
    of.inputs >= 3 &&
    of.outputs >= 4 &&
    of.outHeight * of.outWidth >= 16
  );
}

/** The gradient of a filter by tiles. */
export function filterGradientByTiles(
  heap: TfjsHeap,
  of: Convolution,
  images: number,
  dy: number,
  gradient: number,
): void {
  const { kernels } = heap;
  const outputs = roundUp(of.outputs, 8);
  const tiles = cutTiles(of, outputs);
  const { tilesY, tilesX, channels, group } = tiles;
  const [height, width] = [tilesY * (TILE + 1 - of.kernelHeight), tilesX * (TILE + 1 - of.kernelWidth)];
  const taps = of.kernelHeight * of.kernelWidth;
  const exact = channels === of.inputs && outputs === of.outputs;
  const matrix = channels * outputs;
  const slopeLength = height * width * outputs;
  const lengths = [
    group * tiles.planeLength,
    group * slopeLength,
    tiles.workLength,
    POINTS * matrix,
    exact ? 0 : taps * matrix,
  ];
  heap.withScratch(lengths, (planes, slopes, work, points, sums) => {
    heap.kernels.clear(points, POINTS * matrix);
    for (let image = 0; image < of.images; image += group) {
      const taken = Math.min(group, of.images - image);
      fillPlanes(heap, of, tiles, images, image, taken, planes);
      for (let place = 0; place < taken; place++) {
        kernels.makePlane(
          dy + 4 * (image + place) * of.outHeight * of.outWidth * of.outputs,
          of.outHeight,
          of.outWidth,
          of.outputs,
          slopes + 4 * place * slopeLength,
          0,
          0,
          height,
          width,
          outputs,
          1,
          1,
          1,
        );
      }
      const count = taken * tilesY * tilesX;
      for (let first = 0; first < count; first += tiles.pass) {
        kernels.addTileGradients(
          planes,
          slopes,
          tilesY,
          tilesX,
          of.kernelHeight,
          of.kernelWidth,
          channels,
          outputs,
          first,
          Math.min(tiles.pass, count - first),
          points,
          work,
        );
      }
    }
    kernels.collectGradient(points, of.kernelHeight, of.kernelWidth, channels, outputs, sums || gradient, work);
    if (exact) return;
    for (let tap = 0; tap < taps; tap++) {
      kernels.resizeRows(
        sums + 4 * tap * matrix,
        outputs,
        outputs,
        gradient + 4 * tap * of.inputs * of.outputs,
        of.outputs,
        of.inputs,
      );
    }
  });
}

function fillPlanes(
  heap: TfjsHeap,
  of: Convolution,
  tiles: Tiles,
  images: number,
  first: number,
  count: number,
  planes: number,
): void {
  for (let place = 0; place < count; place++) {
    heap.kernels.makePlane(
      images + 4 * (first + place) * of.height * of.width * of.inputs,
      of.height,
      of.width,
      of.inputs,
      planes + 4 * place * tiles.planeLength,
      of.top,
      of.left,
      tiles.planeHeight,
      tiles.planeWidth,
      tiles.channels,
      1,
      1,
      1,
    );
  }
}

function cutTiles(of: Convolution, outputs: number): Tiles {
  const high = TILE + 1 - of.kernelHeight;
  const wide = TILE + 1 - of.kernelWidth;
  const tilesY = Math.ceil(of.outHeight / high);
  const tilesX = Math.ceil(of.outWidth / wide);
  const channels = roundUp(of.inputs, 4);
  const planeHeight = tilesY * high + of.kernelHeight - 1;
  const planeWidth = tilesX * wide + of.kernelWidth - 1;
  const group = Math.min(of.images, Math.max(1, Math.floor(FULL_PASS / (tilesY * tilesX))));
  const perTile = POINTS * (channels + outputs);
  const pass = Math.min(group * tilesY * tilesX, Math.max(4, Math.floor(PASS / perTile / 4) * 4));
  return {
    tilesY,
    tilesX,
    channels,
    planeHeight,
    planeWidth,
    planeLength: planeHeight * planeWidth * channels,
    group,
    pass,
    workLength: 4 * POINTS + pass * perTile + 2 * POINTS * GAP,
  };
}
