import type { FitSettings } from "./fitTypes.js";

/** The settings of the published BTSbot (Rehemtulla et al. 2024, ApJ 972, 7, section 3.1 and Table 3). */
export const DEFAULT_FIT: FitSettings = {
  epochs: 200,
  batchSize: 64,
  adam: { learningRate: 1e-4, beta1: 0.99, beta2: 0.99 },
  schedule: { factor: 0.4, patience: 20, minLearningRate: 5e-10, stopPatience: 75 },
  beta: 0,
  augment: true,
  seed: 1,
};
