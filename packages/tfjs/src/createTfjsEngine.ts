import { checkOptions } from "@btsbot/errors";
import type { OptionNames } from "@btsbot/errors";
import { guardPrediction, inferShapes, inputLength, toKerasConfig } from "@btsbot/model";
import type { Batch, Engine, Model, ModelDefinition, PreparedModel } from "@btsbot/model";
import { dispose, getBackend } from "@tensorflow/tfjs-core";
import type { Tensor } from "@tensorflow/tfjs-core";
import type { LayersModel } from "@tensorflow/tfjs-layers";
import { selectBackend } from "./selectBackend.js";
import type { TfjsBackend, WasmPaths } from "./selectBackend.js";
import { toLayersModel } from "./toLayersModel.js";
import { toTensors } from "./toTensors.js";

/** Options of {@link createTfjsEngine}. */
export interface TfjsEngineOptions {
  /**
   * The backend to run on. Without it, one that the caller has set is kept; else the fastest that works
   * is set, once.
   */
  readonly backend?: TfjsBackend;
  /** Where the wasm backend's files are; needed in a browser, where they cannot be found by themselves. */
  readonly wasmPaths?: WasmPaths;
}

/**
 * The names of {@link TfjsEngineOptions}.
 *
 * @internal
 */
export const TFJS_ENGINE_OPTIONS: OptionNames<TfjsEngineOptions> = { backend: "string", wasmPaths: "object|string" };

/**
 * Makes the engine that runs networks as tfjs LayersModels.
 *
 * The backend is chosen when the first model is prepared, never when this package is imported, and a
 * backend that is set already is never changed. Predictions leave no tensor behind.
 *
 * @param options - backend and wasm files
 * @returns the engine; `prepare` throws `backend-unavailable` where no backend works
 *
 * @example
 * ```ts
 * import { createModel, initializeWeights, mmCnn } from "@btsbot/model";
 * import { createTfjsEngine } from "@btsbot/tfjs";
 *
 * const definition = mmCnn();
 * const model = await createModel(definition, initializeWeights(definition, 1));
 * const prepared = await createTfjsEngine().prepare(model);
 * const scores = await prepared.predict({ triplet: new Float32Array(11907), metadata: new Float32Array(25) }, 1);
 * scores.length; // => 1
 * prepared.dispose();
 * ```
 */
export function createTfjsEngine(options: TfjsEngineOptions = {}): Engine {
  checkOptions("createTfjsEngine", options, TFJS_ENGINE_OPTIONS);
  return {
    name: "tfjs",
    canRun: async (definition: ModelDefinition) => {
      if (definition.onnx !== undefined)
        return "its network is an ONNX file, which createOnnxEngine of @btsbot/onnx runs";
      inferShapes(definition);
      return selectBackend(options.backend, options.wasmPaths).then(
        () => true as const,
        (error: Error) => error.message,
      );
    },
    prepare: async (model: Model): Promise<PreparedModel> => {
      await selectBackend(options.backend, options.wasmPaths);
      const layersModel = await toLayersModel(model, toKerasConfig(model.definition));
      return {
        // The caller may set another one later, and tfjs then moves the weights there.
        get backend() {
          return getBackend();
        },
        predict: guardPrediction(model, (batch, count) => predict(model.definition, layersModel, batch, count)),
        dispose: () => {
          layersModel.dispose();
        },
      };
    },
  };
}

/** Alerts in one run of the LayersModel: the wasm backend's memory ends at some thousand. */
const MOST_AT_ONCE = 256;

async function predict(
  definition: ModelDefinition,
  layersModel: LayersModel,
  batch: Batch,
  count: number,
): Promise<Float32Array> {
  if (count <= MOST_AT_ONCE) return predictAtOnce(definition, layersModel, batch, count);
  const parts: Float32Array[] = [];
  for (let start = 0; start < count; start += MOST_AT_ONCE) {
    const end = Math.min(start + MOST_AT_ONCE, count);
    const part = definition.inputs.map((input): [string, Float32Array] => {
      const length = inputLength(input);
      return [input.name, batch[input.name].subarray(start * length, end * length)];
    });
    parts.push(await predictAtOnce(definition, layersModel, Object.fromEntries(part), end - start));
  }
  const scores = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  parts.reduce((offset, part) => (scores.set(part, offset), offset + part.length), 0);
  return scores;
}

async function predictAtOnce(
  definition: ModelDefinition,
  layersModel: LayersModel,
  batch: Batch,
  count: number,
): Promise<Float32Array> {
  const inputs = toTensors(definition, batch, count);
  let output: Tensor | undefined;
  try {
    output = layersModel.predictOnBatch(inputs) as Tensor;
    return Float32Array.from((await output.data()) as Float32Array);
  } finally {
    dispose(inputs);
    output?.dispose();
  }
}
