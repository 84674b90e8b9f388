import type { Activation, Conv2d, Dense, Dropout, Layer, MaxPooling2d } from "./types/layers.js";

/**
 * A convolution as in BTSbot's networks: square, stride 1, size kept, ReLU.
 *
 * @internal
 */
export function makeConv(name: string, input: string, filters: number, kernel: number): Conv2d {
  return {
    type: "conv2d",
    name,
    inputs: [input],
    filters,
    kernelSize: [kernel, kernel],
    strides: [1, 1],
    padding: "same",
    activation: "relu",
    useBias: true,
  };
}

/**
 * Pooling by windows that do not overlap.
 *
 * @internal
 */
export function makePool(name: string, input: string, size: number): MaxPooling2d {
  return {
    type: "maxPooling2d",
    name,
    inputs: [input],
    poolSize: [size, size],
    strides: [size, size],
    padding: "valid",
  };
}

/**
 * Dropout.
 *
 * @internal
 */
export function makeDropout(name: string, input: string, rate: number): Dropout {
  return { type: "dropout", name, inputs: [input], rate };
}

/**
 * A dense layer, ReLU unless said otherwise.
 *
 * @internal
 */
export function makeDense(name: string, input: string, units: number, activation: Activation = "relu"): Dense {
  return { type: "dense", name, inputs: [input], units, activation, useBias: true };
}

/** Below this many pixels on a side BTSbot's networks have no pooling (paper, Appendix C: N_pix <= 13). */
const SMALLEST_POOLED = 14;

/** Two blocks of two convolutions, each block followed by pooling and dropout. */
interface ConvBranch {
  readonly kernel: number;
  readonly filters: readonly [number, number];
  readonly pools: readonly [number, number];
  readonly rates: readonly [number, number];
}

/**
 * BTSbot's convolutional branch, from the input `triplet` to the layer `flatten`, layers named as in the
 * authors' v1.0.1. Images of 13 pixels or less are not pooled.
 *
 * Source: Rehemtulla et al. 2024, ApJ 972, 7, Tables 2 and 5, Appendix C.
 *
 * @internal
 */
export function makeConvBranch({ kernel, filters, pools, rates }: ConvBranch, size: number): Layer[] {
  const layers: Layer[] = [];
  let last = "triplet";
  for (const block of [0, 1]) {
    const [first, second] = [`conv${2 * block + 1}`, `conv${2 * block + 2}`];
    layers.push(makeConv(first, last, filters[block], kernel), makeConv(second, first, filters[block], kernel));
    last = second;
    if (size >= SMALLEST_POOLED) {
      layers.push(makePool(`pool${block + 1}`, last, pools[block]));
      last = `pool${block + 1}`;
    }
    layers.push(makeDropout(`conv_dropout${block + 1}`, last, rates[block]));
    last = `conv_dropout${block + 1}`;
  }
  layers.push({ type: "flatten", name: "flatten", inputs: [last] });
  return layers;
}
