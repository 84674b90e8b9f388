/** Which values a parameter can have: one of a list, or a number between bounds. */
export type ParameterRange =
  | {
      /** The values, all equally likely. */
      readonly values: readonly (number | string | boolean)[];
      /** The keys of the training's configuration that it sets, with dots; the parameter's name by default. */
      readonly paths?: readonly string[] | undefined;
    }
  | {
      /** The least value. */
      readonly min: number;
      /** The greatest value. */
      readonly max: number;
      /** Whether values or their logarithms are equally likely; `linear` by default. */
      readonly scale?: "linear" | "log" | undefined;
      /** Whether it is a whole number; no by default. */
      readonly integer?: boolean | undefined;
      /** The keys of the training's configuration that it sets, with dots; the parameter's name by default. */
      readonly paths?: readonly string[] | undefined;
    };

/** What is searched: the range of each parameter, by the key of the training's configuration that it sets. */
export type SearchSpace = Readonly<Record<string, ParameterRange>>;

/** The dropout layers of ALeRCE's classifier, and its convolutions but the first, whose windows have 4 pixels. */
const ALERCE_DROPOUTS = ["dropout_1", "dropout_2", "dropout_3"];
const ALERCE_CONVOLUTIONS = ["conv_2_2", "conv_3_4", "conv_4_5", "conv_5_6"];

const filters: ParameterRange = { min: 8, max: 128, scale: "log", integer: true };
const kernel: ParameterRange = { values: [3, 5, 7] };
const rate: ParameterRange = { min: 0.1, max: 0.8 };
const units: ParameterRange = { min: 32, max: 256, scale: "log", integer: true };

/**
 * The papers' ranges. `btsbot`: Rehemtulla et al. 2024, ApJ 972, 7, Tables 2 and 3, for `mmCnn`; N_max,
 * whose range there has no end, goes to 1000, more alerts than almost any source has. `alerce`:
 * Carrasco-Davis et al. 2021, AJ 162, 231, Table 3, for `alerceStampClassifier`, one dropout rate and one
 * window for all layers. Where a range spans a factor of ten or more its logarithm is drawn; the papers do not say.
 *
 * @example
 * ```ts
 * import { SEARCH_SPACES } from "@btsbot/train";
 *
 * SEARCH_SPACES.btsbot["adam.beta1"]; // => { min: 0.81, max: 0.999 }
 * ```
 */
export const SEARCH_SPACES: Readonly<Record<"btsbot" | "alerce", SearchSpace>> = {
  btsbot: {
    ...Object.fromEntries(
      ["conv1", "conv2", "conv3", "conv4"].map((layer) => [`model.layers.${layer}.filters`, filters]),
    ),
    ...Object.fromEntries(
      ["conv1", "conv2", "conv3", "conv4"].map((layer) => [`model.layers.${layer}.kernelSize`, kernel]),
    ),
    ...Object.fromEntries(
      ["conv_dropout1", "conv_dropout2", "meta_dropout", "comb_dropout"].map((layer) => [
        `model.layers.${layer}.rate`,
        rate,
      ]),
    ),
    "model.layers.meta_fc1.units": units,
    "model.layers.meta_fc2.units": units,
    "model.layers.comb_fc.units": { min: 8, max: 128, scale: "log", integer: true },
    batchSize: { min: 8, max: 64, integer: true },
    "adam.beta1": { min: 0.81, max: 0.999 },
    "adam.beta2": { min: 0.9, max: 0.9999 },
    "adam.learningRate": { min: 5e-6, max: 1e-2, scale: "log" },
    "schedule.factor": { min: 0.25, max: 0.75 },
    "schedule.minLearningRate": { min: 1e-10, max: 1e-5, scale: "log" },
    "thinning.max": { min: 1, max: 1000, scale: "log", integer: true },
  },
  alerce: {
    "adam.learningRate": { values: [5e-3, 1e-3, 5e-4, 1e-4, 5e-5] },
    entropyWeight: { values: [0, 0.3, 0.5, 0.8, 1] },
    batchSize: { values: [16, 32, 64] },
    "model.size": { values: [21, 41, 63] },
    "dropout rate": { values: [0.2, 0.5, 0.8], paths: ALERCE_DROPOUTS.map((layer) => `model.layers.${layer}.rate`) },
    "kernel size": { values: [3, 5, 7], paths: ALERCE_CONVOLUTIONS.map((layer) => `model.layers.${layer}.kernelSize`) },
  },
};
