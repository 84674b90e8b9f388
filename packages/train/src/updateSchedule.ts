import { checkArgument, checkOptions } from "@btsbot/errors";
import type { OptionNames } from "@btsbot/errors";

/** How the learning rate falls and when training ends. */
export interface ScheduleOptions {
  /** What the learning rate is multiplied by on a plateau; 0.4 in the paper. */
  readonly factor: number;
  /** Epochs without a lower validation loss before it is; 20 in the paper. */
  readonly patience: number;
  /** The learning rate falls no lower; 5e-10 in the paper. */
  readonly minLearningRate: number;
  /** Epochs without a lower validation loss before training ends; 75 in the paper. */
  readonly stopPatience: number;
}

/** The names of {@link ScheduleOptions}. */
const SCHEDULE_OPTIONS: OptionNames<ScheduleOptions> = {
  factor: "number!",
  patience: "number!",
  minLearningRate: "number!",
  stopPatience: "number!",
};

/** Where training stands in its schedule. */
export interface Schedule {
  /** The learning rate of the next epoch. */
  readonly learningRate: number;
  /** Least validation loss so far; null before the first epoch. */
  readonly bestLoss: number | null;
  /** The epoch that gave it, from 1; 0 before the first. */
  readonly bestEpoch: number;
  /** Epochs since the last one that was better, or that lowered the learning rate. */
  readonly plateau: number;
  /** Whether the patience is over. */
  readonly stopped: boolean;
}

/**
 * Takes an epoch's validation loss into the schedule: after `patience` epochs without a lower loss the
 * learning rate falls, after `stopPatience` training ends. An epoch is better if its loss is lower at all.
 *
 * @param schedule - where training stood
 * @param epoch - the epoch, from 1
 * @param loss - its validation loss
 * @param options - patience and factor
 * @returns where training stands; `bestEpoch` is this epoch if it is the best
 *
 * Source: Rehemtulla et al. 2024, ApJ 972, 7, section 3.1 and Table 3; the counting is that of Keras's
 * ReduceLROnPlateau and EarlyStopping with `min_delta` 0.
 *
 * @example
 * ```ts
 * import { updateSchedule } from "@btsbot/train";
 *
 * const options = { factor: 0.5, patience: 1, minLearningRate: 0, stopPatience: 3 };
 * const first = updateSchedule({ learningRate: 1, bestLoss: null, bestEpoch: 0, plateau: 0, stopped: false }, 1, 0.7, options);
 * updateSchedule(first, 2, 0.8, options).learningRate; // => 0.5
 * ```
 */
export function updateSchedule(schedule: Schedule, epoch: number, loss: number, options: ScheduleOptions): Schedule {
  checkOptions("updateSchedule", options, SCHEDULE_OPTIONS);
  checkArgument("updateSchedule", "schedule", schedule, "object", ["learningRate"]);
  const { learningRate, bestLoss, bestEpoch } = schedule;
  if (bestLoss === null || loss < bestLoss)
    return { learningRate, bestLoss: loss, bestEpoch: epoch, plateau: 0, stopped: false };
  const plateau = schedule.plateau + 1;
  const stopped = epoch - bestEpoch >= options.stopPatience;
  if (plateau < options.patience) return { ...schedule, plateau, stopped };
  const lowered = Math.min(learningRate, Math.max(learningRate * options.factor, options.minLearningRate));
  return { ...schedule, learningRate: lowered, plateau: 0, stopped };
}
