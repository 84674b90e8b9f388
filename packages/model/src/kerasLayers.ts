import type { Problem } from "@btsbot/errors";
import { foreignClass, nameOf, OptionReader } from "./kerasOptions.js";
import type { KerasLayer } from "./kerasOptions.js";
import type { Activation, Layer, Padding } from "./types/layers.js";

/** Activations that a layer may have. */
export const ACTIVATIONS: readonly string[] = ["linear", "relu", "sigmoid", "softmax", "tanh"] satisfies Activation[];
const PADDINGS: readonly string[] = ["same", "valid"] satisfies Padding[];

/**
 * Keras's layers that a network may have, as messages list them, beside those of training alone.
 *
 * @internal
 */
export const KNOWN_LAYERS: readonly string[] = [
  ...["InputLayer", "Conv2D", "SeparableConv2D", "MaxPooling2D", "GlobalAveragePooling2D", "ZeroPadding2D", "Flatten"],
  ...["Dense", "Activation", "ReLU", "Softmax", "Dropout", "BatchNormalization", "Concatenate"],
  ...["Rescaling", "Normalization"],
];

/** Options that change what a layer computes and that only one value of is known here. */
const FIXED: Readonly<Record<string, readonly string[]>> = {
  data_format: ["channels_last"],
  dilation_rate: ["1,1"],
  groups: ["1"],
  center: ["true"],
  scale: ["true"],
  keepdims: ["false"],
  invert: ["false"],
};

/**
 * Layers that change their input in training only: what they give at inference is what they read. They
 * do not become layers of the definition.
 *
 * Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation, regularization_layers.
 */
const IDLE = new Set([
  ...["Flip", "Rotation", "Translation", "Zoom", "Shear", "Perspective", "Height", "Width", "ElasticTransform"].map(
    random,
  ),
  ...["Contrast", "Brightness", "Saturation", "Hue", "ColorJitter", "ColorDegeneration", "Grayscale", "Sharpness"].map(
    random,
  ),
  ...["Posterization", "Invert", "Erasing", "GaussianBlur"].map(random),
  ...["GaussianNoise", "GaussianDropout", "AlphaDropout", "SpatialDropout2D", "ActivityRegularization"],
  "Identity",
]);

function random(what: string): string {
  return `Random${what}`;
}

/**
 * What a standardization of the definition is in Keras: constants of the configuration, or weights of another meaning.
 *
 * @internal
 */
export type KerasScaling =
  /** `x * scale + offset`; one number, or one for each channel. */
  | { readonly kind: "rescaling"; readonly scale: readonly number[]; readonly offset: readonly number[] }
  /** `(x - mean) / sqrt(variance)`, in the configuration, or in the weights `mean` and `variance`. */
  | { readonly kind: "normalization"; readonly mean?: readonly number[]; readonly variance?: readonly number[] };

/**
 * One layer, read: as a layer of the definition, as none (`passes`: what reads it reads its input), or as what is wrong with it.
 *
 * @internal
 */
export interface ReadLayer {
  readonly layer?: Layer;
  readonly passes?: { readonly name: string; readonly input: string };
  readonly scaling?: KerasScaling;
  readonly problems: readonly Problem[];
}

/**
 * Reads one layer, or says everything in it that is not supported.
 *
 * @internal
 */
export function readKerasLayer(keras: KerasLayer): ReadLayer {
  const options = new OptionReader(keras);
  const inputs = options.inputs();
  const name = nameOf(keras);
  const foreign = foreignClass(keras);
  if (foreign !== undefined) {
    options.unsupported("class_name", "a layer of Keras's own", foreign);
    return { problems: options.problems };
  }
  if (IDLE.has(keras.class_name)) {
    if (inputs.length !== 1 && options.problems.length === 0) options.unsupported("inbound_nodes", "one input", inputs);
    return { passes: { name, input: inputs[0] ?? "" }, problems: options.problems };
  }
  const isScaling = keras.class_name === "Rescaling" || keras.class_name === "Normalization";
  const scaling = isScaling ? readScaling(keras, options) : undefined;
  const layer = isScaling
    ? ({ type: "standardize", name, inputs } as const)
    : readLayer(keras, { name, inputs }, options);
  for (const [option, allowed] of Object.entries(FIXED)) {
    // Rescaling's `scale` is its number.
    if (keras.config[option] !== undefined && !(isScaling && option === "scale")) options.oneOf(option, allowed);
  }
  const { problems } = options;
  return problems.length > 0 ? { problems } : { layer: layer!, ...(scaling && { scaling }), problems };
}

function readScaling({ class_name: kind, config }: KerasLayer, options: OptionReader): KerasScaling {
  if (kind === "Rescaling") {
    const scale = options.channels("scale", 1);
    if (scale.includes(0)) options.unsupported("scale", "other than 0", scale);
    return { kind: "rescaling", scale, offset: options.channels("offset", 0) };
  }
  if ((config.mean ?? config.variance ?? null) === null) return { kind: "normalization" };
  return { kind: "normalization", mean: options.channels("mean", 0), variance: options.channels("variance", 1) };
}

function readLayer(
  keras: KerasLayer,
  base: { name: string; inputs: readonly string[] },
  options: OptionReader,
): Layer | undefined {
  const activation = () => options.oneOf("activation", ACTIVATIONS) as Activation;
  const padding = () => options.oneOf("padding", PADDINGS) as Padding;
  const useBias = () => keras.config.use_bias !== false;
  const convolution = () => ({
    kernelSize: options.pair("kernel_size"),
    filters: options.number("filters"),
    strides: options.pair("strides"),
    padding: padding(),
    activation: activation(),
    useBias: useBias(),
  });
  switch (keras.class_name) {
    case "Conv2D":
      return { type: "conv2d", ...base, ...convolution() };
    case "SeparableConv2D":
      return {
        type: "separableConv2d",
        ...base,
        ...convolution(),
        depthMultiplier: options.number("depth_multiplier"),
      };
    case "MaxPooling2D": {
      const poolSize = options.pair("pool_size");
      // Keras's default: windows that do not overlap.
      const strides = (keras.config.strides ?? null) === null ? poolSize : options.pair("strides");
      return { type: "maxPooling2d", ...base, poolSize, strides, padding: padding() };
    }
    case "GlobalAveragePooling2D":
      return { type: "globalAveragePooling2d", ...base };
    case "Flatten":
      return { type: "flatten", ...base };
    case "Dense":
      return { type: "dense", ...base, units: options.number("units"), activation: activation(), useBias: useBias() };
    case "Activation":
      return { type: "activation", ...base, activation: activation() };
    case "ReLU":
      return { type: "activation", ...base, activation: readRelu(keras, options) };
    case "Softmax":
      return { type: "activation", ...base, activation: "softmax" };
    case "Dropout":
      return { type: "dropout", ...base, rate: options.number("rate") };
    case "BatchNormalization": {
      const [epsilon, momentum] = [options.number("epsilon"), options.number("momentum")];
      return { type: "batchNormalization", ...base, epsilon, momentum };
    }
    case "Concatenate":
      return { type: "concatenate", ...base };
    case "ZeroPadding2D":
      return { type: "zeroPadding2d", ...base, padding: options.padding() };
    case "BtsbotClip":
      return { type: "clip", ...base, bounds: options.bounds() };
    case "BtsbotStandardize":
      return { type: "standardize", ...base };
    case "BtsbotRotations":
      return { type: "rotations", ...base };
    case "BtsbotCyclicPooling":
      return { type: "cyclicPooling", ...base };
    default:
      options.unsupported("class_name", "a layer that is known here", keras.class_name);
      return undefined;
  }
}

/** A ReLU layer may also have a ceiling, a slope below 0, or a threshold, which no engine here knows. */
function readRelu({ config }: KerasLayer, options: OptionReader): "relu" {
  if ((config.max_value ?? null) !== null) options.unsupported("max_value", "none", config.max_value);
  for (const option of ["negative_slope", "threshold"]) {
    const value = listOfOne(config[option]);
    if (value !== 0) options.unsupported(option, "0", value);
  }
  return "relu";
}

/** Keras 2 writes some numbers as a list of one. */
function listOfOne(value: unknown): unknown {
  return Array.isArray(value) && value.length === 1 ? (value[0] as unknown) : (value ?? 0);
}
