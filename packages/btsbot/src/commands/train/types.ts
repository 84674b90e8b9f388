import type { TrainingOptions } from "../../training/types.js";

/**
 * Options of `btsbot train`, as commander gives them.
 *
 * @internal
 */
export interface TrainOptions extends TrainingOptions {
  /** The file of a feature profile. */
  readonly profile?: string;
}
