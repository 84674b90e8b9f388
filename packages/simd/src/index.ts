export { createSimdEngine } from "./createSimdEngine.js";
export { createSimdEngine as simd } from "./createSimdEngine.js";
export type { SimdEngineOptions } from "./createSimdEngine.js";
export type { KernelBuild } from "./loadKernels.js";
export { registerSimdKernels } from "./plugin/registerSimdKernels.js";
export type { SimdKernelsOptions } from "./plugin/registerSimdKernels.js";
