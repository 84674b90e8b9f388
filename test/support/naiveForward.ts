import { inferShapes } from "@btsbot/model";
import type { Activation, Layer, ModelDefinition, Padding, Weights } from "@btsbot/model";

/** An array with its shape, (height, width, channels) or (length), last axis fastest. */
interface Values {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/**
 * Runs a network on one alert by plain loops in float64: slow, and plain enough to be believed.
 * The truth that engines and exporters are tested against.
 *
 * @param definition - the network
 * @param weights - its weights
 * @param inputs - one array for each input
 * @returns the output layer's values
 */
export function naiveForward(
  definition: ModelDefinition,
  weights: Weights,
  inputs: Readonly<Record<string, ArrayLike<number>>>,
): Float64Array {
  const shapes = inferShapes(definition);
  // One entry for each copy of the alert: one, or between rotations and their pooling four.
  const values = new Map<string, readonly Values[]>();
  for (const { name } of definition.inputs) {
    values.set(name, [{ shape: shapes.get(name)!, data: Float64Array.from(inputs[name]) }]);
  }
  for (const layer of definition.layers) {
    const read = layer.inputs.map((name) => values.get(name)!);
    const shape = shapes.get(layer.name)!;
    const weight = (name: string) => weights.get(`${layer.name}/${name}`)?.values;
    const copy = (data: Float64Array): Values => ({ shape, data });
    if (layer.type === "rotations")
      values.set(
        layer.name,
        [0, 1, 2, 3].map((turns) => copy(rotate(read[0][0], turns))),
      );
    else if (layer.type === "cyclicPooling") values.set(layer.name, [copy(meanOf(read[0]))]);
    else
      values.set(
        layer.name,
        read[0].map((_, place) =>
          copy(
            run(
              layer,
              read.map((copies) => copies[place]),
              shape,
              weight,
            ),
          ),
        ),
      );
  }
  return values.get(definition.output.layer)![0].data;
}

/** A square image turned counter-clockwise: each quarter turn brings the last column to the first row. */
function rotate({ shape, data }: Values, turns: number): Float64Array {
  if (turns === 0) return data;
  const [side, , channels] = shape;
  const turned = data.map((_, index) => {
    const [row, column] = [Math.floor(index / (side * channels)), Math.floor(index / channels) % side];
    return data[(column * side + (side - 1 - row)) * channels + (index % channels)];
  });
  return rotate({ shape, data: turned }, turns - 1);
}

function meanOf(copies: readonly Values[]): Float64Array {
  return copies[0].data.map((_, index) => copies.reduce((sum, { data }) => sum + data[index], 0) / copies.length);
}

type WeightOf = (name: string) => Float32Array | undefined;

function run(
  layer: Exclude<Layer, { type: "rotations" | "cyclicPooling" }>,
  read: readonly Values[],
  shape: readonly number[],
  weight: WeightOf,
): Float64Array {
  const [input] = read;
  switch (layer.type) {
    case "dropout":
    case "flatten":
      return input.data;
    case "activation":
      return activate(input.data, layer.activation);
    case "concatenate":
      return Float64Array.from(read.flatMap(({ data }) => [...data]));
    case "globalAveragePooling2d":
      return input.data.reduce((means, value, index) => {
        means[index % shape[0]] += value / (input.shape[0] * input.shape[1]);
        return means;
      }, new Float64Array(shape[0]));
    case "batchNormalization":
      return input.data.map((value, index) => {
        const c = index % input.shape[input.shape.length - 1];
        const deviation = Math.sqrt(weight("moving_variance")![c] + layer.epsilon);
        return ((value - weight("moving_mean")![c]) / deviation) * weight("gamma")![c] + weight("beta")![c];
      });
    case "standardize":
      return input.data.map((value, index) => {
        const c = index % input.shape[input.shape.length - 1];
        return (value - weight("mean")![c]) / weight("deviation")![c];
      });
    case "clip":
      return input.data.map((value, index) => {
        const [least, greatest] = layer.bounds[index];
        return Math.min(Math.max(value, least ?? -Infinity), greatest ?? Infinity);
      });
    case "zeroPadding2d": {
      const [height, width, channels] = input.shape;
      const [[top], [left]] = layer.padding;
      return new Float64Array(shape[0] * shape[1] * shape[2]).map((_, index) => {
        const [row, column] = [
          Math.floor(index / (shape[1] * channels)) - top,
          (Math.floor(index / channels) % shape[1]) - left,
        ];
        const inside = row >= 0 && row < height && column >= 0 && column < width;
        return inside ? input.data[(row * width + column) * channels + (index % channels)] : 0;
      });
    }
    case "dense":
      return activate(dense(input.data, weight("kernel")!, weight("bias"), layer.units), layer.activation);
    case "maxPooling2d":
      return windows(input, shape, layer.poolSize, layer.strides, layer.padding, (at, out, c) => {
        out(Math.max(...at.map(([index]) => input.data[index + c])));
      });
    case "conv2d": {
      const convolved = convolve(input, shape, layer, weight("kernel")!, false);
      return activate(addBias(convolved, weight("bias")), layer.activation);
    }
    case "separableConv2d": {
      const channels = input.shape[2] * layer.depthMultiplier;
      const middle = [shape[0], shape[1], channels];
      const depthwise = convolve(input, middle, layer, weight("depthwise_kernel")!, true);
      const pointwise = { kernelSize: [1, 1], strides: [1, 1], padding: "valid" } as const;
      const mixed = convolve({ shape: middle, data: depthwise }, shape, pointwise, weight("pointwise_kernel")!, false);
      return activate(addBias(mixed, weight("bias")), layer.activation);
    }
  }
}

function dense(input: Float64Array, kernel: Float32Array, bias: Float32Array | undefined, units: number): Float64Array {
  return Float64Array.from({ length: units }, (_, unit) =>
    input.reduce((sum, value, index) => sum + value * kernel[index * units + unit], bias?.[unit] ?? 0),
  );
}

interface Window {
  readonly kernelSize: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: Padding;
}

/** A convolution; depthwise, output channel `c` reads input channel `c / multiplier` only. */
function convolve(
  input: Values,
  shape: readonly number[],
  layer: Window,
  kernel: Float32Array,
  depthwise: boolean,
): Float64Array {
  const channels = input.shape[2];
  const filters = shape[2];
  const multiplier = filters / channels;
  return windows(input, shape, layer.kernelSize, layer.strides, layer.padding, (at, out, filter) => {
    let sum = 0;
    for (const [index, tap] of at) {
      if (depthwise) sum += input.data[index + Math.floor(filter / multiplier)] * kernel[tap * filters + filter];
      else
        for (let c = 0; c < channels; c++)
          sum += input.data[index + c] * kernel[(tap * channels + c) * filters + filter];
    }
    out(sum);
  });
}

/** Visits each output value with the [index of the pixel's first channel, tap of the window] pairs inside the image. */
function windows(
  input: Values,
  shape: readonly number[],
  size: readonly [number, number],
  strides: readonly [number, number],
  padding: Padding,
  visit: (at: readonly [number, number][], out: (value: number) => void, channel: number) => void,
): Float64Array {
  const [height, width, channels] = input.shape;
  // TensorFlow: the padding that "same" needs in all, the smaller half of it before the image.
  const before = [0, 1].map((axis) =>
    padding === "valid"
      ? 0
      : Math.floor(Math.max(0, (shape[axis] - 1) * strides[axis] + size[axis] - input.shape[axis]) / 2),
  );
  const result = new Float64Array(shape[0] * shape[1] * shape[2]);
  for (let row = 0, place = 0; row < shape[0]; row++) {
    for (let column = 0; column < shape[1]; column++) {
      const at: [number, number][] = [];
      for (let i = 0; i < size[0]; i++) {
        for (let j = 0; j < size[1]; j++) {
          const y = row * strides[0] + i - before[0];
          const x = column * strides[1] + j - before[1];
          if (y >= 0 && y < height && x >= 0 && x < width) at.push([(y * width + x) * channels, i * size[1] + j]);
        }
      }
      for (let channel = 0; channel < shape[2]; channel++) visit(at, (value) => (result[place++] = value), channel);
    }
  }
  return result;
}

function addBias(data: Float64Array, bias: Float32Array | undefined): Float64Array {
  return bias === undefined ? data : data.map((value, index) => value + bias[index % bias.length]);
}

function activate(data: Float64Array, activation: Activation): Float64Array {
  switch (activation) {
    case "linear":
      return data;
    case "relu":
      return data.map((value) => Math.max(0, value));
    case "sigmoid":
      return data.map((value) => 1 / (1 + Math.exp(-value)));
    case "tanh":
      return data.map(Math.tanh);
    case "softmax": {
      const largest = data.reduce((a, b) => Math.max(a, b));
      const powers = data.map((value) => Math.exp(value - largest));
      const sum = powers.reduce((a, b) => a + b);
      return powers.map((value) => value / sum);
    }
  }
}
