import { BtsbotError } from "@btsbot/errors";
import type { Problem } from "@btsbot/errors";
import { inputShape } from "./inputLength.js";
import type { Layer, ModelDefinition, Padding } from "./types.js";

/**
 * The shape that each input and layer of a network gives for one alert.
 *
 * @param definition - the network
 * @returns by name, the length of each axis without the batch axis: (height, width, channels) or (length)
 * @throws BtsbotError `model-invalid` naming every layer that reads an unknown or later layer, has a
 * name twice, or gets a shape that it cannot read
 *
 * @example
 * ```ts
 * import { inferShapes, mmCnn } from "@btsbot/model";
 *
 * inferShapes(mmCnn()).get("flatten"); // => [3136]
 * ```
 */
export function inferShapes(definition: ModelDefinition): Map<string, readonly number[]> {
  const shapes = new Map<string, readonly number[]>();
  const problems: Problem[] = [];
  for (const input of definition.inputs) shapes.set(input.name, inputShape(input));
  for (const layer of definition.layers) {
    if (shapes.has(layer.name)) problems.push(invalid(layer.name, "this name is taken already"));
    const inputs = layer.inputs.map((name) => shapes.get(name));
    const unknown = layer.inputs.filter((_, index) => inputs[index] === undefined);
    if (unknown.length > 0 || inputs.length === 0) {
      problems.push(invalid(layer.name, "reads what no input or earlier layer gives", unknown.join(", ") || "no input"));
      // Without a shape, every layer after this one would be named too.
      break;
    }
    const shape = layerShape(layer, inputs as (readonly number[])[]);
    if (typeof shape === "string") {
      problems.push(invalid(layer.name, shape, `(${inputs.map(String).join("), (")})`));
      break;
    }
    shapes.set(layer.name, shape);
  }
  const { layer } = definition.output;
  if (problems.length === 0 && !shapes.has(layer)) problems.push(invalid(layer, "the output names no layer"));
  if (problems.length > 0) throw new BtsbotError(problems);
  return shapes;
}

function invalid(path: string, summary: string, got?: string): Problem {
  return BtsbotError.problem("model-invalid", summary, got === undefined ? { path } : { path, got });
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
      return input;
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
