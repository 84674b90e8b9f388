/** What scoring needs. */
export { multiplyAdd } from "./gemm";
export { winograd } from "./winograd";
export { fourier } from "./fourier";
export { depthwise, direct } from "./direct";
export { affine, clear, clip, copyRows, maxPool, meanRows, rotate } from "./images";
