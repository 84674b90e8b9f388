import { BtsbotError, checkOptions, OptionsError } from "@btsbot/errors";
import type { OptionNames } from "@btsbot/errors";
import { guardPrediction, inferShapes } from "@btsbot/model";
import type { Engine, Model, ModelDefinition, PreparedModel, Seat } from "@btsbot/model";
import { planNetwork } from "./engine/planNetwork.js";
import { runPlan } from "./engine/runPlan.js";
import type { Machine } from "./engine/ForwardKernels.js";
import { checkBuild, findBuild, loadKernels } from "./loadKernels.js";
import type { KernelBuild } from "./loadKernels.js";
import type { WasmModule } from "./WasmModule.js";

/** Options of {@link createSimdEngine}. */
export interface SimdEngineOptions {
  /** The build of the kernels; by default the best that runs here: relaxed SIMD, then SIMD. */
  readonly build?: KernelBuild;
  /**
   * The kernels, compiled before: for platforms that forbid compiling bytes, such as edge workers. They are the file
   * `@btsbot/simd/forward-simd.wasm` (or `forward-relaxed-simd.wasm`, with `build: "relaxed-simd"`), which such platforms
   * import as a module. Threads that run the same model do not share its weights then.
   */
  readonly module?: WasmModule;
}

/** The names of {@link SimdEngineOptions}. */
const SIMD_ENGINE_OPTIONS: OptionNames<SimdEngineOptions> = { build: "string", module: "object" };

/**
 * Makes the engine that runs networks in WebAssembly SIMD, on one core, without any other library.
 *
 * Convolutions go by tiles, of Winograd's method or of Fourier transforms, where that is cheaper. A prepared model has
 * a memory that never grows; `dispose` lets go of it. It is the model's own, or, with a `seat`, one that threads share, in
 * which the kernels lie once. Inputs that are not finite are refused before a kernel sees them, as by every engine.
 *
 * @param options - which build of the kernels; or the kernels themselves, compiled before
 * @returns the engine; its `canRun` says why it cannot run here: no WebAssembly, no SIMD, a content security
 * policy that forbids to compile, or a network that is an ONNX file. `prepare` throws `engine-unavailable` then, and
 * RangeError for a seat that is not one of its `count`
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
  checkOptions("createSimdEngine", options, SIMD_ENGINE_OPTIONS);
  checkBuild("createSimdEngine", options.build);
  if (options.module !== undefined && Object.prototype.toString.call(options.module) !== "[object WebAssembly.Module]")
    throw new OptionsError("createSimdEngine: expected `module` to be a compiled WebAssembly.Module, not its bytes");
  return {
    name: "simd",
    canRun: async (definition: ModelDefinition) => {
      if (definition.onnx !== undefined)
        return "its network is an ONNX file, which createOnnxEngine of @btsbot/onnx runs";
      inferShapes(definition);
      if (options.module !== undefined) return true;
      try {
        await loadKernels("forward", chooseBuild(options));
        return true;
      } catch (error) {
        return (error as Error).message;
      }
    },
    prepare: async (model, seat) => prepare(model, options, seat),
  };
}

function chooseBuild({ module, build = module === undefined ? findBuild() : "simd" }: SimdEngineOptions): KernelBuild {
  if (build !== undefined) return build;
  throw new BtsbotError("engine-unavailable", "there is no WebAssembly with SIMD here", {
    expected: "WebAssembly with 128-bit SIMD",
    got: typeof WebAssembly === "undefined" ? "no WebAssembly" : "WebAssembly without SIMD",
    hint: "Use createTfjsEngine of @btsbot/tfjs.",
  });
}

/** What threads have in common of a model: a memory, and what it was laid out for. */
interface SharedModel {
  readonly memory: WebAssembly.Memory;
  readonly network: string;
  readonly sha256: string;
  readonly build: KernelBuild;
  readonly count: number;
}

/** Where a thread runs a model: which of how many it is there, and the memory, if another thread has prepared it. */
type ThreadPlace = Pick<Seat, "index" | "count"> & { readonly memory?: WebAssembly.Memory };

const ALONE: ThreadPlace = { index: 0, count: 1 };

/** A thread that is not the first shares what was made of the same network, weights and build for as many threads, or nothing. */
function findPlace({ definition, sha256 }: Model, build: KernelBuild, seat: Seat = ALONE): ThreadPlace {
  const { index, count, shared } = seat;
  if (!Number.isInteger(index) || index < 0 || index >= count)
    throw new RangeError(`seat: expected an index from 0 to ${count - 1}, got ${index}`);
  // Weights without a name cannot be told from others: see `createModel`.
  if (sha256 === "") return ALONE;
  if (shared === undefined) return { index, count };
  const given = shared.get(definition.name) as SharedModel | undefined;
  const fits =
    given?.sha256 === sha256 &&
    given.network === JSON.stringify(definition) &&
    given.build === build &&
    given.count === count;
  return fits ? { index, count, memory: given.memory } : ALONE;
}

async function prepare(model: Model, options: SimdEngineOptions, seat: Seat | undefined): Promise<PreparedModel> {
  const { definition, sha256 } = model;
  const build = chooseBuild(options);
  // What was compiled before imports a memory of its own.
  const place = options.module === undefined ? findPlace(model, build, seat) : ALONE;
  const { count } = place;
  const module = options.module ?? (await loadKernels("forward", build, count > 1));
  const { plan, layout } = planNetwork(model, place);
  // Of the size that the layout asks for, and never more: views of it stay valid.
  const memory =
    place.memory ?? new WebAssembly.Memory({ initial: layout.pages, maximum: layout.pages, shared: count > 1 });
  const instance = await WebAssembly.instantiate(module, { env: { memory } });
  const floats = new Float32Array(memory.buffer);
  if (place.memory === undefined) for (const [address, make] of layout.constants) floats.set(make(), address / 4);
  // Another thread may have had this place before.
  else for (const [address, bytes] of layout.own) floats.fill(0, address / 4, (address + bytes) / 4);
  for (const [address, job] of layout.jobs) new Int32Array(memory.buffer, address).set(job);
  let machine: Machine | undefined = { kernels: instance.exports as unknown as Machine["kernels"], floats };
  let shared: SharedModel | undefined =
    count > 1 ? { memory, network: JSON.stringify(definition), sha256, build, count } : undefined;
  return {
    backend: `wasm-${build}`,
    get shared() {
      return shared;
    },
    predict: guardPrediction(model, async (batch, alerts) => {
      if (machine === undefined)
        throw new BtsbotError("scorer-disposed", "the model has been disposed of", { path: definition.name });
      return runPlan(plan, machine, batch, alerts);
    }),
    dispose: () => {
      machine = undefined;
      shared = undefined;
    },
  };
}
