import { LEAST, toConvolution } from "./convolutions.js";
import { makePlane, roundUp, turnBack } from "./convolveImages.js";
import type { Convolution } from "./convolveImages.js";
import type { TfjsHeap } from "./TfjsHeap.js";
import type { Kernel } from "./Kernel.js";
import type { TensorInfo, TfjsCore } from "./types.js";

/** A depthwise convolution: each channel has `multiplier` outputs of its own. */
interface Depthwise extends Convolution {
  readonly multiplier: number;
  /** Pixels from tap to tap. */
  readonly dilationY: number;
  readonly dilationX: number;
}

/** `DepthwiseConv2dNative`. */
export const depthwiseConv2d: Kernel = (heap, tf, { inputs, attrs }) => {
  const { x, filter } = inputs;
  const of = readDepthwise(tf, x?.shape, filter?.shape, attrs);
  return of && forward(heap, of, x!, filter!, 0, -Infinity);
};

/** The same with bias and ReLU: `FusedDepthwiseConv2D`. */
export const fusedDepthwiseConv2d: Kernel = (heap, tf, { inputs, attrs }) => {
  const { x, filter, bias } = inputs;
  const least = LEAST[attrs["activation"] as string];
  const of = readDepthwise(tf, x?.shape, filter?.shape, attrs);
  if (
    of === undefined ||
    least === undefined ||
    (bias !== undefined && (bias.shape.length !== 1 || bias.shape[0] !== of.outputs))
  )
    return undefined;
  return forward(heap, of, x!, filter!, bias === undefined ? 0 : heap.addressOf(bias), least);
};

function forward(
  heap: TfjsHeap,
  of: Depthwise,
  x: TensorInfo,
  filter: TensorInfo,
  bias: number,
  least: number,
): TensorInfo {
  const output = heap.makeTensor([of.images, of.outHeight, of.outWidth, of.outputs]);
  convolveDepthwise(heap, of, heap.addressOf(x), of.multiplier, heap.addressOf(filter), heap.addressOf(output), {
    bias,
    least,
  });
  return output;
}

/**
 * Gradient of the input: `DepthwiseConv2dNativeBackpropInput`, which the wasm backend lacks. As for other
 * convolutions a convolution of the output's gradient with the filter turned; then the sum over the
 * outputs of each channel.
 */
export const depthwiseBackpropInput: Kernel = (heap, tf, { inputs, attrs }) => {
  const { dy, filter } = inputs;
  const shape = attrs["inputShape"] as number[];
  const of = readDepthwise(tf, shape, filter?.shape, attrs);
  if (of === undefined) return undefined;
  const back: Depthwise = {
    ...turnBack(of),
    top: (of.kernelHeight - 1) * of.dilationY - of.top,
    left: (of.kernelWidth - 1) * of.dilationX - of.left,
  };
  const dx = heap.makeTensor(shape);
  const taps = of.kernelHeight * of.kernelWidth;
  const pixels = of.images * of.height * of.width;
  heap.withScratch([taps * of.outputs, of.multiplier === 1 ? 0 : pixels * of.outputs], (rotated, each) => {
    const taken = heap.addressOf(filter!);
    for (let tap = 0; tap < taps; tap++) {
      heap.kernels.resizeRows(
        taken + 4 * (taps - 1 - tap) * of.outputs,
        of.outputs,
        of.outputs,
        rotated + 4 * tap * of.outputs,
        of.outputs,
        1,
      );
    }
    const target = heap.addressOf(dx);
    convolveDepthwise(heap, back, heap.addressOf(dy!), 1, rotated, each || target, { bias: 0, least: -Infinity });
    if (each !== 0) heap.kernels.sumGroups(each, of.multiplier, target, pixels * of.inputs);
  });
  return dx;
};

/** Gradient of the filter: `DepthwiseConv2dNativeBackpropFilter`, which the wasm backend lacks. */
export const depthwiseBackpropFilter: Kernel = (heap, tf, { inputs, attrs }) => {
  const { x, dy } = inputs;
  const shape = attrs["filterShape"] as number[];
  const of = readDepthwise(tf, x?.shape, shape, attrs);
  if (of === undefined) return undefined;
  const gradient = heap.makeTensor(shape);
  const { kernels } = heap;
  const channels = roundUp(of.outputs, 4);
  const taps = of.kernelHeight * of.kernelWidth;
  const pixels = of.outHeight * of.outWidth;
  const { planeHeight, planeWidth } = depthwisePlane(of);
  heap.withScratch([planeHeight * planeWidth * channels, pixels * channels, taps * channels], (plane, wide, sums) => {
    heap.kernels.clear(sums, taps * channels);
    for (let image = 0; image < of.images; image++) {
      fillPlane(heap, of, heap.addressOf(x!), image, of.multiplier, plane);
      kernels.resizeRows(
        heap.addressOf(dy!) + 4 * image * pixels * of.outputs,
        of.outputs,
        of.outputs,
        wide,
        channels,
        pixels,
      );
      kernels.addDepthwiseFilterGradient(
        ...steps(of, plane, channels),
        of.kernelHeight,
        of.kernelWidth,
        wide,
        of.outHeight,
        of.outWidth,
        channels,
        sums,
      );
    }
    kernels.resizeRows(sums, channels, channels, heap.addressOf(gradient), of.outputs, taps);
  });
  return gradient;
};

function convolveDepthwise(
  heap: TfjsHeap,
  of: Depthwise,
  images: number,
  repeat: number,
  filter: number,
  output: number,
  finish: { readonly bias: number; readonly least: number },
): void {
  const { kernels } = heap;
  const channels = roundUp(of.outputs, 4);
  const taps = of.kernelHeight * of.kernelWidth;
  const pixels = of.outHeight * of.outWidth;
  const { planeHeight, planeWidth } = depthwisePlane(of);
  const lengths = [
    planeHeight * planeWidth * channels,
    taps * channels,
    channels,
    channels === of.outputs ? 0 : pixels * channels,
  ];
  heap.withScratch(lengths, (plane, padded, bias, wide) => {
    kernels.resizeRows(filter, of.outputs, of.outputs, padded, channels, taps);
    if (finish.bias === 0) heap.kernels.clear(bias, channels);
    else kernels.resizeRows(finish.bias, of.outputs, of.outputs, bias, channels, 1);
    for (let image = 0; image < of.images; image++) {
      const to = output + 4 * image * pixels * of.outputs;
      fillPlane(heap, of, images, image, repeat, plane);
      kernels.convolveDepthwise(
        ...steps(of, plane, channels),
        of.kernelHeight,
        of.kernelWidth,
        padded,
        bias,
        wide || to,
        of.outHeight,
        of.outWidth,
        channels,
        finish.least,
      );
      if (wide !== 0) kernels.resizeRows(wide, channels, channels, to, of.outputs, pixels);
    }
  });
}

function fillPlane(heap: TfjsHeap, of: Depthwise, images: number, image: number, repeat: number, plane: number): void {
  const from = images + 4 * image * of.height * of.width * of.inputs;
  makePlane(heap, of, from, plane, { ...depthwisePlane(of), channels: of.outputs, repeat });
}

/** Where the plane begins, and bytes from window to window and from tap to tap. */
function steps(of: Depthwise, plane: number, channels: number): [number, number, number, number, number] {
  const pixel = 4 * channels;
  const row = pixel * depthwisePlane(of).planeWidth;
  return [plane, of.strideY * row, of.strideX * pixel, of.dilationY * row, of.dilationX * pixel];
}

function depthwisePlane(of: Depthwise): { readonly planeHeight: number; readonly planeWidth: number } {
  return {
    planeHeight: Math.max(0, (of.outHeight - 1) * of.strideY + (of.kernelHeight - 1) * of.dilationY + 1),
    planeWidth: Math.max(0, (of.outWidth - 1) * of.strideX + (of.kernelWidth - 1) * of.dilationX + 1),
  };
}

function readDepthwise(
  tf: TfjsCore,
  shape: number[] | undefined,
  filter: number[] | undefined,
  attrs: Readonly<Record<string, unknown>>,
): Depthwise | undefined {
  const { strides, dilations, pad, dimRoundingMode, dataFormat } = attrs;
  if (shape === undefined || filter === undefined || (dataFormat !== undefined && dataFormat !== "NHWC"))
    return undefined;
  const info = tf.backend_util.computeConv2DInfo(
    shape,
    filter,
    strides,
    dilations ?? [1, 1],
    pad,
    dimRoundingMode,
    true,
  );
  if (filter[2] !== info.inChannels) return undefined;
  return {
    ...toConvolution(info),
    multiplier: filter[3],
    dilationY: info.dilationHeight,
    dilationX: info.dilationWidth,
  };
}
