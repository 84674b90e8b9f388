import { BtsbotError, checkOptions, countOf } from "@btsbot/errors";
import { checkOutput, findActivation } from "./checkOutput.js";
import { inferShapes } from "./inferShapes.js";
import { KERAS_IMPORT } from "./kerasImport.js";
import type { KerasImport } from "./kerasImport.js";
import { readKerasInputs } from "./kerasInputs.js";
import { readKerasLayer } from "./kerasLayers.js";
import type { KerasScaling } from "./kerasLayers.js";
import { readKerasNetwork } from "./kerasNetwork.js";
import { nameOf } from "./kerasOptions.js";
import type { KerasLayer } from "./kerasOptions.js";
import { outputLength } from "./outputLength.js";
import type { ModelDefinition, ModelInput, ModelOutput } from "./types/definition.js";
import type { Layer } from "./types/layers.js";

/**
 * Reads a network's definition from a Keras configuration, Functional or Sequential, as Keras 2 and 3
 * write it: the JSON that a SavedModel's `keras_metadata.pb`, an HDF5 file's `model_config`, the
 * `config.json` of a `.keras` file and a tfjs `model.json` hold.
 *
 * An input of three axes becomes an image, one of one axis a feature vector. Layers are put in an order
 * in which each comes after those that it reads. A Sequential configuration may state no input but the
 * shape that its first layer reads: the input is then named `triplet` if it is an image, and `metadata`
 * if it is a vector, as in BTSbot.
 *
 * Layers that do nothing at inference besides dropout (random augmentation, noise) are left out. A layer
 * `Rescaling` or `Normalization` becomes `standardize`, whose weights `createKerasModel` makes.
 *
 * @param config - the parsed JSON: `{ class_name, config: { layers, input_layers, output_layers } }`, or
 * `{ class_name: "Sequential", config: { layers } }`
 * @param details - what the configuration does not say
 * @returns the definition
 * @throws BtsbotError with everything that is wrong: `layer-unsupported` for a layer or option that no
 * engine here knows, `model-invalid` for a configuration that is not one of such a model, and
 * `output-not-probability` for one that ends in anything but a sigmoid for a score and a softmax for classes
 * (see `activation` in the details)
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
  checkOptions("fromKerasConfig", details, KERAS_IMPORT);
  return readKerasModel(config, details).definition;
}

/**
 * A definition, and of its layers `standardize` those whose weights a Keras file holds in another form.
 *
 * @internal
 */
export interface KerasDefinition {
  readonly definition: ModelDefinition;
  readonly scalings: ReadonlyMap<string, KerasScaling>;
}

/**
 * As `fromKerasConfig`, with what its weights are made of.
 *
 * @internal
 */
export function readKerasModel(config: unknown, details: KerasImport): KerasDefinition {
  checkDetails(details);
  const { layers, output } = readKerasNetwork(config);
  const { inputs, problems } = readKerasInputs(layers, details);
  const read: Layer[] = [];
  const passes = new Map<string, string>();
  const scalings = new Map<string, KerasScaling>();
  for (const keras of layers) {
    if (keras.class_name === "InputLayer") continue;
    const { layer, passes: passed, scaling, problems: found } = readKerasLayer(keras);
    problems.push(...found);
    if (passed !== undefined) passes.set(passed.name, passed.input);
    if (layer !== undefined) read.push(layer);
    if (layer !== undefined && scaling !== undefined) scalings.set(layer.name, scaling);
  }
  if (output === undefined) {
    problems.push(BtsbotError.problem("model-invalid", "one output is expected", { path: "output_layers" }));
  }
  if (problems.length > 0) throw new BtsbotError(problems);
  const past = (name: string) => skip(name, passes);
  const rewired = read.map((layer) => ({ ...layer, inputs: layer.inputs.map(past) }));
  const definition = finish(inOrder(rewired, inputs), inputs, past(output!), details);
  checkAxes(layers, inferShapes(definition));
  return { definition, scalings };
}

/** Results go by the name: JavaScript has no types to notice that it is missing. */
function checkDetails(details: KerasImport): void {
  for (const field of ["name", "version"] as const) {
    const value: unknown = details[field];
    if (typeof value === "string" && value !== "") continue;
    const got = typeof value === "string" ? "an empty one" : typeof value;
    throw new BtsbotError("model-invalid", `the model has no ${field}`, { path: field, expected: "a text", got });
  }
}

/** The definition with its output, which is checked to be a probability. */
function finish(
  layers: readonly Layer[],
  inputs: readonly ModelInput[],
  last: string,
  { name, version, classes, activation, survey }: KerasImport,
): ModelDefinition {
  const added: Layer[] =
    activation === undefined ? [] : [{ type: "activation", name: `${last}_${activation}`, inputs: [last], activation }];
  const layer = added[0]?.name ?? last;
  const output: ModelOutput = classes === undefined ? { kind: "score", layer } : { kind: "classes", layer, classes };
  const definition: ModelDefinition = {
    name,
    version,
    inputs,
    layers: [...layers, ...added],
    output,
    ...(survey !== undefined && { survey }),
  };
  checkLength(definition);
  if (activation !== undefined) checkLogits(definition, last, activation);
  checkOutput(definition);
  return definition;
}

/** Refuses to apply an activation to what are probabilities already. */
function checkLogits({ layers }: ModelDefinition, last: string, activation: string): void {
  const ends = findActivation(layers, last);
  if (ends !== "sigmoid" && ends !== "softmax") return;
  throw new BtsbotError("model-invalid", "the network ends in probabilities already", {
    path: last,
    expected: "logits",
    got: `activation: "${activation}" after ${ends}`,
    hint: "Leave `activation` out.",
  });
}

/** The first layer or input on the way back from `name` that does something. */
function skip(name: string, passes: ReadonlyMap<string, string>): string {
  let found = name;
  // Of a damaged file these layers may read one another; `inOrder` says so then.
  for (let steps = 0; steps < passes.size && passes.has(found); steps++) found = passes.get(found)!;
  return found;
}

function checkLength(definition: ModelDefinition): void {
  const { output } = definition;
  const shape = inferShapes(definition).get(output.layer)!;
  const length = outputLength(output);
  if (String(shape) === String(length)) return;
  throw new BtsbotError("model-invalid", output.kind === "score" ? "not a score" : "not a probability for each class", {
    path: output.layer,
    expected: length === 1 ? "one number" : countOf(length, "number"),
    got: `(${shape.join(", ")})`,
    ...(output.kind === "score" &&
      shape.length === 1 && { hint: "A network of several classes needs their names: give `classes`." }),
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

/** The layers that work along an axis know the last one only, which Keras writes as -1 or by its place. */
const ALONG_AXIS = new Set(["BatchNormalization", "Normalization", "Softmax", "Concatenate"]);

function checkAxes(layers: readonly KerasLayer[], shapes: ReadonlyMap<string, readonly number[]>): void {
  for (const layer of layers) {
    if (!ALONG_AXIS.has(layer.class_name) || layer.config.axis === undefined) continue;
    const path = nameOf(layer);
    const { axis: stated } = layer.config;
    const axis = Array.isArray(stated) && stated.length === 1 ? (stated[0] as unknown) : stated;
    const last = shapes.get(path)?.length ?? 1;
    if (axis !== -1 && axis !== last) {
      const [expected, got] = [`-1 or ${last}`, JSON.stringify(axis)];
      throw new BtsbotError("layer-unsupported", "not supported", { path: `${path}.axis`, expected, got });
    }
  }
}
