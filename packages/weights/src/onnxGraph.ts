import { inferShapes } from "@btsbot/model";
import type {
  Activation,
  BatchNormalization,
  Clip,
  Conv2d,
  Layer,
  MaxPooling2d,
  Model,
  SeparableConv2d,
  Weight,
  ZeroPadding2d,
} from "@btsbot/model";
import type { OnnxAttribute, OnnxNode, OnnxInitializer } from "./onnxProto.js";

const OPERATORS: Readonly<Record<Exclude<Activation, "linear">, string>> = {
  relu: "Relu",
  sigmoid: "Sigmoid",
  softmax: "Softmax",
  tanh: "Tanh",
};

/** A bound that no finite number passes. */
const GREATEST_FLOAT32 = 3.4028234663852886e38;

/** Copies of an alert between rotations and their pooling. */
const ROTATIONS = 4;

/** From (n, height, width, channels) to (n, channels, height, width), which ONNX's operators read, and back. */
const TO_CHANNELS_FIRST = [0, 3, 1, 2];
const TO_CHANNELS_LAST = [0, 2, 3, 1];

/**
 * Lays a network's layers out as ONNX operators. Images are turned to channels first at the inputs and
 * back where a layer flattens them, so that a vector has the order that TensorFlow gives it.
 *
 * @internal
 */
export class OnnxGraph {
  readonly nodes: OnnxNode[] = [];
  readonly constants: OnnxInitializer[] = [];
  readonly #shapes: ReadonlyMap<string, readonly number[]>;
  /** The ONNX value that holds what an input or layer gives; images channels first. */
  readonly #values = new Map<string, string>();

  constructor(private readonly model: Model) {
    const { inputs, layers, output } = model.definition;
    this.#shapes = inferShapes(model.definition);
    for (const { name } of inputs) {
      this.#values.set(name, this.#isImage(name) ? this.#transpose(name, `${name}/nchw`, TO_CHANNELS_FIRST) : name);
    }
    for (const layer of layers) this.#values.set(layer.name, this.#layer(layer));
    this.#finish(output.layer);
  }

  /** The output has the layer's own name, and images channels last. */
  #finish(layer: string): void {
    const value = this.#value(layer);
    if (this.#isImage(layer)) this.#transpose(value, layer, TO_CHANNELS_LAST);
    else if (value !== layer) this.#node("Identity", layer, [value]);
  }

  #layer(layer: Layer): string {
    const { name } = layer;
    const input = this.#value(layer.inputs[0]);
    switch (layer.type) {
      case "conv2d":
        return this.#activate(layer.activation, this.#conv(layer, input), name);
      case "separableConv2d":
        return this.#activate(layer.activation, this.#separableConv(layer, input), name);
      case "maxPooling2d":
        return this.#node("MaxPool", this.#named(name), [input], this.#window(layer, layer.poolSize));
      case "globalAveragePooling2d":
        return this.#node("Flatten", name, [this.#node("GlobalAveragePool", `${name}/mean`, [input])]);
      case "flatten":
        return this.#node("Flatten", name, [
          this.#isImage(layer.inputs[0]) ? this.#transpose(input, `${name}/nhwc`, TO_CHANNELS_LAST) : input,
        ]);
      case "dense":
        return this.#activate(layer.activation, this.#dense(name, input, layer.activation, layer.useBias), name);
      case "activation":
        return this.#activate(layer.activation, input, name);
      case "dropout":
        return input;
      case "batchNormalization":
        return this.#normalize(layer, input);
      case "concatenate":
        return this.#node(
          "Concat",
          name,
          layer.inputs.map((source) => this.#value(source)),
          { axis: { int: 1 } },
        );
      case "zeroPadding2d":
        return this.#pad(layer, input);
      case "clip":
        return this.#clip(layer, input);
      case "standardize":
        return this.#standardize(name, input);
      case "rotations":
        return this.#rotate(name, input);
      case "cyclicPooling":
        return this.#poolRotations(name, input);
    }
  }

  #pad({ name, padding: [[top, bottom], [left, right]] }: ZeroPadding2d, input: string): string {
    return this.#node("Pad", this.#named(name), [
      input,
      this.#integers(`${name}/pads`, [0, 0, top, left, 0, 0, bottom, right]),
    ]);
  }

  /** ONNX's Clip has one bound for all values. */
  #clip({ name, bounds }: Clip, input: string): string {
    const limits = (part: string, values: number[]) =>
      this.#constant(`${name}/${part}`, { shape: [values.length], values: Float32Array.from(values) });
    const least = limits(
      "least",
      bounds.map(([bound]) => bound ?? -GREATEST_FLOAT32),
    );
    const greatest = limits(
      "greatest",
      bounds.map(([, bound]) => bound ?? GREATEST_FLOAT32),
    );
    return this.#node("Min", name, [this.#node("Max", `${name}/above`, [input, least]), greatest]);
  }

  #standardize(name: string, input: string): string {
    const [mean, deviation] = ["mean", "deviation"].map((weight) => {
      const { values } = this.#array(name, weight);
      return this.#constant(`${name}/${weight}`, {
        shape: this.#isImage(name) ? [values.length, 1, 1] : [values.length],
        values,
      });
    });
    return this.#node("Div", this.#named(name), [this.#node("Sub", `${name}/centered`, [input, mean]), deviation]);
  }

  /** Counter-clockwise by 0, 90, 180 and 270 degrees, one after the other along the batch. */
  #rotate(name: string, input: string): string {
    const [side] = this.#shapes.get(name)!;
    const backwards = this.#integers(
      `${name}/backwards`,
      Array.from({ length: side }, (_, i) => side - 1 - i),
    );
    const flip = (value: string, axis: number, part: string) =>
      this.#node("Gather", `${name}/${part}`, [value, backwards], { axis: { int: axis } });
    const transposed = this.#transpose(input, `${name}/transposed`, [0, 1, 3, 2]);
    const turned = [
      input,
      flip(transposed, 2, "90"),
      flip(flip(input, 2, "flipped"), 3, "180"),
      flip(transposed, 3, "270"),
    ];
    return this.#node("Concat", this.#named(name), turned, { axis: { int: 0 } });
  }

  #poolRotations(name: string, input: string): string {
    const shape = this.#shapes.get(name)!;
    const axes = shape.length === 3 ? [shape[2], shape[0], shape[1]] : shape;
    const copies = this.#node("Reshape", `${name}/copies`, [
      input,
      this.#integers(`${name}/shape`, [ROTATIONS, -1, ...axes]),
    ]);
    return this.#node("ReduceMean", this.#named(name), [copies], { axes: [0], keepdims: { int: 0 } });
  }

  /** Kernels (h, w, in, out) become (out, in, h, w). */
  #conv(layer: Conv2d, input: string): string {
    const { name, activation, useBias, kernelSize } = layer;
    const { shape, values } = this.#array(name, "kernel");
    const kernel = this.#constant(`${name}/kernel`, permute(shape, values, [3, 2, 0, 1]));
    return this.#node(
      "Conv",
      this.#beforeActivation(name, activation),
      [input, kernel, ...(useBias ? [this.#weight(name, "bias")] : [])],
      this.#window(layer, kernelSize),
    );
  }

  /** Depthwise kernels (h, w, in, m) become (in * m, 1, h, w), one group for each channel; then a 1 x 1 convolution. */
  #separableConv(layer: SeparableConv2d, input: string): string {
    const { name, activation, useBias, kernelSize } = layer;
    const depthwise = this.#array(name, "depthwise_kernel");
    const [height, width, channels, multiplier] = depthwise.shape;
    const { values } = permute(depthwise.shape, depthwise.values, [2, 3, 0, 1]);
    const shape = [channels * multiplier, 1, height, width];
    const spread = this.#node(
      "Conv",
      `${name}/depthwise`,
      [input, this.#constant(`${name}/depthwise_kernel`, { shape, values })],
      { group: { int: channels }, ...this.#window(layer, kernelSize) },
    );
    const pointwise = this.#array(name, "pointwise_kernel");
    const kernel = this.#constant(`${name}/pointwise_kernel`, permute(pointwise.shape, pointwise.values, [3, 2, 0, 1]));
    return this.#node(
      "Conv",
      this.#beforeActivation(name, activation),
      [spread, kernel, ...(useBias ? [this.#weight(name, "bias")] : [])],
      { kernel_shape: [1, 1] },
    );
  }

  #dense(name: string, input: string, activation: Activation, useBias: boolean): string {
    const inputs = [input, this.#weight(name, "kernel"), ...(useBias ? [this.#weight(name, "bias")] : [])];
    return this.#node("Gemm", this.#beforeActivation(name, activation), inputs);
  }

  /**
   * (x - mean) * scale + beta, in this order. ONNX's BatchNormalization lets a runtime compute
   * x * scale + (beta - mean * scale), which in float32 loses digits where the mean is much larger than
   * the deviation, as it is for features such as positions.
   */
  #normalize({ name, epsilon }: BatchNormalization, input: string): string {
    const array = (weight: string) => this.#array(name, weight).values;
    const [gamma, beta, mean, variance] = ["gamma", "beta", "moving_mean", "moving_variance"].map(array);
    const scale = gamma.map((value, channel) => value / Math.sqrt(variance[channel] + epsilon));
    const shape = this.#isImage(name) ? [mean.length, 1, 1] : [mean.length];
    const constant = (part: string, values: Float32Array) => this.#constant(`${name}/${part}`, { shape, values });
    const centered = this.#node("Sub", `${name}/centered`, [input, constant("moving_mean", mean)]);
    const scaled = this.#node("Mul", `${name}/scaled`, [centered, constant("scale", scale)]);
    return this.#node("Add", this.#named(name), [scaled, constant("beta", beta)]);
  }

  #activate(activation: Activation, input: string, name: string): string {
    if (activation === "linear") return input;
    // The axis of the channels is 1 in images and in vectors.
    return this.#node(
      OPERATORS[activation],
      this.#named(name),
      [input],
      activation === "softmax" ? { axis: { int: 1 } } : undefined,
    );
  }

  #beforeActivation(name: string, activation: Activation): string {
    return activation === "linear" ? this.#named(name) : `${name}/linear`;
  }

  /** A layer's own name is kept for its values in TensorFlow's order. */
  #named(name: string): string {
    return this.#isImage(name) ? `${name}/nchw` : name;
  }

  /** Strides, and the border that TensorFlow adds: none, or zeros of which the odd one goes to the end. */
  #window(
    layer: Conv2d | SeparableConv2d | MaxPooling2d,
    window: readonly [number, number],
  ): Record<string, OnnxAttribute> {
    const input = this.#shapes.get(layer.inputs[0])!;
    const output = this.#shapes.get(layer.name)!;
    const totals = window.map((size, axis) =>
      layer.padding === "same" ? Math.max(0, (output[axis] - 1) * layer.strides[axis] + size - input[axis]) : 0,
    );
    const begins = totals.map((total) => Math.floor(total / 2));
    const pads = [...begins, ...totals.map((total, axis) => total - begins[axis])];
    return { kernel_shape: window, strides: layer.strides, pads };
  }

  #node(
    operator: string,
    output: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
  ): string {
    this.nodes.push({ operator, name: output, inputs, outputs: [output], attributes });
    return output;
  }

  #transpose(input: string, output: string, perm: readonly number[]): string {
    return this.#node("Transpose", output, [input], { perm });
  }

  #weight(layer: string, weight: string): string {
    return this.#constant(`${layer}/${weight}`, this.#array(layer, weight));
  }

  #integers(name: string, values: readonly number[]): string {
    this.constants.push({ name, shape: [values.length], values: BigInt64Array.from(values, BigInt) });
    return name;
  }

  #constant(name: string, { shape, values }: Weight): string {
    this.constants.push({ name, shape, values });
    return name;
  }

  #array(layer: string, weight: string): Weight {
    return this.model.weights.get(`${layer}/${weight}`)!;
  }

  #value(name: string): string {
    return this.#values.get(name)!;
  }

  #isImage(name: string): boolean {
    return this.#shapes.get(name)!.length === 3;
  }
}

/** Reorders the axes of an array: axis `i` of the result is axis `axes[i]` of the array. */
function permute(shape: readonly number[], values: Float32Array, axes: readonly number[]): Weight {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, length) => product * length, 1));
  const permuted = { shape: axes.map((axis) => shape[axis]), values: new Float32Array(values.length) };
  const index = axes.map(() => 0);
  for (let i = 0; i < values.length; i++) {
    permuted.values[i] = values[axes.reduce((offset, axis, k) => offset + index[k] * strides[axis], 0)];
    for (let k = axes.length - 1; k >= 0 && ++index[k] === permuted.shape[k]; k--) index[k] = 0;
  }
  return permuted;
}
