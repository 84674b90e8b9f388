import type { DividedAlerts } from "./divideAlerts.js";
import type { EpochRecord, FitResult } from "./fitTypes.js";
import type { ScoreMetrics } from "./measureScores.js";
import type { TrainConfig } from "./trainConfig.js";

/** How a network does on a part. */
export interface PartMetrics extends Partial<ScoreMetrics> {
  /** Alerts of the part. */
  readonly alerts: number;
  /** Mean loss without class weights, nats. */
  readonly loss: number;
  /** Part of the alerts that are right. */
  readonly accuracy: number;
}

/** What a training was, and what came of it: the file `report.json`. */
export interface TrainReport {
  /** The network that came out. */
  readonly model: {
    /** Its name. */
    readonly name: string;
    /** Its version. */
    readonly version: string;
    /** SHA-256 of its weights. */
    readonly sha256: string;
    /** Numbers that were trained, or kept as moving statistics. */
    readonly parameters: number;
  };
  /** The configuration, complete. */
  readonly config: TrainConfig;
  /** The tfjs backend that it ran on. */
  readonly backend: string;
  /** What was given, cut, divided and thinned. */
  readonly data: Pick<DividedAlerts, "given" | "cuts" | "counts">;
  /** The weight of each class in the loss. */
  readonly classWeights: readonly number[];
  /** Alerts of the training part that the teacher had a score for. */
  readonly taught: number;
  /** Every epoch: the curves of loss and accuracy. */
  readonly history: readonly EpochRecord[];
  /** The epochs after which the learning rate fell. */
  readonly reductions: readonly number[];
  /** The epoch whose weights were kept. */
  readonly bestEpoch: number;
  /** Why training ended. */
  readonly ended: FitResult["ended"];
  /** How the kept weights do. */
  readonly metrics: {
    /** On the part that chose them. */
    readonly validation: PartMetrics;
    /** On the part that nothing has seen; null if it is empty. */
    readonly test: PartMetrics | null;
  };
  /** Seconds of this run, reading and measuring included; what came before an interruption is not in it. */
  readonly seconds: number;
  /** Steps of this run times alerts in each, over all of its seconds: less than the speed of the steps alone. */
  readonly alertStepsPerSecond: number;
}

/**
 * The epochs after which the learning rate fell: the gray lines of Rehemtulla et al. 2024, Figure 11.
 *
 * @internal
 */
export function findReductions(history: readonly EpochRecord[]): number[] {
  return history.flatMap(({ epoch, learningRate }, place) =>
    place > 0 && learningRate < history[place - 1].learningRate ? [epoch - 1] : [],
  );
}
