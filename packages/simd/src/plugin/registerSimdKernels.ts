import { BtsbotError, checkArgument, checkOptions } from "@btsbot/errors";
import type { OptionNames } from "@btsbot/errors";
import { checkBuild, findBuild, loadKernels } from "../loadKernels.js";
import type { KernelBuild } from "../loadKernels.js";
import { conv2d, conv2dBackpropFilter, conv2dBackpropInput, fusedConv2d } from "./convolutions.js";
import { depthwiseBackpropFilter, depthwiseBackpropInput, depthwiseConv2d, fusedDepthwiseConv2d } from "./depthwise.js";
import { identity, relu, sum } from "./elementwise.js";
import { HeapPool } from "./HeapPool.js";
import type { Modules } from "./HeapPool.js";
import { batchMatMul, fusedMatMul } from "./matrices.js";
import { maxPool, maxPoolGrad } from "./pooling.js";
import type { Kernel } from "./Kernel.js";
import type { KernelCall, KernelConfig, KernelResult, TfjsCore } from "./types.js";

/** Options of {@link registerSimdKernels}. */
export interface SimdKernelsOptions {
  /** Which build runs: by default relaxed SIMD where it works, else plain SIMD. */
  readonly build?: KernelBuild;
  /**
   * tfjs-core, as the page imports it: `import * as tf from "@tensorflow/tfjs-core"`. Needed where a bundler makes the page,
   * which does not see the name here, so that it does not warn where tfjs is not installed.
   */
  readonly tf?: object;
}

/** The package that is imported where it is not given. */
const TFJS_CORE = "@tensorflow/tfjs-core";

/** The names of {@link SimdKernelsOptions}. */
const SIMD_KERNELS_OPTIONS: OptionNames<SimdKernelsOptions> = { build: "string", tf: "object" };

/** The kernels by the names that tfjs has for them. */
const KERNELS: Readonly<Record<string, Kernel>> = {
  Conv2D: conv2d,
  FusedConv2D: fusedConv2d,
  Conv2DBackpropInput: conv2dBackpropInput,
  Conv2DBackpropFilter: conv2dBackpropFilter,
  DepthwiseConv2dNative: depthwiseConv2d,
  FusedDepthwiseConv2D: fusedDepthwiseConv2d,
  DepthwiseConv2dNativeBackpropInput: depthwiseBackpropInput,
  DepthwiseConv2dNativeBackpropFilter: depthwiseBackpropFilter,
  MaxPool: maxPool,
  MaxPoolGrad: maxPoolGrad,
  BatchMatMul: batchMatMul,
  _FusedMatMul: fusedMatMul,
  Sum: sum,
  Relu: relu,
  Identity: identity,
};

/** The backend whose kernels are replaced. */
const BACKEND = "wasm";

/** The registration in force and how many callers want it; tfjs has one registry a program. */
let current: { readonly undo: Promise<() => void>; callers: number } | undefined;

/**
 * Makes every model of tfjs's wasm backend faster, and able to train: replaces the backend's kernels for
 * convolutions, dense layers and pooling, and adds the gradients that it lacks.
 *
 * The one line that is needed, after `tf.setBackend("wasm")`. Nothing else changes: models, layers,
 * optimizers and `fit` are tfjs's own. The kernels work in the backend's memory, so nothing is copied.
 *
 * - Convolutions of 3 x 3 and 5 x 5 pixels with steps of 1 run by Winograd's method where that pays, others
 *   directly; what has no fast path (dilation, activations other than ReLU, other types than float32) runs
 *   on the kernel that was there.
 * - Filters are transformed once for each tensor, and the transformed ones are given back when the
 *   tensor's data is disposed. A variable that is assigned to has new data, so `fit` never sees an old filter.
 * - NaN and infinity go through convolutions, dense layers and ReLU as on the cpu backend, where the wasm
 *   backend makes 0 of NaN; a slope that is not finite may make NaN of more of a filter's gradient.
 *   `MaxPool` gives NaN for a window that holds one, where both others drop it.
 * - Called twice, it registers once; the kernels go back when each caller has undone it.
 *
 * @param options - the build; of two calls that overlap, that of the first
 * @returns undoes it: puts the backend's own kernels back and frees what was kept; calling it again does nothing
 * @throws BtsbotError `engine-unavailable` where tfjs-core is not installed, or there is no WebAssembly SIMD, or
 * a content security policy forbids to compile it
 *
 * Source: Lavin and Gray 2016, CVPR, section 4 (Winograd's method); Goodfellow, Bengio and Courville 2016,
 * Deep Learning, section 9.5 (gradients of a convolution).
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs-core";
 * import "@tensorflow/tfjs-backend-wasm";
 * import { registerSimdKernels } from "@btsbot/simd";
 *
 * await tf.setBackend("wasm");
 * const undo = await registerSimdKernels();
 * tf.conv2d(tf.ones<tf.Rank.R4>([1, 5, 5, 3]), tf.ones<tf.Rank.R4>([3, 3, 3, 1]), 1, "valid").dataSync()[0]; // => 27
 * undo();
 * ```
 */
export async function registerSimdKernels(options: SimdKernelsOptions = {}): Promise<() => void> {
  checkOptions("registerSimdKernels", options, SIMD_KERNELS_OPTIONS);
  checkBuild("registerSimdKernels", options.build);
  if (options.tf !== undefined)
    checkArgument("registerSimdKernels", "tf", options.tf, "object", ["getBackend", "getKernel"]);
  const mine = (current ??= { undo: register(options), callers: 0 });
  mine.callers++;
  const undo = await mine.undo.catch((error: unknown) => {
    if (current === mine) current = undefined;
    throw error;
  });
  let undone = false;
  return () => {
    if (undone) return;
    undone = true;
    if (--mine.callers > 0) return;
    current = undefined;
    undo();
  };
}

async function register(options: SimdKernelsOptions): Promise<() => void> {
  const tf = options.tf === undefined ? await importTfjs() : (options.tf as TfjsCore);
  const build = options.build ?? findBuild();
  if (build === undefined) {
    throw new BtsbotError("engine-unavailable", "there is no SIMD here", {
      expected: "WebAssembly with SIMD",
      hint: "The kernels of the wasm backend stay as they are.",
    });
  }
  const heaps = new HeapPool(await loadModules(build, false), await loadModules(build, true).catch(() => undefined));
  if (tf.getBackend() === BACKEND) await heaps.attach(tf.backend());
  return replaceKernels(tf, heaps);
}

async function loadModules(build: KernelBuild, shared: boolean): Promise<Modules> {
  return Promise.all([loadKernels("forward", build, shared), loadKernels("backward", build, shared)]);
}

async function importTfjs(): Promise<TfjsCore> {
  try {
    return (await import(/* webpackIgnore: true */ /* @vite-ignore */ TFJS_CORE)) as TfjsCore;
  } catch (cause) {
    throw new BtsbotError("engine-unavailable", "tfjs is not installed", {
      hint: "Install @tensorflow/tfjs-core and @tensorflow/tfjs-backend-wasm.",
      cause,
    });
  }
}

function replaceKernels(tf: TfjsCore, heaps: HeapPool): () => void {
  const before = Object.keys(KERNELS).map((name) => [name, tf.getKernel(name, BACKEND)] as const);
  for (const [name, old] of before) {
    if (old !== undefined) tf.unregisterKernel(name, BACKEND);
    tf.registerKernel({
      ...old,
      kernelName: name,
      backendName: BACKEND,
      kernelFunc: (call) => run(tf, heaps, name, old, call),
    });
  }
  return () => {
    for (const [name, old] of before) {
      tf.unregisterKernel(name, BACKEND);
      if (old !== undefined) tf.registerKernel(old);
    }
    heaps.dispose();
  };
}

function run(
  tf: TfjsCore,
  heaps: HeapPool,
  name: string,
  old: KernelConfig | undefined,
  call: KernelCall,
): KernelResult {
  const fits =
    name === "Identity" ||
    Object.values(call.inputs).every((tensor) => tensor === undefined || tensor === null || tensor.dtype === "float32");
  const result = fits ? KERNELS[name](heaps.of(call.backend), tf, call) : undefined;
  if (result !== undefined) return result;
  if (old !== undefined) return old.kernelFunc(call);
  throw new BtsbotError("engine-unavailable", `${name} does not run on this`, {
    expected: "float32, channels last, no dilation",
    hint: "Set the cpu backend for this network.",
  });
}
