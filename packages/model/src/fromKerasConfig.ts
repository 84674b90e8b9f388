import { BtsbotError, checkOptions, countOf } from "@btsbot/errors";
import type { OptionNames, Problem } from "@btsbot/errors";
import type { ImagePlanes, ImagePreprocessing, StampPadding } from "@btsbot/cutout";
import { checkOutput, findActivation } from "./checkOutput.js";
import { inferShapes } from "./inferShapes.js";
import { readKerasLayer } from "./kerasLayers.js";
import type { KerasScaling } from "./kerasLayers.js";
import { readKerasNetwork } from "./kerasNetwork.js";
import { listOf } from "./kerasNodes.js";
import { nameOf } from "./kerasOptions.js";
import type { KerasLayer } from "./kerasOptions.js";
import { outputLength } from "./outputLength.js";
import type { GivenProfile, ModelDefinition, ModelInput, ModelOutput } from "./types/definition.js";
import type { Layer } from "./types/layers.js";

/** Pixels on a side of a stamp: no larger image can be made (ZTF Science Data System Explanatory Supplement). */
const STAMP_SIZE = 63;
/** Pixels on a side of the largest image that stamps of any size are brought to. */
const MOST_PIXELS = 1024;

/** Science, template, difference, where the preprocessing does not say otherwise. */
const PLANES = 3;

/** How stamps become an image whose size the network says. */
export interface KerasPreprocessing extends ImagePlanes {
  /** How the stamps are normalised. */
  readonly normalization: ImagePreprocessing["normalization"];
  /** How small stamps are padded, for `l2`. */
  readonly padding?: StampPadding;
  /** Pixels on a side; the network's by default, and no other. */
  readonly size?: number;
}

/** What one input of a network is given. */
export interface KerasInput {
  /** Feature profile of a vector. */
  readonly profile?: GivenProfile;
  /** Preprocessing of an image. */
  readonly preprocessing?: KerasPreprocessing;
}

/** What a Keras configuration does not say about a model. */
export interface KerasImport {
  /** The model's name, such as `"btsbot-v1.0.1"`. */
  readonly name: string;
  /** The model's version. */
  readonly version: string;
  /** Feature profile of the vector input; needed if there is one. */
  readonly profile?: GivenProfile;
  /** Preprocessing of the image input, at the input's size unless another is given, which is refused; L2 by default. Needed if its planes are not science, template, difference. */
  readonly preprocessing?: KerasPreprocessing;
  /**
   * What inputs are given by their names in the network, where it reads several images or vectors that differ; an input
   * that is not named here gets `profile` or `preprocessing`.
   */
  readonly inputs?: Readonly<Record<string, KerasInput>>;
  /** The survey whose alerts the network reads, where no profile says it; ZTF by default. */
  readonly survey?: string;
  /** Names of the classes, in order, for a network that gives a probability for each; without them it gives one score. */
  readonly classes?: readonly string[];
  /**
   * What is still to be applied to the output, for a network that gives logits: `"sigmoid"` for a score,
   * `"softmax"` for classes.
   */
  readonly activation?: "sigmoid" | "softmax";
}

/**
 * The names of {@link KerasImport}, for what hands them on: see `checkOptions` of `@btsbot/errors`.
 *
 * @example
 * ```ts
 * import { KERAS_IMPORT } from "@btsbot/model";
 *
 * Object.keys(KERAS_IMPORT).includes("profile"); // => true
 * ```
 */
export const KERAS_IMPORT: OptionNames<KerasImport> = {
  name: "string!",
  version: "string!",
  profile: "string|object",
  preprocessing: "object",
  inputs: "object",
  survey: "string",
  classes: "list",
  activation: "string",
};

const KERAS_INPUT: OptionNames<KerasInput> = { profile: "string|object", preprocessing: "object" };

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
  const problems: Problem[] = [];
  const inputs: ModelInput[] = [];
  const read: Layer[] = [];
  const passes = new Map<string, string>();
  const scalings = new Map<string, KerasScaling>();
  const images = layers.filter((layer) => layer.class_name === "InputLayer" && axesOf(layer).length === 3);
  for (const keras of layers) {
    if (keras.class_name === "InputLayer") {
      const input = readInput(keras, details, images.length < 2);
      if ("code" in input) problems.push(input);
      else inputs.push(input);
      continue;
    }
    const { layer, passes: passed, scaling, problems: found } = readKerasLayer(keras);
    problems.push(...found);
    if (passed !== undefined) passes.set(passed.name, passed.input);
    if (layer !== undefined) read.push(layer);
    if (layer !== undefined && scaling !== undefined) scalings.set(layer.name, scaling);
  }
  if (output === undefined) {
    problems.push(BtsbotError.problem("model-invalid", "one output is expected", { path: "output_layers" }));
  }
  problems.push(...findUnknownInputs(layers, details));
  if (problems.length > 0) throw new BtsbotError(problems);
  const past = (name: string) => skip(name, passes);
  const rewired = read.map((layer) => ({ ...layer, inputs: layer.inputs.map(past) }));
  const definition = finish(inOrder(rewired, inputs), inputs, past(output!), details);
  checkAxes(layers, inferShapes(definition));
  return { definition, scalings };
}

/** Results go by the name: JavaScript has no types to notice that it is missing. */
function checkDetails(details: KerasImport): void {
  for (const [name, input] of Object.entries(details.inputs ?? {})) checkOptions(`inputs.${name}`, input, KERAS_INPUT);
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

/** A misspelt name would leave its input to the defaults. */
function findUnknownInputs(layers: readonly KerasLayer[], { inputs = {} }: KerasImport): Problem[] {
  const known = layers.flatMap((layer) => (layer.class_name === "InputLayer" ? [nameOf(layer)] : []));
  return Object.keys(inputs).flatMap((name) =>
    known.includes(name)
      ? []
      : BtsbotError.problem("model-invalid", "the network has no such input", {
          path: `inputs.${name}`,
          expected: known.length > 1 ? `one of ${known.join(", ")}` : known.join(),
        }),
  );
}

/** The axes of an input after the batch's. */
function axesOf({ config: { batch_input_shape: shape, batch_shape: shape3 } }: KerasLayer): readonly unknown[] {
  return listOf(shape ?? shape3).slice(1);
}

const SAY_PLANES = "Say in `preprocessing` which `planes` the network reads, by their names";

function readInput(layer: KerasLayer, all: KerasImport, isAlone: boolean): ModelInput | Problem {
  const axes = axesOf(layer);
  const path = nameOf(layer);
  const own = all.inputs !== undefined && Object.hasOwn(all.inputs, path) ? all.inputs[path] : {};
  const details = { ...all, ...own };
  const [size, width, planes] = axes;
  if (axes.length === 1 && isSize(size) && details.profile !== undefined) {
    return { kind: "features", name: path, profile: details.profile, length: size };
  }
  const given: KerasPreprocessing = details.preprocessing ?? { normalization: "l2" };
  const preprocessing = { ...given, size: given.size ?? size } as ImagePreprocessing;
  const most = preprocessing.anySize || isOtherSurvey(details) ? MOST_PIXELS : STAMP_SIZE;
  const stated = preprocessing.planes?.length ?? PLANES;
  if (axes.length === 3 && isSize(size) && size <= most && size === width && isSize(planes)) {
    if (preprocessing.size === size && stated === planes) return { kind: "image", name: path, preprocessing };
    return BtsbotError.problem("model-invalid", "the preprocessing gives images of another form", {
      path,
      expected: `size ${size}, ${countOf(planes, "plane")}`,
      got: `size ${preprocessing.size}, ${countOf(stated, "plane")}`,
      hint: SAY_PLANES + (isAlone ? "." : "; in a program, `inputs` says it for each input."),
    });
  }
  return BtsbotError.problem("model-invalid", "not an input that is known here", {
    path,
    expected: `(n, n, planes) with n from 1 to ${most}, or (n) with a feature profile`,
    got: `(${axes.slice(0, 9).map(String).join(", ")})${axes.length === 1 ? " without a profile" : ""}`,
    ...(axes.length === 1 && { hint: "A vector of features needs to be told which: give `profile`." }),
  });
}

/** Stamps of surveys other than ZTF have other sizes. */
function isOtherSurvey({ survey, profile }: KerasImport): boolean {
  const named = survey ?? (typeof profile === "object" ? profile.survey : undefined);
  return named !== undefined && named !== "ztf";
}

function isSize(axis: unknown): axis is number {
  return typeof axis === "number" && Number.isInteger(axis) && axis > 0;
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
