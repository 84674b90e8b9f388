import { BtsbotError, checkOptions, readBytes } from "@btsbot/errors";
import type { Bytes, Platform } from "@btsbot/errors";
import { hashBytes, hashDefinition } from "@btsbot/model";
import type { Model, ModelDefinition } from "@btsbot/model";
import { checkOnnxFile } from "./checkOnnxFile.js";
import { ONNX_MODEL_OPTIONS } from "./types.js";
import type { OnnxModelOptions } from "./types.js";

/**
 * Makes a model of an ONNX file.
 *
 * The file says nothing of how its inputs are made of an alert, and often not what its output means:
 * the options do. That its inputs and its output are those of the options is checked when an engine
 * prepares the model.
 *
 * @param input - the file, whole, with its weights in it; kept, not copied: leave it as it is
 * @param options - name and version of the model; its inputs and output under the names that they have
 * in the file; the order of an image's axes in it, and what is still to be applied to the output
 * @returns the model; its `sha256` is that of the file, empty where the platform cannot hash (see
 * `hashBytes` of `@btsbot/model`)
 * @throws BtsbotError `input-invalid` if it holds no bytes; `onnx-invalid` if the bytes are not an ONNX file, or end before it does
 *
 * @example
 * ```ts
 * import { createModel, initializeWeights, mmCnn } from "@btsbot/model";
 * import { readOnnxModel } from "@btsbot/onnx";
 * import { exportOnnx } from "@btsbot/weights";
 *
 * const definition = mmCnn();
 * const file = exportOnnx(await createModel(definition, initializeWeights(definition, 1)));
 * const { inputs, output } = definition;
 * const model = await readOnnxModel(file, { name: "mine", version: "1", inputs, output, layout: "nhwc", activation: "linear" });
 * model.definition.layers; // => []
 * ```
 */
export async function readOnnxModel(input: Bytes | Platform<"Blob">, options: OnnxModelOptions): Promise<Model> {
  // A whole definition may be spread into the options, as the registry gives one: what it has beyond them is passed over.
  const isWhole = typeof options === "object" && options !== null && !Array.isArray(options);
  const { layers: _, onnx: __, ...own } = { ...options } as OnnxModelOptions & Partial<ModelDefinition>;
  checkOptions("readOnnxModel", isWhole ? own : options, ONNX_MODEL_OPTIONS);
  const { name, version, inputs, output, layout, activation, source } = options;
  // Kept, not copied.
  const bytes = input instanceof Uint8Array ? input : await readBytes(input);
  if (bytes === undefined) {
    throw new BtsbotError("input-invalid", "these are not the bytes of a file", {
      path: name,
      expected: "a Uint8Array, a DataView, an ArrayBuffer or a Blob",
      got: Object.prototype.toString.call(input).slice(8, -1),
    });
  }
  checkOnnxFile(name, bytes);
  const definition: ModelDefinition = { name, version, inputs, layers: [], output, onnx: { layout, activation } };
  const sha256 = (await hashBytes(bytes)) ?? "";
  const definitionSha256 = (await hashDefinition(definition)) ?? "";
  return { definition, weights: new Map(), sha256, definitionSha256, onnx: bytes, ...(source && { source }) };
}
