import { inferShapes } from "./inferShapes.js";
import type { ModelDefinition } from "./types/definition.js";
import type { Layer } from "./types/layers.js";

/** The name and shape of one array of weights. */
export interface WeightSpec {
  /** `layer/weight`, such as `"conv1/kernel"`. */
  readonly name: string;
  /** Length of each axis. */
  readonly shape: readonly number[];
}

/**
 * The weights that a network needs, in the order of its layers and, within a layer, in Keras's order.
 *
 * @param definition - the network
 * @returns names and shapes
 * @throws BtsbotError `model-invalid` if the layers do not fit together
 *
 * @example
 * ```ts
 * import { mmCnn, weightSpecs } from "@btsbot/model";
 *
 * weightSpecs(mmCnn())[0]; // => { name: "conv1/kernel", shape: [5, 5, 3, 32] }
 * ```
 */
export function weightSpecs(definition: ModelDefinition): WeightSpec[] {
  const shapes = inferShapes(definition);
  return definition.layers.flatMap((layer) => {
    const input = shapes.get(layer.inputs[0])!;
    return layerWeights(layer, input[input.length - 1]).map(([weight, shape]) => ({
      name: `${layer.name}/${weight}`,
      shape,
    }));
  });
}

/** Names and shapes of a layer's weights, given the length of its input's last axis. */
function layerWeights(layer: Layer, channels: number): [string, number[]][] {
  switch (layer.type) {
    case "conv2d":
      return [["kernel", [...layer.kernelSize, channels, layer.filters]], ...bias(layer.useBias, layer.filters)];
    case "separableConv2d":
      return [
        ["depthwise_kernel", [...layer.kernelSize, channels, layer.depthMultiplier]],
        ["pointwise_kernel", [1, 1, channels * layer.depthMultiplier, layer.filters]],
        ...bias(layer.useBias, layer.filters),
      ];
    case "dense":
      return [["kernel", [channels, layer.units]], ...bias(layer.useBias, layer.units)];
    case "batchNormalization":
      return ["gamma", "beta", "moving_mean", "moving_variance"].map((name) => [name, [channels]]);
    case "standardize":
      return ["mean", "deviation"].map((name) => [name, [channels]]);
    default:
      return [];
  }
}

function bias(used: boolean, length: number): [string, number[]][] {
  return used ? [["bias", [length]]] : [];
}
