export { createOnnxEngine } from "./createOnnxEngine.js";
export type { OnnxEngineOptions } from "./createOnnxEngine.js";
export { readOnnxModel } from "./readOnnxModel.js";
export type * from "./types.js";
