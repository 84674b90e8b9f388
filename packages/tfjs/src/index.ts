export { createTfjsEngine } from "./createTfjsEngine.js";
export type { TfjsEngineOptions } from "./createTfjsEngine.js";
export { registerLayers } from "./registerLayers.js";
export type { TfjsBackend, WasmPaths } from "./selectBackend.js";
