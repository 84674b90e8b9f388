import type { TRAINING_BACKENDS } from "./backendOption.js";

/**
 * Options of `btsbot train` and `btsbot search`, as commander gives them.
 *
 * @internal
 */
export interface TrainingOptions {
  readonly out: string;
  readonly backend: (typeof TRAINING_BACKENDS)[number];
  /** The file of a feature profile. */
  readonly profile?: string;
}
