import type { ImagePreprocessing, StampPadding } from "@btsbot/cutout";
import { BtsbotError } from "@btsbot/errors";
import type { KerasImport, KerasInput, KerasPreprocessing } from "./kerasImport.js";
import type { GivenProfile } from "./types/definition.js";
import type { ModelSource } from "./types/model.js";
import { readSource } from "./readSource.js";

/** Bytes of the longest `model.json` that is read: the published ones have 20 kB, and what it unpacks to is some twenty times as much. */
const MAX_BYTES = 2 ** 19;
/** Groups of weights: tfjs writes one for each 4 MB at most. */
const MAX_GROUPS = 1000;

/**
 * How a weight is stored where it is not float32: half precision, or whole numbers `q` for `q * scale + min`.
 *
 * Source: tfjs-core/src/io/types.ts, WeightsManifestEntry.
 *
 * @internal
 */
export interface Quantization {
  readonly dtype: string;
  readonly scale?: number;
  readonly min?: number;
}

/**
 * Files, and the weights that lie in them end to end.
 *
 * @internal
 */
export interface ManifestGroup {
  readonly paths: readonly string[];
  readonly weights: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly dtype: string;
    readonly quantization?: Quantization;
  }[];
}

/**
 * What this library writes besides what tfjs needs.
 *
 * @internal
 */
export interface Stated {
  readonly details: KerasImport;
  readonly sha256?: string;
  readonly definitionSha256?: string;
  readonly source?: ModelSource;
}

/**
 * A `model.json`, its frame checked.
 *
 * @internal
 */
export interface ModelJson {
  readonly kerasConfig: unknown;
  readonly writtenBy: string | undefined;
  readonly manifest: readonly ManifestGroup[];
  readonly stated: Stated | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a `model.json`. What the topology holds is for `fromKerasConfig` to judge.
 *
 * @throws BtsbotError `model-invalid`
 *
 * @internal
 */
export function parseModelJson(bytes: Uint8Array): ModelJson {
  if (bytes.length > MAX_BYTES) {
    throw invalid(
      "model.json",
      "longer than any layers model of this field",
      `at most ${MAX_BYTES} bytes`,
      `${bytes.length}`,
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new BtsbotError("model-invalid", "not JSON", { path: "model.json", cause });
  }
  const { format, modelTopology: topology, weightsManifest: manifest, generatedBy, userDefinedMetadata } = fields(json);
  if (format === "graph-model") {
    throw invalid("model.json", "a tfjs graph model, whose layers cannot be read", "a layers model");
  }
  if (!isObject(topology) || !Array.isArray(manifest)) {
    throw invalid("model.json", "not a tfjs layers model", "modelTopology and weightsManifest");
  }
  if (manifest.length > MAX_GROUPS) {
    throw invalid("model.json", "too many groups of weights", `at most ${MAX_GROUPS}`, String(manifest.length));
  }
  const btsbot = fields(userDefinedMetadata).btsbot;
  return {
    kerasConfig: topology.model_config ?? topology,
    writtenBy: nameWriter(topology.keras_version, generatedBy),
    manifest: manifest.map(readGroup),
    stated: btsbot === undefined || btsbot === null ? undefined : readStated(btsbot),
  };
}

function nameWriter(version: unknown, generatedBy: unknown): string | undefined {
  if (typeof version === "string") return `Keras ${version.slice(0, 40)}`;
  return typeof generatedBy === "string" ? generatedBy.slice(0, 40) : undefined;
}

function readGroup(group: unknown, place: number): ManifestGroup {
  const { paths, weights } = fields(group);
  const path = `model.json: weightsManifest[${place}]`;
  if (!isTexts(paths) || !Array.isArray(weights)) throw invalid(path, "not a group of weights", "paths and weights");
  weights.forEach((weight: unknown, index) => {
    const { name, shape, dtype, quantization } = fields(weight);
    const isShape = Array.isArray(shape) && shape.every((axis) => Number.isSafeInteger(axis) && axis >= 0);
    const isPlain = quantization === undefined || (isObject(quantization) && typeof quantization.dtype === "string");
    if (typeof name === "string" && typeof dtype === "string" && isShape && isPlain) return;
    throw invalid(`${path}.weights[${index}]`, "not a weight", "name, shape, dtype and perhaps quantization");
  });
  return group as ManifestGroup;
}

function readStated(value: unknown): Stated {
  const path = "model.json: userDefinedMetadata.btsbot";
  const { name, version, inputs, classes, survey, sha256, definitionSha256, source } = fields(value);
  const list = Array.isArray(inputs) ? inputs.map(fields) : undefined;
  const isKnown = typeof name === "string" && typeof version === "string" && list !== undefined;
  if (
    !isKnown ||
    !isTextOrNone(survey) ||
    !isTextOrNone(sha256) ||
    !isTextOrNone(definitionSha256) ||
    !(classes === undefined || isTexts(classes))
  ) {
    throw invalid(path, "not what states a model", "name, version, inputs, and perhaps classes and hashes");
  }
  const details: KerasImport = {
    name,
    version,
    ...readInputs(list, path),
    ...(survey !== undefined && { survey }),
    ...(classes !== undefined && { classes }),
  };
  const read = source === undefined ? undefined : readSource(source, `${path}.source`);
  return {
    details,
    ...(sha256 !== undefined && { sha256 }),
    ...(definitionSha256 !== undefined && { definitionSha256 }),
    ...(read && { source: read }),
  };
}

/** What the inputs are given; where there are several of a kind, each has its own, by its name. */
function readInputs(list: readonly Fields[], path: string): Pick<KerasImport, keyof KerasInput | "inputs"> {
  const inputs = list.map((input) => readInput(input, path));
  // Of each kind the first counts for all.
  const all = Object.assign({}, ...[...inputs].reverse()) as KerasInput;
  if (new Set(list.map(({ kind }) => kind)).size === list.length) return all;
  const nameOf = ({ name }: Fields): string => (typeof name === "string" ? name : "");
  return { ...all, inputs: Object.fromEntries(list.map((input, place) => [nameOf(input), inputs[place]])) };
}

function readInput({ kind, profile, preprocessing }: Fields, path: string): KerasInput {
  if (kind === "features") {
    if (isProfileOrNone(profile)) return profile === undefined ? {} : { profile };
  } else if (isPreprocessing(preprocessing)) return preprocessing === undefined ? {} : { preprocessing };
  throw invalid(`${path}.inputs`, "not inputs of a model", "a profile for features, preprocessing for images");
}

/** What images are made by; another word in a file must not pass for one of these, nor reach who makes images. */
const NORMALIZATIONS = { l2: true, minmax: true } satisfies Record<ImagePreprocessing["normalization"], true>;
const PLANES = { science: true, template: true, difference: true } satisfies Record<StampPlane, true>;
const PADDINGS = { corner: true, centered: true } satisfies Record<StampPadding, true>;

type StampPlane = NonNullable<ImagePreprocessing["planes"]>[number];

/** What the profile holds is for whoever makes features to judge. */
function isProfileOrNone(value: unknown): value is GivenProfile | undefined {
  return isTextOrNone(value) || (isObject(value) && typeof value.name === "string" && Array.isArray(value.features));
}

function isPreprocessing(value: unknown): value is KerasPreprocessing | undefined {
  if (value === undefined) return true;
  const { size, normalization, padding, planes, anySize, ...others } = fields(value);
  return (
    typeof size === "number" &&
    isOneOf(NORMALIZATIONS, normalization) &&
    (anySize === undefined || typeof anySize === "boolean") &&
    (padding === undefined || isOneOf(PADDINGS, padding)) &&
    (planes === undefined || (isTexts(planes) && planes.every((plane) => Object.hasOwn(PLANES, plane)))) &&
    Object.keys(others).length === 0
  );
}

/** A text: a list of one would pass as its text. */
function isOneOf(names: object, value: unknown): boolean {
  return typeof value === "string" && Object.hasOwn(names, value);
}

function fields(value: unknown): Fields {
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((text) => typeof text === "string");
}

function isTextOrNone(value: unknown): value is string | undefined {
  return value === undefined || typeof value === "string";
}

function invalid(path: string, summary: string, expected: string, got?: string): BtsbotError {
  return new BtsbotError("model-invalid", summary, { path, expected, ...(got !== undefined && { got }) });
}
