import { outputLength } from "@btsbot/model";
import type { ModelOutput } from "@btsbot/model";
import { mixTarget } from "./mixTarget.js";
import type { TrainingSet } from "./openTrainingSet.js";
import type { Dataset, TrainingAlert } from "./types.js";

/**
 * How alerts become examples.
 *
 * @internal
 */
export interface DatasetOptions {
  /** What the network gives. */
  readonly output: ModelOutput;
  /** The weight of each class in the loss; all 1 without. */
  readonly classWeights?: readonly number[];
  /** The teacher's part in the target, 0 to 1. */
  readonly teacherWeight: number;
}

/**
 * Alerts of a set as a network in training reads them.
 *
 * @internal
 */
export function createDataset(
  set: TrainingSet,
  alerts: readonly TrainingAlert[],
  { output, classWeights, teacherWeight }: DatasetOptions,
): Dataset {
  const length = outputLength(output);
  return {
    length: alerts.length,
    read: async (indices) => {
      const chosen = Array.from(indices, (index) => alerts[index]);
      const targets = new Float32Array(length * chosen.length);
      chosen.forEach(({ label, teacher }, place) => {
        if (output.kind === "score") targets[place] = mixTarget(label, teacher, teacherWeight);
        else targets[place * length + label] = 1;
      });
      return {
        inputs: await set.readInputs(chosen.map(({ row }) => row)),
        targets,
        weights: Float32Array.from(chosen, ({ label }) => classWeights?.[label] ?? 1),
        labels: Int32Array.from(chosen, ({ label }) => label),
      };
    },
  };
}
