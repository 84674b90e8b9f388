/** What scoring needs. */
export { multiply, multiplyAdd } from "./gemm";
