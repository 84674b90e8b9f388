import { BtsbotError } from "@btsbot/errors";
import type { Problem } from "@btsbot/errors";
import { inputShape } from "./inputShape.js";
import type { ModelDefinition } from "./types/definition.js";
import type { Layer, Padding } from "./types/layers.js";

/** What a value is for one alert: the length of its axes, and how many copies of it there are (see `Rotations`). */
interface ValueShape {
  readonly shape: readonly number[];
  readonly copies: number;
}

/**
 * The most numbers that an input or layer may give for one alert: a hundred times what the largest network of
 * this field does, and 64 MB.
 */
const MAX_VALUES = 2 ** 24;

/** Rotations of a square: by 0, 90, 180 and 270 degrees. */
const ROTATIONS = 4;

/**
 * The shape that each input and layer of a network gives for one alert.
 *
 * @param definition - the network
 * @returns by name, the length of each axis without the batch axis: (height, width, channels) or (length)
 * @throws BtsbotError `model-invalid` naming every layer that reads an unknown or later layer, has a
 * name twice, or gets a shape that it cannot read; that joins what has four copies an alert (between
 * `rotations` and `cyclicPooling`) with what has one, or ends the network among them; or saying that the
 * network is an ONNX file, whose layers are not known here
 *
 * @example
 * ```ts
 * import { inferShapes, mmCnn } from "@btsbot/model";
 *
 * inferShapes(mmCnn()).get("flatten"); // => [3136]
 * ```
 */
export function inferShapes(definition: ModelDefinition): Map<string, readonly number[]> {
  if (definition.onnx !== undefined) {
    throw new BtsbotError(
      "model-invalid",
      "this network is an ONNX file, whose layers and weights cannot be read here",
      {
        path: definition.name,
        hint: "Give createOnnxEngine of @btsbot/onnx to what runs it.",
      },
    );
  }
  const extents = new Map<string, ValueShape>();
  const problems: Problem[] = [];
  for (const input of definition.inputs) extents.set(input.name, { shape: inputShape(input), copies: 1 });
  for (const layer of definition.layers) {
    if (extents.has(layer.name)) problems.push(invalid(layer.name, "this name is taken already"));
    const inputs = layer.inputs.map((name) => extents.get(name));
    const unknown = layer.inputs.filter((_, index) => inputs[index] === undefined);
    if (unknown.length > 0 || inputs.length === 0) {
      problems.push(
        invalid(layer.name, "reads what no input or earlier layer gives", unknown.join(", ") || "no input"),
      );
      // Without a shape, every layer after this one would be named too.
      break;
    }
    const extent = layerExtent(layer, inputs as ValueShape[]);
    if (typeof extent === "string") {
      problems.push(invalid(layer.name, extent, `(${inputs.map((input) => String(input!.shape)).join("), (")})`));
      break;
    }
    extents.set(layer.name, extent);
  }
  const { layer } = definition.output;
  if (problems.length === 0 && !extents.has(layer)) problems.push(invalid(layer, "the output names no layer"));
  if (problems.length === 0 && extents.get(layer)!.copies > 1) {
    problems.push(
      invalid(layer, "the network ends with several copies of each alert", `${extents.get(layer)!.copies} copies`),
    );
  }
  if (problems.length > 0) throw new BtsbotError(problems);
  return new Map(Array.from(extents, ([name, { shape }]) => [name, shape]));
}

function invalid(path: string, summary: string, got?: string): Problem {
  return BtsbotError.problem("model-invalid", summary, got === undefined ? { path } : { path, got });
}

/** The layer's output shape and copies, or in words what it cannot read. */
function layerExtent(layer: Layer, inputs: readonly ValueShape[]): ValueShape | string {
  const [{ copies }] = inputs;
  if (inputs.some((input) => input.copies !== copies))
    return "joins inputs that have different numbers of copies of each alert";
  const broken = brokenSize(layer);
  if (broken !== undefined) return `${broken}, expected whole numbers from 1`;
  const shape = layerShape(
    layer,
    inputs.map((input) => input.shape),
  );
  if (typeof shape === "string") return shape;
  const values = copies * shape.reduce((product, axis) => product * axis, 1);
  if (!(values <= MAX_VALUES)) return `gives (${shape.join(", ")}), more than ${MAX_VALUES} numbers`;
  if (layer.type === "rotations")
    return copies === 1 ? { shape, copies: ROTATIONS } : "the alert has its rotations already";
  if (layer.type === "cyclicPooling")
    return copies === ROTATIONS ? { shape, copies: 1 } : "there are no rotations to take the mean of";
  return { shape, copies };
}

/** Sizes of a layer that are not sizes, by name. */
function brokenSize(layer: Layer): string | undefined {
  const sizes: Readonly<Record<string, readonly number[] | number | undefined>> = {
    units: layer.type === "dense" ? layer.units : undefined,
    filters: "filters" in layer ? layer.filters : undefined,
    depthMultiplier: "depthMultiplier" in layer ? layer.depthMultiplier : undefined,
    kernelSize: "kernelSize" in layer ? layer.kernelSize : undefined,
    poolSize: "poolSize" in layer ? layer.poolSize : undefined,
    strides: "strides" in layer ? layer.strides : undefined,
  };
  const isSize = (size: number) => Number.isSafeInteger(size) && size > 0;
  const found = Object.entries(sizes).find(([, value]) => value !== undefined && ![value].flat().every(isSize));
  return found && `${found[0]} ${String(found[1])}`;
}

/** The layer's output shape, or in words what it cannot read. */
function layerShape(layer: Layer, inputs: readonly (readonly number[])[]): readonly number[] | string {
  const input = inputs[0];
  if (layer.type === "concatenate") {
    if (inputs.some((shape) => shape.length !== 1)) return "joins vectors only";
    return [inputs.reduce((sum, [length]) => sum + length, 0)];
  }
  if (inputs.length > 1) return "reads one input only";
  switch (layer.type) {
    case "dropout":
    case "batchNormalization":
    case "activation":
    case "standardize":
    case "cyclicPooling":
      return input;
    case "rotations":
      return input.length === 3 && input[0] === input[1] ? input : "reads square images only";
    case "clip":
      return input.length === 1 && input[0] === layer.bounds.length
        ? input
        : `reads vectors of ${layer.bounds.length} values only`;
    case "zeroPadding2d":
      return input.length === 3 ? padded(input, layer.padding.flat()) : "reads images only";
    case "flatten":
      return [input.reduce((product, axis) => product * axis, 1)];
    case "dense":
      return input.length === 1 ? [layer.units] : "reads vectors only";
    case "globalAveragePooling2d":
      return input.length === 3 ? [input[2]] : "reads images only";
    case "maxPooling2d":
      return windowed(input, layer.poolSize, layer.strides, layer.padding, input[2]);
    case "conv2d":
    case "separableConv2d":
      return windowed(input, layer.kernelSize, layer.strides, layer.padding, layer.filters);
  }
}

function padded([height, width, channels]: readonly number[], sides: readonly number[]): readonly number[] | string {
  const [top, bottom, left, right] = sides;
  if (!sides.every((side) => Number.isInteger(side) && side >= 0)) return "pads by whole numbers, 0 or more, only";
  return [height + top + bottom, width + left + right, channels];
}

/** Height and width as TensorFlow computes them: ceil(n / stride) for same, ceil((n - window + 1) / stride) for valid. */
function windowed(
  input: readonly number[],
  window: readonly [number, number],
  strides: readonly [number, number],
  padding: Padding,
  channels: number,
): readonly number[] | string {
  if (input.length !== 3) return "reads images only";
  const [height, width] = [0, 1].map((axis) =>
    Math.ceil((padding === "same" ? input[axis] : input[axis] - window[axis] + 1) / strides[axis]),
  );
  return height > 0 && width > 0 ? [height, width, channels] : "its window is larger than the image";
}
