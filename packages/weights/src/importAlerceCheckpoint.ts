import { BtsbotError, checkOptions } from "@btsbot/errors";
import type { OptionNames, Problem } from "@btsbot/errors";
import { ALERCE_FEATURES, createModel, weightSpecs } from "@btsbot/model";
import type { Model, ModelDefinition, ModelSource, Weight } from "@btsbot/model";
import { inFile } from "./inFile.js";
import { readTfCheckpoint } from "./readTfCheckpoint.js";
import type { Checkpoint } from "./types.js";

/** The files of one of ALeRCE's classifiers. */
export interface AlerceFiles {
  /** The checkpoint's `model.index`. */
  readonly index: Uint8Array;
  /** The checkpoint's data files, in order. */
  readonly shards: readonly Uint8Array[];
  /**
   * JSON: name, mean and standard deviation of each feature, `[{ name, mean, std }]`, in the network's order; absent for
   * a network that reads no features.
   */
  readonly statistics?: Uint8Array;
  /** The files' names, for messages. */
  readonly names?: {
    /** The checkpoint's: what stands before `.index` and `.data`. */
    readonly checkpoint: string;
    /** The statistics', where there are any. */
    readonly statistics?: string;
  };
}

/** The names of {@link AlerceFiles}. */
const ALERCE_FILES: OptionNames<AlerceFiles> = {
  index: "object!",
  shards: "list!",
  statistics: "object",
  names: { checkpoint: "string!", statistics: "string" },
};

/** Everything of the network stands in this scope; the optimizer's state in another, or behind the weight's name. */
const SCOPE = "network";

/**
 * Makes a model of one of ALeRCE's classifiers: weights from its TensorFlow 1 checkpoint, the means and
 * deviations of its features, if it reads any, from their statistics, checked and hashed.
 *
 * A variable is found by its layer and weight, such as `network/conv_1_1/conv2d/kernel` for
 * `conv_1_1/kernel`. What the optimizer kept is not read.
 *
 * @param files - the checkpoint and the statistics
 * @param definition - the network that the checkpoint belongs to: `alerceStampClassifier` or
 * `alerceImageClassifier` of `@btsbot/model`
 * @param source - where the files come from
 * @returns the network with its weights
 * @throws BtsbotError `checkpoint-invalid`, `checkpoint-crc` for damaged files; `model-invalid` for
 * statistics that are absent though the network needs them, not such a list, or of another number of features, or with a deviation that is not
 * positive, or of features in an order that is not the profile's; `weights-missing`, `weights-misshapen` with every variable that is absent or has another shape
 *
 * Source: alercebroker/pipeline, stamp_classifier_step/model.
 *
 * @example
 * ```ts
 * import { alerceStampClassifier } from "@btsbot/model";
 * import { importAlerceCheckpoint } from "@btsbot/weights";
 *
 * const files = { index: new Uint8Array(10), shards: [], statistics: new Uint8Array(0) };
 * await importAlerceCheckpoint(files, alerceStampClassifier()).catch(({ code }) => code); // => "checkpoint-invalid"
 * ```
 */
export async function importAlerceCheckpoint(
  files: AlerceFiles,
  definition: ModelDefinition,
  source?: ModelSource,
): Promise<Model> {
  checkOptions("importAlerceCheckpoint", files, ALERCE_FILES);
  const { names } = files;
  const checkpoint = readTfCheckpoint(files.index, files.shards, names?.checkpoint);
  const specs = weightSpecs(definition);
  const fixed = definition.layers.filter(({ type }) => type === "standardize").map(({ name }) => name);
  const weights = new Map<string, Weight>(
    readVariables(
      checkpoint,
      specs.map(({ name }) => name).filter((name) => !fixed.includes(layerOf(name))),
    ),
  );
  const [layer] = fixed;
  if (layer !== undefined) {
    const [length] = specs.find(({ name }) => name === `${layer}/mean`)!.shape;
    const { mean, deviation } = readStatistics(files, length, featuresOf(definition));
    weights.set(`${layer}/mean`, mean).set(`${layer}/deviation`, deviation);
  }
  try {
    return await createModel(definition, weights, source);
  } catch (error) {
    throw names !== undefined && error instanceof BtsbotError ? inFile(names.checkpoint, error) : error;
  }
}

/** The names of the features, in the network's order, if the definition's profile is one of ALeRCE's, or says them itself. */
function featuresOf({ inputs }: ModelDefinition): readonly string[] | undefined {
  const profiles: Readonly<Record<string, readonly string[] | undefined>> = ALERCE_FEATURES;
  const [profile] = inputs.flatMap((input) => (input.kind === "features" ? [input.profile] : []));
  if (profile === undefined || typeof profile === "string") return profiles[profile ?? ""];
  return profile.features.map((feature) => (typeof feature === "string" ? feature : feature.name));
}

function layerOf(weight: string): string {
  return weight.slice(0, weight.lastIndexOf("/"));
}

/** Those that are there; `checkWeights` names the others. */
function readVariables(checkpoint: Checkpoint, names: readonly string[]): [string, Weight][] {
  const found = new Map<string, string>();
  for (const key of checkpoint.tensors.keys()) {
    const [scope, layer, ...rest] = key.split("/");
    const weight = rest.at(-1);
    // network/layer/weight, or with one more scope between: network/layer/conv2d/weight.
    if (scope === SCOPE && weight !== undefined && rest.length <= 2) found.set(`${layer}/${weight}`, key);
  }
  return names.flatMap((name) => {
    const key = found.get(name);
    return key === undefined ? [] : [[name, checkpoint.read(key)] as [string, Weight]];
  });
}

interface Statistic {
  readonly name: string;
  readonly mean: number;
  readonly std: number;
}

function readStatistics(
  { statistics: bytes, names }: AlerceFiles,
  length: number,
  features?: readonly string[],
): { mean: Weight; deviation: Weight } {
  const file = names?.statistics ?? "statistics";
  if (bytes === undefined) {
    throw invalid(file, "the statistics of the network's features are absent", `a list of ${length}`, "nothing");
  }
  const list = parse(bytes, file);
  if (!Array.isArray(list) || list.length !== length) {
    throw invalid(
      file,
      "not the statistics of the network's features",
      `a list of ${length}`,
      Array.isArray(list) ? `a list of ${list.length}` : typeof list,
    );
  }
  const statistics = list as Partial<Statistic>[];
  const problems = statistics.flatMap((statistic, index): Problem[] => {
    const { name, mean, std } = statistic ?? {};
    const path = `${file}[${index}]`;
    const expected = features === undefined ? name : features[index];
    // Statistics go to features by position: in another order each would be a wrong one, and no score would show it.
    if (name !== expected)
      return [
        BtsbotError.problem("model-invalid", "not this feature's statistics", { path, expected, got: String(name) }),
      ];
    if (Number.isFinite(mean) && Number.isFinite(std) && std! > 0) return [];
    return [
      BtsbotError.problem("model-invalid", "not a mean and a positive deviation", {
        path: `${path} ${name ?? ""}`,
        got: `${mean} and ${std}`,
      }),
    ];
  });
  if (problems.length > 0) throw new BtsbotError(problems);
  const weight = (pick: (statistic: Statistic) => number): Weight => ({
    shape: [length],
    values: Float32Array.from(statistics as Statistic[], pick),
  });
  return { mean: weight(({ mean }) => mean), deviation: weight(({ std }) => std) };
}

function parse(bytes: Uint8Array, file: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw invalid(file, "not JSON", "a list of name, mean and std", (cause as Error).message);
  }
}

function invalid(path: string, summary: string, expected: string, got: string): BtsbotError {
  return new BtsbotError("model-invalid", summary, { path, expected, got });
}
