import { File, FS, ready } from "h5wasm";
import { toKerasConfig, weightSpecs } from "@btsbot/model";
import type { Model } from "@btsbot/model";
import { writeZip } from "./writeZip.js";

/** What a group is called in `model.weights.h5`, by the layer's type here. */
const GROUPS: Readonly<Record<string, string>> = {
  conv2d: "conv2d",
  dense: "dense",
  batchNormalization: "batch_normalization",
};

/** A file as `model.save` of Keras 3 writes it: groups by class and number, weights by number. */
export async function kerasArchive(
  model: Model,
  {
    named = true,
    deflate = false,
    files = {},
  }: { named?: boolean; deflate?: boolean; files?: Record<string, Uint8Array | undefined> } = {},
): Promise<Uint8Array> {
  await ready;
  const path = "/archive.h5";
  const file = new File(path, "w");
  const layers = file.create_group("layers");
  const used = new Map<string, number>();
  const specs = weightSpecs(model.definition);
  for (const { name, type } of model.definition.layers) {
    const base = GROUPS[type] ?? type;
    const number = used.get(base) ?? 0;
    used.set(base, number + 1);
    const vars = layers.create_group(number === 0 ? base : `${base}_${number}`).create_group("vars");
    if (named) vars.create_attribute("name", name);
    specs
      .filter((spec) => spec.name.startsWith(`${name}/`))
      .forEach((spec, place) => {
        const { values, shape } = model.weights.get(spec.name)!;
        vars.create_dataset({ name: String(place), data: values, shape: [...shape] });
      });
  }
  file.close();
  const weights = FS!.readFile(path).slice();
  FS!.unlink(path);
  const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  const all: Record<string, Uint8Array | undefined> = {
    "metadata.json": text({ keras_version: "3.9.2" }),
    "config.json": text({ module: "keras", ...toKerasConfig(model.definition) }),
    "model.weights.h5": weights,
    ...files,
  };
  const present = Object.entries(all).filter((entry): entry is [string, Uint8Array] => entry[1] !== undefined);
  return writeZip(new Map(present), deflate);
}
