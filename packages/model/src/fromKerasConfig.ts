import { BtsbotError } from "@btsbot/errors";
import type { Problem } from "@btsbot/errors";
import type { ImagePreprocessing } from "@btsbot/cutout";
import { inferShapes } from "./inferShapes.js";
import { readKerasLayer } from "./kerasLayers.js";
import type { KerasLayer } from "./kerasLayers.js";
import { outputLength } from "./outputLength.js";
import type { Layer, ModelDefinition, ModelInput, ModelOutput } from "./types.js";

/** What a Keras configuration does not say about a model. */
export interface KerasImport {
  /** The model's name, such as `"btsbot-v1.0.1"`. */
  readonly name: string;
  /** The model's version. */
  readonly version: string;
  /** Feature profile of the vector input; needed if there is one. */
  readonly profile?: string;
  /** Preprocessing of the image input; L2 at the input's size unless given. */
  readonly preprocessing?: ImagePreprocessing;
  /** Names of the classes, in order, for a network that gives a probability for each; without them it gives one score. */
  readonly classes?: readonly string[];
}

/**
 * Reads a network's definition from a Keras configuration, Functional or Sequential: the JSON that a
 * SavedModel's `keras_metadata.pb`, a Keras HDF5 file's `model_config` and a tfjs `model.json` hold.
 *
 * An input of three axes becomes an image, one of one axis a feature vector. Layers are put in an order
 * in which each comes after those that it reads. A Sequential configuration may state no input but the
 * shape that its first layer reads: the input is then named `triplet` if it is an image, and `metadata`
 * if it is a vector, as in BTSbot.
 *
 * @param config - the parsed JSON: `{ class_name, config: { layers, input_layers, output_layers } }`, or
 * `{ class_name: "Sequential", config: { layers } }`
 * @param details - what the configuration does not say
 * @returns the definition
 * @throws BtsbotError with everything that is wrong: `layer-unsupported` for a layer or option that no
 * engine here knows, `model-invalid` for a configuration that is not one of such a model
 *
 * @example
 * ```ts
 * import { fromKerasConfig, mmCnn, toKerasConfig } from "@btsbot/model";
 *
 * const config = toKerasConfig(mmCnn());
 * fromKerasConfig(config, { name: "mine", version: "1", profile: "btsbot-v1" }).layers.length; // => 17
 * ```
 */
export function fromKerasConfig(config: unknown, details: KerasImport): ModelDefinition {
  const { layers, output_layers: outputs } = functionalConfig(config);
  const problems: Problem[] = [];
  const inputs: ModelInput[] = [];
  const read: Layer[] = [];
  for (const layer of layers) {
    if (layer.class_name === "InputLayer") {
      const input = readInput(layer, details);
      if ("code" in input) problems.push(input);
      else inputs.push(input);
    } else {
      const result = readKerasLayer(layer);
      if (result.problems.length > 0) problems.push(...result.problems);
      else read.push(result.layer!);
    }
  }
  if (!Array.isArray(outputs) || outputs.length !== 1 || !Array.isArray(outputs[0])) {
    problems.push(BtsbotError.problem("model-invalid", "one output is expected", { path: "output_layers" }));
  }
  if (problems.length > 0) throw new BtsbotError(problems);
  const definition: ModelDefinition = {
    name: details.name,
    version: details.version,
    inputs,
    layers: inOrder(read, inputs),
    output: toOutput(String((outputs as unknown[][])[0][0]), details.classes),
  };
  checkNormalizedAxes(layers, inferShapes(definition));
  checkOutput(definition);
  return definition;
}

function toOutput(layer: string, classes: readonly string[] | undefined): ModelOutput {
  return classes === undefined ? { kind: "score", layer } : { kind: "classes", layer, classes };
}

function checkOutput(definition: ModelDefinition): void {
  const { output } = definition;
  const shape = inferShapes(definition).get(output.layer)!;
  const length = outputLength(output);
  if (String(shape) === String(length)) return;
  throw new BtsbotError("model-invalid", output.kind === "score" ? "not a score" : "not a probability for each class", {
    path: output.layer,
    expected: length === 1 ? "one number" : `${length} numbers`,
    got: `(${shape.join(", ")})`,
  });
}

interface FunctionalConfig {
  readonly layers: readonly KerasLayer[];
  readonly output_layers: unknown;
}

function functionalConfig(value: unknown): FunctionalConfig {
  const { class_name: kind, config } = (value ?? {}) as {
    class_name?: unknown;
    config?: Partial<FunctionalConfig> | null;
  };
  // Keras before 2.3 wrote a Sequential model's layers without anything around them.
  const layers: unknown = kind === "Sequential" && Array.isArray(config) ? config : config?.layers;
  if ((kind !== "Functional" && kind !== "Model" && kind !== "Sequential") || !Array.isArray(layers)) {
    throw new BtsbotError("model-invalid", "not the configuration of a Keras model, Functional or Sequential", {
      expected: "class_name Functional or Sequential with layers",
      got: `class_name ${String(kind)}`,
    });
  }
  const broken = layers.findIndex((layer) => !isLayer(layer));
  if (broken >= 0) {
    throw new BtsbotError("model-invalid", "not a layer", {
      path: `layers[${broken}]`,
      expected: "class_name and config",
    });
  }
  return kind === "Sequential"
    ? chain(layers as KerasLayer[])
    : { layers: layers as KerasLayer[], output_layers: config!.output_layers };
}

function isLayer(value: unknown): boolean {
  const { class_name: kind, config } = (value ?? {}) as Partial<KerasLayer>;
  return typeof kind === "string" && typeof config === "object" && config !== null;
}

/** A Sequential model as a Functional one: each layer reads the one before it, the first an input. */
function chain(layers: readonly KerasLayer[]): FunctionalConfig {
  const [first] = layers;
  const shape = first?.config.batch_input_shape;
  const name = toList(shape).length === 4 ? "triplet" : "metadata";
  const input: KerasLayer = { class_name: "InputLayer", name, config: { name, batch_input_shape: shape } };
  const all = first?.class_name === "InputLayer" ? layers : [input, ...layers];
  const nameOf = (layer: KerasLayer) => layer.config.name ?? layer.name;
  return {
    layers: all.map((layer, place) =>
      place === 0 ? layer : { ...layer, inbound_nodes: [[[nameOf(all[place - 1]), 0, 0, {}]]] },
    ),
    output_layers: [[nameOf(all[all.length - 1]), 0, 0]],
  };
}

/** A list; a SavedModel writes tuples as objects with `items`. */
function toList(value: unknown): readonly unknown[] {
  const items = Array.isArray(value) ? value : (value as { items?: unknown } | null | undefined)?.items;
  return Array.isArray(items) ? (items as unknown[]) : [];
}

function readInput(layer: KerasLayer, details: KerasImport): ModelInput | Problem {
  const axes = toList(layer.config.batch_input_shape).slice(1).map(Number);
  const path = layer.config.name ?? layer.name;
  if (axes.length === 1 && details.profile !== undefined) {
    return { kind: "features", name: path, profile: details.profile, length: axes[0] };
  }
  if (axes.length === 3 && axes[0] === axes[1] && axes[2] === 3) {
    return {
      kind: "image",
      name: path,
      preprocessing: details.preprocessing ?? { normalization: "l2", size: axes[0] },
    };
  }
  return BtsbotError.problem("model-invalid", "not an input that is known here", {
    path,
    expected: "(n, n, 3), or (n) with a feature profile",
    got: `(${axes.join(", ")})${axes.length === 1 ? " without a profile" : ""}`,
  });
}

/**
 * Keras keeps layers in the order in which they were made or merged: put each after what it reads. An
 * order that is right already is kept, since the hash of the weights follows it.
 */
function inOrder(layers: readonly Layer[], inputs: readonly ModelInput[]): Layer[] {
  const ready = new Set(inputs.map(({ name }) => name));
  const waiting = [...layers];
  const ordered: Layer[] = [];
  while (waiting.length > 0) {
    const next = waiting.findIndex((layer) => layer.inputs.every((name) => ready.has(name)));
    if (next < 0) {
      throw new BtsbotError("model-invalid", "these layers read one another, or what no layer gives", {
        got: waiting.map(({ name }) => name).join(", "),
      });
    }
    const [layer] = waiting.splice(next, 1);
    ready.add(layer.name);
    ordered.push(layer);
  }
  return ordered;
}

/** Batch normalization is known here over the last axis only, which Keras writes as -1 or by its place. */
function checkNormalizedAxes(layers: readonly KerasLayer[], shapes: ReadonlyMap<string, readonly number[]>): void {
  for (const { class_name: kind, name, config } of layers) {
    if (kind !== "BatchNormalization" || config.axis === undefined) continue;
    const path = config.name ?? name;
    const axis = Array.isArray(config.axis) ? (config.axis as unknown[])[0] : config.axis;
    const last = shapes.get(path)!.length;
    if (axis !== -1 && axis !== last) {
      throw new BtsbotError("layer-unsupported", "not supported", {
        path: `${path}.axis`,
        expected: `-1 or ${last}`,
        got: String(axis),
      });
    }
  }
}
