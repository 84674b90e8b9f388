import { kernelLength } from "./chooseTiling.js";
import type { Tiling } from "./chooseTiling.js";
import { windowOf } from "./findExtents.js";
import type { SlidingWindow } from "./findExtents.js";
import { convolutionWindow, poolsInTiles } from "./findTilings.js";
import type { Job } from "./ForwardKernels.js";
import type { FusedNode } from "./fuseLayers.js";
import { packPanels, roundUp } from "./packPanels.js";
import type { Planner, Value } from "./Planner.js";
import { planActivation } from "./planActivation.js";
import { scratchOf } from "./scratchOf.js";
import { transformFourier } from "./transformFourier.js";
import { transformKernel } from "./transformKernel.js";

/** Pixels worked on at once. */
const PIXELS = 48;

/**
 * Adds the steps of a convolution, and of the pooling that follows it.
 *
 * @param planner - takes the steps
 * @param node - the convolution
 */
export function planConvolution(planner: Planner, node: FusedNode): void {
  const { layer, weights, pool } = node;
  if (layer.type !== "conv2d") throw new TypeError(`${layer.type} is not a convolution`);
  const input = planner.values.get(node.inputs[0])!;
  const extent = planner.extents.get(node.name)!;
  const [height, width] = [extent.height * pool, extent.width * pool];
  const window = convolutionWindow(node, input.shape);
  const tiling = planner.tilings.tilings.get(node.name);
  const fused = pool === 1 || (tiling !== undefined && poolsInTiles(node, tiling));
  const output = fused
    ? planner.define(node.name)
    : planner.place({ ...extent, height, width, shape: [height, width, layer.filters] });
  const kernel = weights.get("kernel")!;
  const job: Job = {
    ...makeJob(input, output, window),
    outHeight: height,
    outWidth: width,
    filters: layer.filters,
    relu: Number(node.activation === "relu"),
    bias: planner.constant(padBias(weights.get("bias"), layer.filters)),
  };
  if (tiling === undefined) addDirect(planner, job, input, kernel);
  else addTiles(planner, { ...job, pool: fused ? pool : 1 }, input, kernel, tiling, window.size);
  if (!fused) {
    planPool(planner, output, planner.define(node.name), { size: [pool, pool], strides: [pool, pool], before: [0, 0] });
    planner.release(output);
  }
  planActivation(planner, planner.values.get(node.name)!, node.activation);
}

/** A depthwise convolution and a pointwise one. */
export function planSeparable(planner: Planner, node: FusedNode): void {
  const { layer, weights } = node;
  if (layer.type !== "separableConv2d") throw new TypeError(`${layer.type} is not a separable convolution`);
  const input = planner.values.get(node.inputs[0])!;
  const extent = planner.extents.get(node.name)!;
  const { depthMultiplier, filters } = layer;
  const repeated = depthMultiplier === 1 ? input : repeatChannels(planner, input, depthMultiplier);
  const { channels } = repeated;
  const middle = planner.place({ ...extent, shape: [extent.shape[0], extent.shape[1], channels] });
  const window = windowOf(node, input.shape, extent.shape);
  const taps = window.size[0] * window.size[1];
  const kernel = weights.get("depthwise_kernel")!;
  const padded = roundUp(channels, 4);
  const depthwise = Float32Array.from({ length: taps * padded }, (_, i) =>
    i % padded < channels ? kernel[Math.floor(i / padded) * channels + (i % padded)] : 0,
  );
  const address = planner.job(
    {
      ...makeJob(repeated, middle, window),
      weights: planner.constant(depthwise),
      bias: planner.constant(padBias(undefined, channels)),
    },
    0,
  );
  planner.add(input, ({ kernels }, _, count) => kernels.depthwise(address, count * input.copies));
  if (repeated !== input) planner.release(repeated);
  const output = planner.define(node.name);
  const job: Job = {
    ...makeJob(middle, output, { size: [1, 1], strides: [1, 1], before: [0, 0] }),
    filters,
    relu: Number(node.activation === "relu"),
    bias: planner.constant(padBias(weights.get("bias"), filters)),
  };
  addDirect(planner, job, middle, weights.get("pointwise_kernel")!);
  planner.release(middle);
  planActivation(planner, output, node.activation);
}

/** Adds the step of a pooling. */
export function planPool(planner: Planner, input: Value, output: Value, window: SlidingWindow): void {
  const address = planner.job(makeJob(input, output, window), 0);
  planner.add(input, ({ kernels }, _, count) => kernels.maxPool(address, count * input.copies));
}

function makeJob(input: Value, output: Value, { size, strides, before }: SlidingWindow): Job {
  return {
    source: input.address,
    sourceImage: input.bytes,
    sourceRow: input.row,
    sourcePixel: input.pixel,
    sourceQuad: input.quad,
    before: input.before,
    after: input.after,
    height: input.height,
    width: input.width,
    channels: input.channels,
    target: output.address,
    targetImage: output.bytes,
    targetRow: output.row,
    targetPixel: output.pixel,
    targetQuad: output.quad,
    room: output.after,
    outHeight: output.height,
    outWidth: output.width,
    filters: output.channels,
    top: before[0],
    left: before[1],
    kernelHeight: size[0],
    kernelWidth: size[1],
    strideHeight: strides[0],
    strideWidth: strides[1],
    weights: 0,
    bias: 0,
    relu: 0,
    pool: 1,
    scratch: 0,
    block: PIXELS,
  };
}

function addDirect(planner: Planner, job: Job, input: Value, kernel: Float32Array): void {
  const padded = roundUp(job.channels, 4);
  const inner = job.kernelHeight * job.kernelWidth * padded;
  const packed = packPanels(inner, job.filters, (row, filter) => {
    const channel = row % padded;
    return channel < job.channels
      ? kernel[(((row - channel) / padded) * job.channels + channel) * job.filters + filter]
      : 0;
  });
  const address = planner.job({ ...job, weights: planner.constant(packed) }, PIXELS * inner * 4);
  planner.add(input, ({ kernels }, _, count) => kernels.direct(address, count * input.copies));
}

/** A convolution by tiles. */
function addTiles(
  planner: Planner,
  job: Job,
  input: Value,
  kernel: Float32Array,
  tiling: Tiling,
  size: readonly [number, number],
): void {
  const { points, sides } = tiling;
  const { channels, filters } = job;
  const weights = planner.laterConstant(kernelLength(points, channels, filters), () =>
    points === 20
      ? transformFourier(kernel, size, channels, filters)
      : transformKernel(kernel, size[0], channels, filters),
  );
  const { block, bytes } = scratchOf(tiling, channels, filters);
  const [kernelHeight, kernelWidth] = sides;
  const address = planner.job({ ...job, weights, kernelHeight, kernelWidth, block }, bytes);
  const method = points === 20 ? "fourier" : "winograd";
  planner.add(input, ({ kernels }, _, count) => kernels[method](address, count * input.copies));
}

/** Each channel `times` times in a row. */
function repeatChannels(planner: Planner, input: Value, times: number): Value {
  const channels = input.channels * times;
  const output = planner.place({ ...input, shape: [input.shape[0], input.shape[1], channels] });
  planner.add(input, ({ floats }, _, count) => {
    const pixels = count * input.copies * input.height * input.width;
    for (let pixel = 0; pixel < pixels; pixel++) {
      const from = (input.address + pixel * input.pixel) / 4;
      const to = (output.address + pixel * output.pixel) / 4;
      for (let channel = 0; channel < output.pixel / 4; channel++) {
        floats[to + channel] = channel < channels ? floats[from + Math.floor(channel / times)] : 0;
      }
    }
  });
  return output;
}

function padBias(bias: Float32Array | undefined, filters: number): Float32Array {
  const padded = new Float32Array(roundUp(filters, 8));
  if (bias !== undefined) padded.set(bias);
  return padded;
}
