/** What scoring needs. */
export { multiply, multiplyAdd } from "./gemm";
export { winograd } from "./winograd";
export { depthwise, direct } from "./direct";
export { affine, clear, clip, copyRows, maxPool, meanRows, rotate } from "./images";
