import { checkWeights, inferShapes, nameProfile } from "@btsbot/model";
import type { Model } from "@btsbot/model";
import { OnnxGraph } from "./onnxGraph.js";
import { writeOnnx } from "./onnxProto.js";

/** The set of operators, of December 2020, that onnxruntime knows since 1.7: nothing newer is needed. */
const OPSET = 13;
/** The version of the file format that came with it. */
const IR_VERSION = 7;

/** The name of the batch axis, which may have any length. */
const BATCH = "N";

/**
 * Writes a model as an ONNX file, which onnxruntime 1.7 and later, and much else, runs.
 *
 * Inputs have the names and layouts of the definition: an image is float32 (N, size, size, 3), the
 * planes last; features are float32 (N, length). The output has the name of the output layer, N first.
 * Dropout, which does nothing at inference, is left out. Name, version, feature profile, SHA-256 of the
 * weights, licence and citation stand in the file's metadata.
 *
 * @param model - the network with its weights
 * @returns the file's bytes (opset 13, IR version 7)
 * @throws BtsbotError as `checkWeights`
 *
 * Source: https://onnx.ai/onnx/operators/ and onnx/onnx.proto3.
 *
 * @example
 * ```ts
 * import { createModel, initializeWeights, mmCnn } from "@btsbot/model";
 * import { exportOnnx } from "@btsbot/weights";
 *
 * const definition = mmCnn("mine", "1");
 * const model = await createModel(definition, initializeWeights(definition, 1));
 * exportOnnx(model).length > 900_000; // => true
 * ```
 */
export function exportOnnx(model: Model): Uint8Array {
  const { definition, weights, sha256, source } = model;
  checkWeights(definition, weights);
  const { nodes, constants } = new OnnxGraph(model);
  const shapes = inferShapes(definition);
  const value = (name: string) => ({ name, shape: [BATCH, ...shapes.get(name)!] });
  const profiles = definition.inputs.flatMap((input) =>
    input.kind === "features" ? [nameProfile(input.profile)] : [],
  );
  const metadata = {
    name: definition.name,
    version: definition.version,
    sha256,
    profile: profiles.join(","),
    license: source?.license ?? "",
    citation: source?.citation ?? "",
    url: source?.url ?? "",
  };
  return writeOnnx({
    irVersion: IR_VERSION,
    opset: OPSET,
    producer: "btsbot",
    graphName: definition.name,
    nodes,
    constants,
    inputs: definition.inputs.map(({ name }) => value(name)),
    outputs: [value(definition.output.layer)],
    metadata: Object.fromEntries(Object.entries(metadata).filter(([, text]) => text !== "")),
  });
}
