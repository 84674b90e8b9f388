import { weightSpecs } from "@btsbot/model";
import type { KerasConfig, Model } from "@btsbot/model";
import { io } from "@tensorflow/tfjs-core";
import { loadLayersModel } from "@tensorflow/tfjs-layers";
import type { LayersModel } from "@tensorflow/tfjs-layers";
import { registerLayers } from "./registerLayers.js";

/**
 * A LayersModel, from the same topology and weights that an exported model.json holds.
 *
 * @internal
 */
export async function toLayersModel({ definition, weights }: Model, modelTopology: KerasConfig): Promise<LayersModel> {
  registerLayers();
  const specs = weightSpecs(definition);
  const arrays = specs.map(({ name }) => weights.get(name)!.values);
  const weightData = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const values of arrays) {
    weightData.set(values, offset);
    offset += values.length;
  }
  return loadLayersModel(
    io.fromMemory({
      modelTopology,
      weightSpecs: specs.map(({ name, shape }) => ({ name, shape: [...shape], dtype: "float32" })),
      weightData: weightData.buffer,
    }),
  );
}
