import { BtsbotError } from "@btsbot/errors";
import { checkBatch, inferShapes } from "@btsbot/model";
import type { Engine, Model, ModelDefinition, PreparedModel } from "@btsbot/model";
import { planNetwork } from "./engine/planNetwork.js";
import { runPlan } from "./engine/runPlan.js";
import type { Machine } from "./engine/ForwardKernels.js";
import { findBuild, loadKernels } from "./loadKernels.js";
import type { KernelBuild } from "./loadKernels.js";

/** Options of {@link createSimdEngine}. */
export interface SimdEngineOptions {
  /** The build of the kernels; by default the best that runs here: relaxed SIMD, then SIMD. */
  readonly build?: KernelBuild;
}

/**
 * Makes the engine that runs networks in WebAssembly SIMD, on one core, without any other library.
 *
 * Convolutions go by tiles, of Winograd's method or of Fourier transforms, where that is cheaper. A prepared model has
 * a memory of its own that never grows; `dispose` lets go of it. Inputs that are not finite are refused
 * before a kernel sees them, as by every engine.
 *
 * @param options - which build of the kernels
 * @returns the engine; its `canRun` says why it cannot run here: no WebAssembly, no SIMD, a content security
 * policy that forbids to compile, or a network that is an ONNX file. `prepare` throws `engine-unavailable` then
 *
 * Source: Lavin & Gray 2016, Fast Algorithms for Convolutional Neural Networks, arXiv:1509.09308; Mathieu, Henaff &
 * LeCun 2013, Fast Training of Convolutional Networks through FFTs, arXiv:1312.5851.
 *
 * @example
 * ```ts
 * import { createModel, initializeWeights, mmCnn } from "@btsbot/model";
 * import { createSimdEngine } from "@btsbot/simd";
 *
 * const definition = mmCnn();
 * const model = await createModel(definition, initializeWeights(definition, 1));
 * const prepared = await createSimdEngine().prepare(model);
 * const scores = await prepared.predict({ triplet: new Float32Array(11907), metadata: new Float32Array(25) }, 1);
 * scores.length; // => 1
 * prepared.dispose();
 * ```
 */
export function createSimdEngine(options: SimdEngineOptions = {}): Engine {
  return {
    name: "simd",
    canRun: async (definition: ModelDefinition) => {
      if (definition.onnx !== undefined) return "its network is an ONNX file, which createOnnxEngine of @btsbot/onnx runs";
      inferShapes(definition);
      return load(options).then(() => true as const, (error: Error) => error.message);
    },
    prepare: async (model: Model): Promise<PreparedModel> => {
      const { build, module } = await load(options);
      return prepare(model, build, module);
    },
  };
}

async function load({ build = findBuild() }: SimdEngineOptions): Promise<{ build: KernelBuild; module: WebAssembly.Module }> {
  if (build === undefined) {
    throw new BtsbotError("engine-unavailable", "there is no WebAssembly with SIMD here", {
      expected: "WebAssembly with 128-bit SIMD",
      got: typeof WebAssembly === "undefined" ? "no WebAssembly" : "WebAssembly without SIMD",
      hint: "Use createTfjsEngine of @btsbot/tfjs.",
    });
  }
  return { build, module: await loadKernels("forward", build) };
}

async function prepare(model: Model, build: KernelBuild, module: WebAssembly.Module): Promise<PreparedModel> {
  const { definition } = model;
  const plan = planNetwork(model);
  // Of the size that the plan asks for, and never more: views of it stay valid.
  const memory = new WebAssembly.Memory({ initial: plan.pages, maximum: plan.pages });
  const instance = await WebAssembly.instantiate(module, { env: { memory } });
  for (const [address, data] of plan.constants) {
    new Uint8Array(memory.buffer, address).set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  const { constants: _, ...steps } = plan;
  let machine: Machine | undefined = {
    kernels: instance.exports as unknown as Machine["kernels"],
    floats: new Float32Array(memory.buffer),
  };
  return {
    backend: `wasm-${build}`,
    predict: async (batch, count) => {
      checkBatch(definition, batch, count);
      if (machine === undefined) throw new BtsbotError("scorer-disposed", "the model has been disposed of", { path: definition.name });
      return runPlan(steps, machine, batch, count);
    },
    dispose: () => {
      machine = undefined;
    },
  };
}
