import { chooseTiling } from "../engine/chooseTiling.js";
import type { Tiling } from "../engine/chooseTiling.js";
import { JOB_LENGTH, encodeJob } from "../engine/ForwardKernels.js";
import { scratchOf } from "../engine/scratchOf.js";
import { WINOGRAD_POINTS, makeMatrix } from "../engine/transformKernel.js";
import { roundUp } from "./convolveImages.js";
import type { Convolution, Finish } from "./convolveImages.js";
import type { TfjsHeap } from "./TfjsHeap.js";

/** Numbers of a group of images whose channels are filled up before, or cut off after. */
const GROUP = 1 << 20;

/** Points on a side of a tile. */
const POINTS = WINOGRAD_POINTS;

/**
 * The tiling of a convolution: the engine says whether one pays.
 *
 * @returns undefined where windows are convolved one by one: strides, windows that are not square, few channels
 */
export function tilingOf(of: Convolution): Tiling | undefined {
  if (of.spreadY !== 1 || of.spreadX !== 1) return undefined;
  const { outHeight: height, outWidth: width, inputs: channels, outputs: filters } = of;
  const [size, strides] = [
    [of.kernelHeight, of.kernelWidth],
    [of.strideY, of.strideX],
  ] as const;
  return chooseTiling({ size, strides, height, width, channels, filters, pool: 1, rectified: false }, [POINTS]);
}

/** Numbers of a filter at the points of a tiling. */
export function transformedLength(of: Convolution): number {
  return POINTS ** 2 * roundUp(of.inputs, 4) * roundUp(of.outputs, 8);
}

/** A filter at the points of a tiling, from one that `packFilter` packed with its inputs as they are. */
export function transformFilter(
  heap: TfjsHeap,
  of: Convolution,
  target: number,
  pack: (address: number) => void,
): void {
  const window = of.kernelHeight;
  const inputs = roundUp(of.inputs, 4);
  const matrix = inputs * roundUp(of.outputs, 8);
  heap.withScratch([window ** 2 * matrix, 4 * POINTS * window, POINTS * window], (packed, temporary, powers) => {
    pack(packed);
    heap.write(powers, Float32Array.from(makeMatrix(window)));
    heap.kernels.transformFilter(
      packed,
      window,
      POINTS,
      powers,
      roundUp(of.outputs, 8) / 8,
      inputs,
      target,
      4 * matrix,
      temporary,
    );
  });
}

/** Convolves a batch of images by the engine's kernel; `filter` is from `transformFilter`. */
export function convolveByTiles(
  heap: TfjsHeap,
  of: Convolution,
  tiling: Tiling,
  images: number,
  filter: number,
  output: number,
  finish: Finish,
): void {
  const [channels, filters, biases] = [roundUp(of.inputs, 4), roundUp(of.outputs, 4), roundUp(of.outputs, 8)];
  const [pixels, outPixels] = [of.height * of.width, of.outHeight * of.outWidth];
  const [fills, cuts] = [channels !== of.inputs, filters !== of.outputs];
  const group =
    fills || cuts ? Math.max(1, Math.floor(GROUP / Math.max(pixels * channels, outPixels * filters))) : of.images;
  const count = Math.min(group, of.images);
  const { block, bytes } = scratchOf(tiling, of.inputs, of.outputs);
  const lengths = [
    JOB_LENGTH,
    biases,
    bytes / 4,
    fills ? count * pixels * channels : 0,
    cuts ? count * outPixels * filters : 0,
  ];
  heap.withScratch(lengths, (address, bias, scratch, filled, wide) => {
    if (finish.bias === 0) heap.kernels.clear(bias, biases);
    else heap.kernels.resizeRows(finish.bias, of.outputs, of.outputs, bias, biases, 1);
    for (let image = 0; image < of.images; image += group) {
      const taken = Math.min(group, of.images - image);
      const from = images + 4 * image * pixels * of.inputs;
      const to = output + 4 * image * outPixels * of.outputs;
      if (fills) heap.kernels.resizeRows(from, of.inputs, of.inputs, filled, channels, taken * pixels);
      heap.write(
        address,
        encodeJob({
          source: filled || from,
          sourceImage: 4 * pixels * channels,
          sourceRow: 4 * of.width * channels,
          sourcePixel: 4 * channels,
          sourceQuad: 16,
          before: 0,
          after: 0,
          height: of.height,
          width: of.width,
          channels: of.inputs,
          target: wide || to,
          targetImage: 4 * outPixels * filters,
          targetRow: 4 * of.outWidth * filters,
          targetPixel: 4 * filters,
          targetQuad: 16,
          room: 0,
          outHeight: of.outHeight,
          outWidth: of.outWidth,
          filters: of.outputs,
          top: of.top,
          left: of.left,
          weights: filter,
          bias,
          relu: finish.least === 0 ? 1 : 0,
          pool: 1,
          scratch,
          block,
          kernelHeight: tiling.sides[0],
          kernelWidth: tiling.sides[1],
          strideHeight: 1,
          strideWidth: 1,
        }),
      );
      heap.forward.winograd(address, taken);
      if (cuts) heap.kernels.resizeRows(wide, filters, filters, to, of.outputs, taken * outPixels);
    }
  });
}
