import { BtsbotError } from "@btsbot/errors";
import type { Bytes, Platform } from "@btsbot/errors";
import type { Weight } from "@btsbot/model";
import { askHdf5 } from "./askHdf5.js";
import { fileBytes } from "./fileBytes.js";
import type { Hdf5Layer } from "./hdf5Thread.js";
import { parseKerasJson } from "./parseKerasJson.js";
import { listZip, unzipEntry } from "./readZip.js";
import type { ZipEntry } from "./readZip.js";
import type { KerasModel } from "./types.js";

const CONFIG = "config.json";
const METADATA = "metadata.json";
const WEIGHTS = "model.weights.h5";

/** Bytes that a JSON of the archive may unpack to. */
const MAX_JSON = 2 ** 19;
/** Bytes that the weights may unpack to, and how often the archive's length besides: they hardly compress. */
const LEAST_BYTES = 2 ** 22;
const TIMES_ITS_LENGTH = 4;

/**
 * What a layer of each class holds, in the order in which Keras numbers it; the bias only where there is one.
 *
 * Source: `build` of each class in keras/src/layers, `save_own_variables` in keras/src/layers/layer.py.
 */
const VARIABLES: Readonly<Record<string, readonly string[]>> = {
  Conv2D: ["kernel", "bias"],
  SeparableConv2D: ["depthwise_kernel", "pointwise_kernel", "bias"],
  Dense: ["kernel", "bias"],
  BatchNormalization: ["gamma", "beta", "moving_mean", "moving_variance"],
  Normalization: ["mean", "variance"],
};

/**
 * Reads a `.keras` file, Keras 3's own format: a zip archive of `config.json`, `metadata.json` and
 * `model.weights.h5`. The optimizer's state is left out.
 *
 * @param input - the file
 * @param file - its name, for messages
 * @returns the Keras configuration, the weights by `layer/weight`, and which Keras wrote them
 * @throws BtsbotError `keras-invalid` for an archive that is damaged or lacks a part; `hdf5-invalid` for its weights
 *
 * Source: keras/src/saving/saving_lib.py.
 *
 * @example
 * ```ts
 * import { readKerasArchive } from "@btsbot/weights";
 *
 * await readKerasArchive(new Uint8Array(100), "mine.keras").catch(({ code }) => code); // => "keras-invalid"
 * ```
 */
export async function readKerasArchive(input: Bytes | Platform<"Blob">, file = "Keras file"): Promise<KerasModel> {
  const bytes = await fileBytes(input, file);
  const entries = listEntries(bytes, file);
  const maxWeights = LEAST_BYTES + TIMES_ITS_LENGTH * bytes.length;
  const json = (name: string) =>
    parseKerasJson(
      new TextDecoder().decode(unpack(bytes, entries, name, file, MAX_JSON)),
      `${file}: ${name}`,
      "keras-invalid",
    );
  const kerasConfig = json(CONFIG);
  const metadata = entries.has(METADATA) ? json(METADATA) : undefined;
  const weights = unpack(bytes, entries, WEIGHTS, file, maxWeights);
  const answer = await askHdf5(weights, `${file}: ${WEIGHTS}`, "weights");
  const version = (metadata as { keras_version?: unknown } | null | undefined)?.keras_version;
  return {
    kerasConfig,
    weights: nameWeights(kerasConfig, "layers" in answer ? answer.layers : []),
    ...(typeof version === "string" && { writtenBy: `Keras ${version.slice(0, 40)}` }),
  };
}

function listEntries(bytes: Uint8Array, file: string): Map<string, ZipEntry> {
  try {
    return listZip(bytes);
  } catch (cause) {
    throw invalid(file, "not a .keras file, or damaged or cut short", cause);
  }
}

function unpack(
  bytes: Uint8Array,
  entries: ReadonlyMap<string, ZipEntry>,
  name: string,
  file: string,
  maxBytes: number,
): Uint8Array {
  const entry = entries.get(name);
  const path = `${file}: ${name}`;
  if (entry === undefined) {
    const got = [...entries.keys()].slice(0, 10).join(", ").slice(0, 200) || "no files";
    throw new BtsbotError("keras-invalid", "the archive does not hold this file", { path, got });
  }
  try {
    return unzipEntry(bytes, entry, maxBytes);
  } catch (cause) {
    throw invalid(path, "the archive is damaged, or too large", cause);
  }
}

function invalid(path: string, summary: string, cause: unknown): BtsbotError {
  return new BtsbotError("keras-invalid", summary, { path, got: (cause as Error).message, cause });
}

/** The weights by the names that the configuration gives to layers, and Keras to what they hold. */
function nameWeights(config: unknown, groups: readonly Hdf5Layer[]): Map<string, Weight> {
  const byName = new Map(groups.flatMap((group) => (group.name === undefined ? [] : [[group.name, group] as const])));
  const byGroup = new Map(groups.map((group) => [group.group, group]));
  const used = new Map<string, number>();
  const weights = new Map<string, Weight>();
  for (const { kind, name } of layersOf(config)) {
    const base = toSnakeCase(kind);
    const number = used.get(base) ?? 0;
    used.set(base, number + 1);
    const found = byName.get(name) ?? byGroup.get(number === 0 ? base : `${base}_${number}`);
    const names = Object.hasOwn(VARIABLES, kind) ? VARIABLES[kind] : [];
    found?.variables.forEach((variable, place) => {
      const called = names.at(place);
      if (called !== undefined && variable !== null) weights.set(`${name}/${called}`, variable);
    });
  }
  return weights;
}

/** The layers that a configuration lists; what is not one is for `fromKerasConfig` to refuse. */
function layersOf(config: unknown): { kind: string; name: string }[] {
  const { layers } = ((config as { config?: unknown } | null)?.config ?? {}) as { layers?: unknown };
  return (Array.isArray(layers) ? (layers as unknown[]) : []).flatMap((layer) => {
    const { class_name: kind, config: inner } = (layer ?? {}) as { class_name?: unknown; config?: unknown };
    const { name } = (inner ?? {}) as { name?: unknown };
    return typeof kind === "string" && typeof name === "string" ? [{ kind, name }] : [];
  });
}

/** A class's name as Keras writes it in a file: `MaxPooling2D` is `max_pooling2d` (keras/src/utils/naming.py). */
function toSnakeCase(name: string): string {
  return name
    .replace(/\W+/g, "")
    .replace(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
}
