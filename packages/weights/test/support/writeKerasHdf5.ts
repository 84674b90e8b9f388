import { File, FS, ready } from "h5wasm";
import { toKerasConfig, weightSpecs } from "@btsbot/model";
import type { Model } from "@btsbot/model";

/** How a file departs from what Keras writes. */
export interface Hdf5Options {
  /** The network's configuration; undefined for a file without one. */
  readonly config?: unknown;
  /** Weights that are written in place of the model's, or are not. */
  readonly weights?: ReadonlyMap<
    string,
    { readonly shape: readonly number[]; readonly values: Float32Array | Float64Array | Int32Array } | undefined
  >;
  /** What does not get written. */
  readonly without?: "model_weights" | "layer_names" | "weight_names";
  /** By layer, a whole number that is kept beside its weights. */
  readonly besides?: Readonly<Record<string, string>>;
  /** In the format of the first versions, whose headers have no checksums; for what is changed afterwards. */
  readonly early?: boolean;
  /** Names of the layers are spread over attributes of so many. */
  readonly namesInParts?: number;
}

/** A file as `model.save` of Keras 2 writes it, with the scopes that it puts in front of a weight's name. */
export async function kerasHdf5(model: Model, options: Hdf5Options = {}): Promise<Uint8Array> {
  await ready;
  const path = "/written.h5";
  const file = new File(path, "w", options.early ? { libver: ["earliest", "latest"] } : undefined);
  const { without } = options;
  const config = "config" in options ? options.config : toKerasConfig(model.definition);
  file.create_attribute("keras_version", "2.3.0-tf");
  if (config !== undefined)
    file.create_attribute("model_config", typeof config === "string" ? config : JSON.stringify(config));
  if (without !== "model_weights") writeWeights(file, model, options);
  file
    .create_group("optimizer_weights")
    .create_dataset({ name: "iterations:0", data: new Float32Array([1]), shape: [1] });
  file.close();
  const bytes = FS!.readFile(path);
  FS!.unlink(path);
  return bytes;
}

function writeWeights(file: File, model: Model, { weights, without, namesInParts, besides = {} }: Hdf5Options): void {
  const group = file.create_group("model_weights");
  const layers = [...model.definition.inputs, ...model.definition.layers].map(({ name }) => name);
  if (namesInParts !== undefined) {
    for (let part = 0; part * namesInParts < layers.length; part++) {
      group.create_attribute(`layer_names${part}`, layers.slice(part * namesInParts, (part + 1) * namesInParts));
    }
  } else if (without !== "layer_names") {
    group.create_attribute("layer_names", layers);
  }
  const specs = weightSpecs(model.definition);
  for (const layer of layers) {
    const inside = group.create_group(layer);
    const names = specs.map(({ name }) => name).filter((name) => name.startsWith(`${layer}/`));
    // As Keras names a layer's weights where the layer was made a second time.
    const scoped = names.map((name) => `${layer}_1/${name.slice(layer.length + 1)}:0`);
    const beside = besides[layer] as string | undefined;
    if (beside !== undefined) {
      inside.create_attribute("weight_names", [beside]);
      inside.create_dataset({ name: beside, data: Int32Array.of(1, 2), shape: [2] });
    }
    if (without !== "weight_names" && scoped.length > 0) inside.create_attribute("weight_names", scoped);
    if (names.length > 0) inside.create_group(`${layer}_1`);
    names.forEach((name, place) => {
      const weight = weights?.has(name) ? weights.get(name) : model.weights.get(name);
      if (weight !== undefined)
        inside.create_dataset({ name: scoped[place], data: weight.values, shape: [...weight.shape] });
    });
  }
}
