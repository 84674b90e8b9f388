import { inferShapes } from "./inferShapes.js";
import { inputShape } from "./inputShape.js";
import type { ModelDefinition } from "./types/definition.js";
import type { Layer } from "./types/layers.js";

/** A Keras Functional model's configuration, plain JSON. */
export interface KerasConfig {
  /** `Functional`. */
  readonly class_name: string;
  /** Name, layers, input and output layers. */
  readonly config: object;
}

/**
 * Writes a network's definition as a Keras Functional configuration, which tfjs-layers and Keras 2 read.
 * The layers `clip`, `standardize`, `rotations` and `cyclicPooling`, which Keras does not have, get
 * class names that begin with `Btsbot`; `@btsbot/tfjs` has these classes.
 *
 * @param definition - the network
 * @returns plain JSON, `{ class_name: "Functional", config }`
 * @throws BtsbotError `model-invalid` if the layers do not fit together
 *
 * @example
 * ```ts
 * import { mmCnn, toKerasConfig } from "@btsbot/model";
 *
 * toKerasConfig(mmCnn()).class_name; // => "Functional"
 * ```
 */
export function toKerasConfig(definition: ModelDefinition): KerasConfig {
  inferShapes(definition);
  const inputs = definition.inputs.map((input) =>
    kerasLayer("InputLayer", input.name, [], {
      batch_input_shape: [null, ...inputShape(input)],
      dtype: "float32",
      sparse: false,
    }),
  );
  const layers = definition.layers.map((layer) => kerasLayer(...describe(layer)));
  return {
    class_name: "Functional",
    config: {
      name: definition.name,
      layers: [...inputs, ...layers],
      input_layers: definition.inputs.map(({ name }) => [name, 0, 0]),
      output_layers: [[definition.output.layer, 0, 0]],
    },
  };
}

function kerasLayer(className: string, name: string, inputs: readonly string[], config: object): object {
  return {
    class_name: className,
    name,
    config: { name, trainable: true, ...config },
    inbound_nodes: inputs.length > 0 ? [inputs.map((input) => [input, 0, 0, {}])] : [],
  };
}

type Described = [className: string, name: string, inputs: readonly string[], config: object];

function describe(layer: Layer): Described {
  const described = (className: string, config: object): Described => [className, layer.name, layer.inputs, config];
  switch (layer.type) {
    case "conv2d":
      return described("Conv2D", convolution(layer));
    case "separableConv2d":
      return described("SeparableConv2D", { ...convolution(layer), depth_multiplier: layer.depthMultiplier });
    case "maxPooling2d":
      return described("MaxPooling2D", {
        pool_size: layer.poolSize,
        strides: layer.strides,
        padding: layer.padding,
        data_format: "channels_last",
      });
    case "globalAveragePooling2d":
      return described("GlobalAveragePooling2D", { data_format: "channels_last" });
    case "flatten":
      return described("Flatten", { data_format: "channels_last" });
    case "dense":
      return described("Dense", { units: layer.units, activation: layer.activation, use_bias: layer.useBias });
    case "activation":
      return described("Activation", { activation: layer.activation });
    case "dropout":
      return described("Dropout", { rate: layer.rate });
    case "batchNormalization":
      return described("BatchNormalization", {
        axis: -1,
        epsilon: layer.epsilon,
        momentum: layer.momentum,
        center: true,
        scale: true,
      });
    case "concatenate":
      return described("Concatenate", { axis: -1 });
    case "zeroPadding2d":
      return described("ZeroPadding2D", { padding: layer.padding, data_format: "channels_last" });
    case "clip":
      return described("BtsbotClip", { bounds: layer.bounds });
    case "standardize":
      return described("BtsbotStandardize", {});
    case "rotations":
      return described("BtsbotRotations", {});
    case "cyclicPooling":
      return described("BtsbotCyclicPooling", {});
  }
}

function convolution(layer: Extract<Layer, { filters: number }>): object {
  return {
    filters: layer.filters,
    kernel_size: layer.kernelSize,
    strides: layer.strides,
    padding: layer.padding,
    activation: layer.activation,
    use_bias: layer.useBias,
    data_format: "channels_last",
    dilation_rate: [1, 1],
  };
}
