import { inferShapes } from "./inferShapes.js";
import type { Activation, Layer } from "./types/layers.js";
import type { Model } from "./types/model.js";

/** The largest float32, and what is left of it for sums inside of a layer: of transforms, for instance, or over an image. */
const FLOAT32_MAX = 3.4028234663852886e38;
const MARGIN = 1e8;
const LIMIT = FLOAT32_MAX / MARGIN;

/** For each channel the most that its values can be, as slope * m + offset, where m is the largest input. */
interface Bound {
  readonly slope: Float64Array;
  readonly offset: Float64Array;
}

/**
 * The largest magnitude of any input for which no number inside of a network can leave single precision,
 * whatever the inputs are: each layer's values are bounded by the sums of the magnitudes of its weights.
 *
 * @returns that magnitude, above 1e19 for every published model; -1 if there is none, because of weights as
 * large as that or of a scale that is not a number
 *
 * @internal
 */
export function findReach({ definition, weights }: Model): number {
  const shapes = inferShapes(definition);
  const bounds = new Map<string, Bound>();
  const weight = (name: string) => weights.get(name)?.values ?? new Float32Array(0);
  for (const { name } of definition.inputs) bounds.set(name, fill(shapes.get(name)!.at(-1)!, 1, 0));
  let reach = LIMIT;
  for (const layer of definition.layers) {
    const inputs = layer.inputs.map((name) => bounds.get(name)!);
    const [linear, ...before] = boundLayer(layer, inputs, shapes.get(layer.inputs[0])!, weight);
    for (const bound of [linear, ...before]) reach = Math.min(reach, reachOf(bound));
    bounds.set(layer.name, "activation" in layer ? activate(linear, layer.activation) : linear);
  }
  // A comparison with NaN is false: what is not a number reaches nowhere.
  return reach >= 0 ? reach : -1;
}

function fill(length: number, slope: number, offset: number): Bound {
  return { slope: new Float64Array(length).fill(slope), offset: new Float64Array(length).fill(offset) };
}

/** The bound of a layer before its activation, and of what it computes on the way there. */
function boundLayer(
  layer: Layer,
  inputs: readonly Bound[],
  shape: readonly number[],
  weight: (name: string) => Float32Array,
): Bound[] {
  const [input] = inputs;
  const of = (name: string) => weight(`${layer.name}/${name}`);
  switch (layer.type) {
    case "dense":
      return [addUp(input, of("kernel"), layer.units, of("bias"))];
    case "conv2d":
      return [addUp(input, of("kernel"), layer.filters, of("bias"))];
    case "separableConv2d": {
      const depthwise = multiply(input, of("depthwise_kernel"), layer.depthMultiplier);
      return [addUp(depthwise, of("pointwise_kernel"), layer.filters, of("bias")), depthwise];
    }
    case "batchNormalization": {
      const scale = of("moving_variance").map((variance, i) => of("gamma")[i] / Math.sqrt(variance + layer.epsilon));
      return shiftAndScale(input, of("moving_mean"), scale, of("beta"));
    }
    case "standardize":
      return shiftAndScale(
        input,
        of("mean"),
        of("deviation").map((value) => 1 / value),
        new Float32Array(shape.at(-1)!),
      );
    case "clip":
      return [clip(input, layer.bounds)];
    case "concatenate":
      return [{ slope: join(inputs.map(({ slope }) => slope)), offset: join(inputs.map(({ offset }) => offset)) }];
    case "flatten": {
      const pixels = shape.slice(0, -1).reduce((product, axis) => product * axis, 1);
      return [{ slope: repeat(input.slope, pixels), offset: repeat(input.offset, pixels) }];
    }
    default:
      return [input];
  }
}

/** Sums over a kernel whose last axes are channels in and channels out, and whose other axes are a window. */
function addUp({ slope, offset }: Bound, kernel: Float32Array, units: number, bias: Float32Array): Bound {
  const sum = fill(units, 0, 0);
  // Counted loops: there are hundreds of thousands of weights, and the first score waits for this.
  for (let row = 0; row < kernel.length / units; row += 1) {
    const from = row % slope.length;
    for (let to = 0; to < units; to += 1) {
      const size = Math.abs(kernel[row * units + to]);
      sum.slope[to] += size * slope[from];
      sum.offset[to] += size * offset[from];
    }
  }
  bias.forEach((value, to) => (sum.offset[to] += Math.abs(value)));
  return sum;
}

/** Sums over the windows of a depthwise kernel: each channel in gives some of its own. */
function multiply({ slope, offset }: Bound, kernel: Float32Array, each: number): Bound {
  const sum = fill(slope.length * each, 0, 0);
  kernel.forEach((value, place) => {
    const to = place % (slope.length * each);
    sum.slope[to] += Math.abs(value) * slope[Math.floor(to / each)];
    sum.offset[to] += Math.abs(value) * offset[Math.floor(to / each)];
  });
  return sum;
}

/** (x - shift) * scale + add. */
function shiftAndScale({ slope, offset }: Bound, shift: Float32Array, scale: Float32Array, add: Float32Array): Bound[] {
  const shifted = { slope, offset: offset.map((value, i) => value + Math.abs(shift[i])) };
  const scaled = {
    slope: slope.map((value, i) => value * Math.abs(scale[i])),
    offset: shifted.offset.map((value, i) => value * Math.abs(scale[i]) + Math.abs(add[i])),
  };
  return [scaled, shifted];
}

function clip({ slope, offset }: Bound, bounds: readonly (readonly [number | null, number | null])[]): Bound {
  const most = bounds.map(([least, greatest]) => Math.max(Math.abs(least ?? 0), Math.abs(greatest ?? 0)));
  const isBounded = bounds.map(([least, greatest]) => least !== null && greatest !== null);
  return {
    slope: slope.map((value, i) => (isBounded[i] ? 0 : value)),
    offset: offset.map((value, i) => (isBounded[i] ? most[i] : Math.max(value, most[i]))),
  };
}

/** What a saturating activation gives is 1 at most; the others keep a bound. */
function activate(bound: Bound, activation: Activation): Bound {
  return activation === "linear" || activation === "relu" ? bound : fill(bound.slope.length, 0, 1);
}

function reachOf({ slope, offset }: Bound): number {
  let reach = LIMIT;
  for (let i = 0; i < slope.length; i += 1) {
    if (!Number.isFinite(slope[i]) || !(offset[i] <= LIMIT)) return -1;
    if (slope[i] > 0) reach = Math.min(reach, (LIMIT - offset[i]) / slope[i]);
  }
  return reach;
}

function join(parts: readonly Float64Array[]): Float64Array {
  return Float64Array.from(parts.flatMap((part) => [...part]));
}

function repeat(values: Float64Array, times: number): Float64Array {
  return Float64Array.from({ length: values.length * times }, (_, place) => values[place % values.length]);
}
