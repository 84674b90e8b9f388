import { BtsbotError, checkArgument, checkOptions } from "@btsbot/errors";
import type { Code } from "@btsbot/errors";
import { createModel } from "./createModel.js";
import { readKerasModel } from "./fromKerasConfig.js";
import { KERAS_IMPORT } from "./kerasImport.js";
import type { KerasImport } from "./kerasImport.js";
import { ACTIVATIONS, KNOWN_LAYERS } from "./kerasLayers.js";
import type { KerasScaling } from "./kerasLayers.js";
import type { ModelDefinition } from "./types/definition.js";
import type { Model, ModelSource, Weight, Weights } from "./types/model.js";
import { weightSpecs } from "./weightSpecs.js";

/** What a Keras file holds, whatever its format: the network's configuration, the weights. */
export interface KerasContent {
  /** The configuration, parsed (see `fromKerasConfig`). */
  readonly kerasConfig: unknown;
  /** The weights by `layer/weight`, as Keras names them; scopes in front of the layer's name are allowed. */
  readonly weights: Weights;
  /** What wrote the file, such as `"Keras 3.15.1"`, for messages. */
  readonly writtenBy?: string;
}

/** The least deviation that Keras's `Normalization` divides by (`backend.epsilon()`). */
const LEAST_DEVIATION = 1e-7;

/** What the seeds of random layers and the number of samples seen are called: no weights of a network. */
const NOT_WEIGHTS = new Set(["seed_generator_state", "StateVar", "count"]);

/**
 * Makes a model of what a Keras file holds: its architecture as a definition, its weights checked and hashed.
 *
 * @param content - configuration and weights
 * @param details - what the file does not say: name, version, feature profile
 * @param source - where it comes from
 * @returns the network with its weights
 * @throws BtsbotError as `fromKerasConfig` and `createModel`; what is not supported is said with what wrote the file
 * and with what to do
 *
 * @example
 * ```ts
 * import { createKerasModel, initializeWeights, mmCnn, toKerasConfig } from "@btsbot/model";
 *
 * const definition = mmCnn();
 * const content = { kerasConfig: toKerasConfig(definition), weights: initializeWeights(definition, 1) };
 * const model = await createKerasModel(content, { name: "mine", version: "1", profile: "btsbot-v1" });
 * model.definition.name; // => "mine"
 * ```
 */
export async function createKerasModel(
  content: KerasContent,
  details: KerasImport,
  source?: ModelSource,
): Promise<Model> {
  checkOptions("createKerasModel", details, KERAS_IMPORT);
  checkArgument("createKerasModel", "content", content, "object", ["kerasConfig", "weights"]);
  try {
    const { definition, scalings } = readKerasModel(content.kerasConfig, details);
    return await createModel(definition, toWeights(definition, scalings, content.weights), source);
  } catch (error) {
    throw error instanceof BtsbotError ? withWayOut(error, content.writtenBy) : error;
  }
}

/** The weights under the names that the definition has for them. */
function toWeights(definition: ModelDefinition, scalings: ReadonlyMap<string, KerasScaling>, given: Weights): Weights {
  const weights = new Map<string, Weight>();
  const specs = weightSpecs(definition);
  const known = new Set(specs.map(({ name }) => name));
  for (const [name, weight] of given) {
    const place = known.has(name) ? name : name.split("/").slice(-2).join("/");
    if (!NOT_WEIGHTS.has(place.slice(place.lastIndexOf("/") + 1))) weights.set(place, weight);
  }
  for (const [layer, scaling] of scalings) {
    const [channels] = specs.find(({ name }) => name === `${layer}/mean`)!.shape;
    const { mean, deviation } = standardized(scaling, weights.get(`${layer}/mean`), weights.get(`${layer}/variance`));
    weights.delete(`${layer}/variance`);
    if (mean !== undefined) weights.set(`${layer}/mean`, spread(mean, channels));
    if (deviation !== undefined) weights.set(`${layer}/deviation`, spread(deviation, channels));
  }
  return weights;
}

type Values = readonly number[] | Float32Array;

/** `x * scale + offset` is `(x - mean) / deviation` with the mean `-offset / scale` and the deviation `1 / scale`. */
function standardized(
  scaling: KerasScaling,
  mean: Weight | undefined,
  variance: Weight | undefined,
): { mean?: Values | undefined; deviation?: Values | undefined } {
  if (scaling.kind === "rescaling") {
    const { scale, offset } = scaling;
    const length = Math.max(scale.length, offset.length);
    const at = (values: readonly number[], place: number) => values[values.length === 1 ? 0 : place];
    const places = Array.from({ length }, (_, place) => place);
    return {
      // Not -0, where there is no offset.
      mean: places.map((place) => 0 - at(offset, place) / at(scale, place)),
      deviation: places.map((place) => 1 / at(scale, place)),
    };
  }
  const variances: Values | undefined = scaling.variance ?? variance?.values;
  const deviation = variances && Array.from(variances, (value) => Math.max(Math.sqrt(value), LEAST_DEVIATION));
  return { mean: scaling.mean ?? mean?.values, deviation };
}

/** One number for all channels, or one for each; another length is `checkWeights`'s to refuse. */
function spread(values: Values, channels: number): Weight {
  const all = values.length === 1 ? new Float32Array(channels).fill(values[0]) : Float32Array.from(values);
  return { shape: [all.length], values: all };
}

/** The way out, by what is wrong; the first that fits is told. */
const WAYS_OUT: readonly (readonly [codes: readonly Code[], words: string])[] = [
  [
    ["layer-unsupported"],
    `Layers that are read: ${KNOWN_LAYERS.join(", ")}, each used once, with the activations ${ACTIVATIONS.join(", ")}. ` +
      'Any other network runs as an ONNX file: export it (model.export("model.onnx", format="onnx") in Keras 3, tf2onnx ' +
      "for Keras 2), and read it with readOnnxModel of @btsbot/onnx.",
  ],
  [
    ["weights-missing", "weights-misshapen"],
    "Its file does not hold what its layers need: adapt or fit the network, Normalization layers too, and save it as a whole (model.save).",
  ],
];

/** Says once, at the end, what wrote a file that is not supported, and how its network can be run. */
function withWayOut(error: BtsbotError, writtenBy: string | undefined): BtsbotError {
  const way = WAYS_OUT.find(([codes]) => error.problems.some(({ code }) => codes.includes(code)));
  if (way === undefined) return error;
  const hint = `${writtenBy ?? "Keras"} wrote this network. ${way[1]}`;
  const last = error.problems.length - 1;
  const problems = error.problems.map((problem, place) =>
    place === last && problem.hint === undefined
      ? { ...problem, hint, message: `${problem.message}. ${hint}` }
      : problem,
  );
  const told = new BtsbotError(problems);
  told.cause = error;
  return told;
}
