import type { TrainingOptions } from "../../training/types.js";

/**
 * Options of `btsbot train`, as commander gives them.
 *
 * @internal
 */
export interface TrainCommandOptions extends TrainingOptions {
  /** The file of a feature profile. */
  readonly profile?: string;
}
