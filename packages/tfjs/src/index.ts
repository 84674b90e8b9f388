export { createTfjsEngine } from "./createTfjsEngine.js";
export type { TfjsEngineOptions } from "./createTfjsEngine.js";
export { createTfjsTrainer } from "./createTfjsTrainer.js";
export type { Gradients, TfjsTrainer, TfjsTrainerOptions, TrainingBatch } from "./createTfjsTrainer.js";
export { registerLayers } from "./registerLayers.js";
export type { TfjsBackend, WasmPaths } from "./selectBackend.js";
