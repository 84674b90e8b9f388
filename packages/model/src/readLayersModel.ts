import { BtsbotError } from "@btsbot/errors";
import { checkWeights } from "./checkWeights.js";
import { fromKerasConfig } from "./fromKerasConfig.js";
import type { KerasImport } from "./fromKerasConfig.js";
import { hashWeights } from "./hashWeights.js";
import type { Model, ModelInput, ModelSource, Weight, Weights } from "./types.js";

/** Gives the bytes of a model's file by its name: from disk, network, a bundle, memory. */
export type ReadFile = (file: string) => Promise<Uint8Array>;

/**
 * Reads a model in the tfjs layers format, as `writeLayersModel` or tfjs itself writes it.
 *
 * @param read - gives the bytes of `model.json` and of the weight files that it names
 * @param details - what the file does not say; needed for a model that was not written here
 * @returns the network with its weights
 * @throws BtsbotError `model-invalid`, `layer-unsupported`, `weights-missing`, `weights-misshapen`, and
 * `weights-checksum` where the file states a SHA-256 and the weights have another
 *
 * @example
 * ```ts
 * import { createModel, initializeWeights, mmCnn, readLayersModel, writeLayersModel } from "@btsbot/model";
 *
 * const definition = mmCnn("mine", "1");
 * const files = writeLayersModel(await createModel(definition, initializeWeights(definition, 1)));
 * const model = await readLayersModel(async (file) => files.get(file)!);
 * model.definition.name; // => "mine"
 * ```
 */
export async function readLayersModel(read: ReadFile, details?: KerasImport): Promise<Model> {
  const json = parseModelJson(await read("model.json"));
  const stated = json.userDefinedMetadata?.btsbot;
  const known = details ?? (stated && fromStated(stated));
  if (known === undefined) {
    throw new BtsbotError("model-invalid", "nothing states the model's name and feature profile", {
      path: "model.json: userDefinedMetadata.btsbot",
      hint: "Pass name, version and profile as the second argument.",
    });
  }
  const definition = fromKerasConfig(json.modelTopology.model_config ?? json.modelTopology, known);
  const weights = await readWeights(json.weightsManifest, read);
  checkWeights(definition, weights);
  const expected = stated?.sha256;
  const sha256 = await hashWeights(definition, weights);
  if (expected && sha256 !== undefined && sha256 !== expected) {
    throw new BtsbotError("weights-checksum", "these are not the weights that model.json describes", {
      path: json.weightsManifest.flatMap(({ paths }) => paths).join(", "),
      expected,
      got: sha256,
    });
  }
  const model = { definition, weights, sha256: sha256 ?? expected ?? "" };
  return stated?.source === undefined ? model : { ...model, source: stated.source };
}

interface ManifestGroup {
  readonly paths: readonly string[];
  readonly weights: readonly { readonly name: string; readonly shape: readonly number[]; readonly dtype: string }[];
}

interface Stated {
  readonly name: string;
  readonly version: string;
  readonly inputs: readonly ModelInput[];
  readonly classes?: readonly string[];
  readonly sha256?: string;
  readonly source?: ModelSource;
}

interface ModelJson {
  readonly modelTopology: { readonly model_config?: unknown };
  readonly weightsManifest: readonly ManifestGroup[];
  readonly userDefinedMetadata?: { readonly btsbot?: Stated };
}

function parseModelJson(bytes: Uint8Array): ModelJson {
  let json: Partial<ModelJson>;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes)) as Partial<ModelJson>;
  } catch (cause) {
    throw new BtsbotError("model-invalid", "not JSON", { path: "model.json", cause });
  }
  if (typeof json?.modelTopology !== "object" || !Array.isArray(json.weightsManifest)) {
    throw new BtsbotError("model-invalid", "not a tfjs layers model", {
      path: "model.json",
      expected: "modelTopology and weightsManifest",
    });
  }
  return json as ModelJson;
}

function fromStated({ name, version, inputs, classes }: Stated): KerasImport {
  const features = inputs.find((input) => input.kind === "features");
  const image = inputs.find((input) => input.kind === "image");
  return {
    name,
    version,
    ...(features && { profile: features.profile }),
    ...(image && { preprocessing: image.preprocessing }),
    ...(classes && { classes }),
  };
}

async function readWeights(manifest: readonly ManifestGroup[], read: ReadFile): Promise<Weights> {
  const weights = new Map<string, Weight>();
  for (const group of manifest) {
    const bytes = concatenate(await Promise.all(group.paths.map(read)));
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let offset = 0;
    for (const { name, shape, dtype } of group.weights) {
      const length = shape.reduce((product, axis) => product * axis, 1);
      if (dtype !== "float32" || offset + 4 * length > bytes.length) {
        throw new BtsbotError("weights-missing", "the weight file does not hold it", {
          path: `${group.paths.join(", ")}: ${name}`,
          expected: `${length} float32 from byte ${offset}`,
          got: dtype === "float32" ? `${bytes.length} bytes in all` : dtype,
        });
      }
      const values = new Float32Array(length);
      for (let i = 0; i < length; i++, offset += 4) values[i] = view.getFloat32(offset, true);
      weights.set(name, { shape, values });
    }
  }
  return weights;
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0];
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}
