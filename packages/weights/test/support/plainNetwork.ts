import { inferShapes } from "@btsbot/model";
import type { Activation, Batch, Layer, ModelDefinition, Weights } from "@btsbot/model";

/** One alert's array, last axis fastest. */
interface Array3 {
  readonly shape: readonly number[];
  readonly values: number[];
}

/**
 * Runs a network on one alert in double precision, by loops that follow the definitions of
 * https://www.tensorflow.org/api_docs/python/tf/nn: the independent answer that exports are held against.
 */
export function plainNetwork(definition: ModelDefinition, weights: Weights, alert: Batch): number[] {
  const shapes = inferShapes(definition);
  const values = new Map<string, Array3>();
  for (const { name } of definition.inputs) values.set(name, { shape: shapes.get(name)!, values: Array.from(alert[name]) });
  for (const layer of definition.layers) {
    const inputs = layer.inputs.map((name) => values.get(name)!);
    values.set(layer.name, { shape: shapes.get(layer.name)!, values: run(layer, inputs, weights) });
  }
  return values.get(definition.output.layer)!.values;
}

function run(layer: Layer, inputs: readonly Array3[], weights: Weights): number[] {
  const [input] = inputs;
  const weight = (name: string) => weights.get(`${layer.name}/${name}`)!;
  switch (layer.type) {
    case "dropout":
    case "flatten":
      return input.values;
    case "concatenate":
      return inputs.flatMap(({ values }) => values);
    case "activation":
      return activate(layer.activation, input.values, input.shape.at(-1)!);
    case "globalAveragePooling2d": {
      const [height, width, channels] = input.shape;
      return range(channels).map((c) => sum(range(height * width).map((i) => input.values[i * channels + c])) / (height * width));
    }
    case "batchNormalization": {
      const channels = input.shape.at(-1)!;
      return input.values.map((value, i) => {
        const c = i % channels;
        const scale = weight("gamma").values[c] / Math.sqrt(weight("moving_variance").values[c] + layer.epsilon);
        return (value - weight("moving_mean").values[c]) * scale + weight("beta").values[c];
      });
    }
    case "dense": {
      const { values, shape } = weight("kernel");
      const out = range(shape[1]).map(
        (j) => sum(input.values.map((value, i) => value * values[i * shape[1] + j])) + (layer.useBias ? weight("bias").values[j] : 0),
      );
      return activate(layer.activation, out, shape[1]);
    }
    case "maxPooling2d":
      return windows(input, layer.poolSize, layer.strides, layer.padding, input.shape[2], (pixels, c) =>
        Math.max(...pixels.map(({ at }) => input.values[at + c])),
      );
    case "conv2d": {
      const { values, shape } = weight("kernel");
      const out = windows(input, layer.kernelSize, layer.strides, layer.padding, layer.filters, (pixels, f) =>
        sum(
          pixels.flatMap(({ at, dy, dx }) =>
            range(shape[2]).map((c) => input.values[at + c] * values[((dy * shape[1] + dx) * shape[2] + c) * shape[3] + f]),
          ),
        ) + (layer.useBias ? weight("bias").values[f] : 0),
      );
      return activate(layer.activation, out, layer.filters);
    }
    case "separableConv2d": {
      const depth = weight("depthwise_kernel");
      const point = weight("pointwise_kernel");
      const [, width, channels, multiplier] = depth.shape;
      const middle = windows(input, layer.kernelSize, layer.strides, layer.padding, channels * multiplier, (pixels, k) => {
        const [c, m] = [Math.floor(k / multiplier), k % multiplier];
        return sum(pixels.map(({ at, dy, dx }) => input.values[at + c] * depth.values[((dy * width + dx) * channels + c) * multiplier + m]));
      });
      const out: number[] = [];
      for (let at = 0; at < middle.length; at += channels * multiplier) {
        for (const f of range(layer.filters)) {
          const mixed = sum(range(channels * multiplier).map((k) => middle[at + k] * point.values[k * layer.filters + f]));
          out.push(mixed + (layer.useBias ? weight("bias").values[f] : 0));
        }
      }
      return activate(layer.activation, out, layer.filters);
    }
  }
}

interface Pixel {
  readonly at: number;
  readonly dy: number;
  readonly dx: number;
}

/** For each output pixel and channel, the pixels of the image that its window covers; padding is no pixel. */
function windows(
  { shape: [height, width, channels] }: Array3,
  window: readonly [number, number],
  strides: readonly [number, number],
  padding: "same" | "valid",
  outputs: number,
  value: (pixels: readonly Pixel[], channel: number) => number,
): number[] {
  const [rows, top] = border(height, window[0], strides[0], padding);
  const [columns, left] = border(width, window[1], strides[1], padding);
  return range(rows).flatMap((row) =>
    range(columns).flatMap((column) => {
      const pixels: Pixel[] = [];
      for (const dy of range(window[0])) {
        for (const dx of range(window[1])) {
          const [y, x] = [row * strides[0] + dy - top, column * strides[1] + dx - left];
          if (y >= 0 && y < height && x >= 0 && x < width) pixels.push({ at: (y * width + x) * channels, dy, dx });
        }
      }
      return range(outputs).map((channel) => value(pixels, channel));
    }),
  );
}

/** Length of the output and padding before the input, as tf.nn documents "SAME" and "VALID". */
function border(length: number, window: number, stride: number, padding: "same" | "valid"): [number, number] {
  if (padding === "valid") return [Math.ceil((length - window + 1) / stride), 0];
  const rest = length % stride === 0 ? stride : length % stride;
  return [Math.ceil(length / stride), Math.floor(Math.max(window - rest, 0) / 2)];
}

function activate(activation: Activation, values: number[], channels: number): number[] {
  if (activation === "relu") return values.map((value) => Math.max(0, value));
  if (activation === "tanh") return values.map(Math.tanh);
  if (activation === "sigmoid") return values.map((value) => 1 / (1 + Math.exp(-value)));
  if (activation === "linear") return values;
  return values.map((value, i) => {
    const first = i - (i % channels);
    return Math.exp(value) / sum(values.slice(first, first + channels).map(Math.exp));
  });
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
