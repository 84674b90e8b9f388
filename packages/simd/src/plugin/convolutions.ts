import { convolveImages, fillPlane, isPlane, NO_FINISH, planeSize, roundUp, turnBack } from "./convolveImages.js";
import type { Convolution, Finish } from "./convolveImages.js";
import { lengthOf } from "./elementwise.js";
import { convolveByTiles, tilingOf, transformedLength, transformFilter } from "./convolveByTiles.js";
import { filterGradientByTiles, hasGradientTiles } from "./filterGradient.js";
import type { TfjsHeap } from "./TfjsHeap.js";
import type { Kernel } from "./Kernel.js";
import type { ConvInfo, TensorInfo, TfjsCore } from "./types.js";

/** What a fused activation leaves as the least value; other activations are left to the kernel that was there. */
export const LEAST: Readonly<Record<string, number>> = { linear: -Infinity, relu: 0 };

/** Convolution of images: `Conv2D`. */
export const conv2d: Kernel = (heap, tf, { inputs, attrs }) => {
  const { x, filter } = inputs;
  const of = readConvolution(tf, x?.shape, filter, attrs);
  return of && forward(heap, of, x!, filter!, NO_FINISH);
};

/** Convolution, bias and ReLU in one: `FusedConv2D`. */
export const fusedConv2d: Kernel = (heap, tf, { inputs, attrs }) => {
  const { x, filter, bias } = inputs;
  const least = LEAST[attrs["activation"] as string];
  const of = readConvolution(tf, x?.shape, filter, attrs);
  if (
    of === undefined ||
    least === undefined ||
    (bias !== undefined && (bias.shape.length !== 1 || bias.shape[0] !== of.outputs))
  )
    return undefined;
  return forward(heap, of, x!, filter!, { bias: bias === undefined ? 0 : heap.addressOf(bias), least });
};

function forward(heap: TfjsHeap, of: Convolution, x: TensorInfo, filter: TensorInfo, finish: Finish): TensorInfo {
  const output = heap.makeTensor([of.images, of.outHeight, of.outWidth, of.outputs]);
  convolve(heap, of, x, filter, false, output, finish);
  return output;
}

/**
 * Gradient of the input: `Conv2DBackpropInput`. It is a convolution itself, of the output's gradient, its
 * pixels as far apart as the strides were wide, with the filter turned by 180 degrees and its channels
 * exchanged.
 */
export const conv2dBackpropInput: Kernel = (heap, tf, { inputs, attrs }) => {
  const { dy, filter } = inputs;
  const of = readConvolution(tf, attrs["inputShape"] as number[], filter, attrs);
  if (of === undefined) return undefined;
  const back: Convolution = {
    ...turnBack(of),
    top: of.kernelHeight - 1 - of.top,
    left: of.kernelWidth - 1 - of.left,
    outputs: of.inputs,
  };
  const dx = heap.makeTensor([of.images, of.height, of.width, of.inputs]);
  convolve(heap, back, dy!, filter!, true, dx, NO_FINISH);
  return dx;
};

/** Gradient of the filter: `Conv2DBackpropFilter`, which the wasm backend lacks. */
export const conv2dBackpropFilter: Kernel = (heap, tf, { inputs, attrs }) => {
  const { x, dy } = inputs;
  const shape = attrs["filterShape"] as number[];
  const of = readConvolution(tf, x?.shape, { shape }, attrs);
  if (of === undefined) return undefined;
  const gradient = heap.makeTensor(shape);
  const byTiles = hasGradientTiles(of) && isFinite(heap, x!) && isFinite(heap, dy!);
  (byTiles ? filterGradientByTiles : addUpFilterGradient)(
    heap,
    of,
    heap.addressOf(x!),
    heap.addressOf(dy!),
    heap.addressOf(gradient),
  );
  return gradient;
};

function addUpFilterGradient(heap: TfjsHeap, of: Convolution, images: number, dy: number, gradient: number): void {
  const { kernels } = heap;
  const channels = roundUp(of.inputs, 4);
  const outputs = roundUp(of.outputs, 8);
  const { planeHeight, planeWidth } = planeSize(of);
  const inPlace = isPlane(of, channels);
  const pixels = of.outHeight * of.outWidth;
  const taps = of.kernelHeight * of.kernelWidth;
  const exact = channels === of.inputs && outputs === of.outputs;
  const lengths = [
    inPlace ? 0 : planeHeight * planeWidth * channels,
    outputs === of.outputs ? 0 : pixels * outputs,
    exact ? 0 : taps * channels * outputs,
  ];
  heap.withScratch(lengths, (plane, wide, sums) => {
    const total = sums || gradient;
    heap.kernels.clear(total, taps * channels * outputs);
    const row = 4 * channels * (inPlace ? of.width : planeWidth);
    for (let image = 0; image < of.images; image++) {
      const from = images + 4 * image * of.height * of.width * of.inputs;
      const slope = dy + 4 * image * pixels * of.outputs;
      if (!inPlace) fillPlane(heap, of, from, plane);
      if (wide !== 0) kernels.resizeRows(slope, of.outputs, of.outputs, wide, outputs, pixels);
      kernels.addFilterGradient(
        inPlace ? from : plane,
        row,
        of.strideY * row,
        of.strideX * 4 * channels,
        wide || slope,
        of.outHeight,
        of.outWidth,
        outputs,
        total,
        of.kernelHeight,
        of.kernelWidth * channels,
      );
    }
    if (exact) return;
    for (let tap = 0; tap < taps; tap++) {
      kernels.resizeRows(
        sums + 4 * tap * channels * outputs,
        outputs,
        outputs,
        gradient + 4 * tap * of.inputs * of.outputs,
        of.outputs,
        of.inputs,
      );
    }
  });
}

/** By tiles where that is faster and every number finite: over a tile NaN would spread further than its window. */
function convolve(
  heap: TfjsHeap,
  of: Convolution,
  x: TensorInfo,
  filter: TensorInfo,
  rotated: boolean,
  output: TensorInfo,
  finish: Finish,
): void {
  const [from, to] = [heap.addressOf(x), heap.addressOf(output)];
  const name = rotated ? "rotated" : "forward";
  const taps = of.kernelHeight * of.kernelWidth;
  const outputs = roundUp(of.outputs, 8);
  const tiling = tilingOf(of);
  if (tiling !== undefined && isFinite(heap, x) && isFinite(heap, filter)) {
    const tiles = heap.transformed(filter, `${name} ${tiling.points}`, transformedLength(of), (address) => {
      transformFilter(heap, of, address, (packed) => {
        packFilter(heap, of, filter, rotated, packed, roundUp(of.inputs, 4));
      });
    });
    convolveByTiles(heap, of, tiling, from, tiles, to, finish);
    return;
  }
  const channels = roundUp(of.inputs, 4);
  const packed = heap.transformed(filter, name, taps * channels * outputs, (address) => {
    packFilter(heap, of, filter, rotated, address, channels);
  });
  convolveImages(heap, of, from, packed, to, finish);
}

/** As it is, or turned by 180 degrees with its channels exchanged; `of` is the convolution that it is for. */
function packFilter(
  heap: TfjsHeap,
  of: Convolution,
  filter: TensorInfo,
  rotated: boolean,
  target: number,
  channels: number,
): void {
  const taps = of.kernelHeight * of.kernelWidth;
  const tap = of.inputs * of.outputs;
  const first = heap.addressOf(filter);
  if (rotated)
    heap.kernels.packFilter(
      first + 4 * (taps - 1) * tap,
      taps,
      of.inputs,
      of.outputs,
      -tap,
      1,
      of.inputs,
      target,
      channels,
    );
  else heap.kernels.packFilter(first, taps, of.inputs, of.outputs, tap, of.outputs, 1, target, channels);
}

function isFinite(heap: TfjsHeap, tensor: TensorInfo): boolean {
  return heap.kernels.allFinite(heap.addressOf(tensor), lengthOf(tensor.shape)) === 1;
}

type Attributes = Readonly<Record<string, unknown>>;

function readConvolution(
  tf: TfjsCore,
  shape: number[] | undefined,
  filter: Pick<TensorInfo, "shape"> | undefined,
  attrs: Attributes,
): Convolution | undefined {
  const { strides, dilations, pad, dimRoundingMode, dataFormat } = attrs;
  if (shape === undefined || filter === undefined || (dataFormat !== undefined && dataFormat !== "NHWC"))
    return undefined;
  const info = tf.backend_util.computeConv2DInfo(shape, filter.shape, strides, dilations ?? 1, pad, dimRoundingMode);
  // Groups are told by a filter with fewer channels than the image.
  if (info.dilationHeight !== 1 || info.dilationWidth !== 1 || filter.shape[2] !== info.inChannels) return undefined;
  return toConvolution(info);
}

/** The window as tfjs works it out. */
export function toConvolution(info: ConvInfo): Convolution {
  return {
    images: info.batchSize,
    height: info.inHeight,
    width: info.inWidth,
    inputs: info.inChannels,
    kernelHeight: info.filterHeight,
    kernelWidth: info.filterWidth,
    strideY: info.strideHeight,
    strideX: info.strideWidth,
    top: info.padInfo.top,
    left: info.padInfo.left,
    spreadY: 1,
    spreadX: 1,
    outHeight: info.outHeight,
    outWidth: info.outWidth,
    outputs: info.outChannels,
  };
}
