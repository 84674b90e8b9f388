export { createSimdEngine } from "./createSimdEngine.js";
export { createSimdEngine as simd } from "./createSimdEngine.js";
export type { SimdEngineOptions } from "./createSimdEngine.js";
export type { KernelBuild } from "./loadKernels.js";
