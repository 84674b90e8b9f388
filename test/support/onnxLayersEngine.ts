import type { Engine, Model } from "@btsbot/model";
import { createOnnxEngine, readOnnxModel } from "@btsbot/onnx";
import type { OnnxEngineOptions } from "@btsbot/onnx";
import { exportOnnx } from "@btsbot/weights";

/**
 * The engine for ONNX files as one for layers: each network is written as a file first.
 *
 * @param options - options of `createOnnxEngine`
 * @returns the engine
 */
export function onnxLayersEngine(options: OnnxEngineOptions): Engine {
  const engine = createOnnxEngine(options);
  return {
    ...engine,
    canRun: (definition) =>
      engine.canRun({ ...definition, layers: [], onnx: { layout: "nhwc", activation: "linear" } }),
    prepare: async (model) => engine.prepare(await exportModel(model)),
  };
}

/**
 * A model as one of an ONNX file that gives its probabilities itself.
 *
 * @param model - the network with its weights
 * @returns the model of the file
 */
export function exportModel(model: Model): Promise<Model> {
  const { layers: _, ...known } = model.definition;
  return readOnnxModel(exportOnnx(model), { ...known, layout: "nhwc", activation: "linear" });
}
