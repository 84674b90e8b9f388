import type { OptionNames, Platform } from "@btsbot/errors";
import type { Model, Weights } from "@btsbot/model";
import type { Schedule, ScheduleOptions } from "./updateSchedule.js";
import type { AdamOptions } from "./applyAdam.js";
import type { Dataset } from "./types.js";

/** How a network is fitted; {@link DEFAULT_FIT} holds the defaults. */
export interface FitSettings {
  /** Epochs at most: passes over the training part. */
  readonly epochs: number;
  /** Alerts in one step. */
  readonly batchSize: number;
  /** The optimizer; its learning rate is that of the first epoch. */
  readonly adam: AdamOptions;
  /** How the learning rate falls and when training ends. */
  readonly schedule: ScheduleOptions;
  /** Weight of the entropy in the loss: 0 for BTSbot, 0.5 for ALeRCE's classifier. */
  readonly beta: number;
  /** Whether images are turned and flipped by chance. */
  readonly augment: boolean;
  /** What the order, the turns and the dropout follow from. */
  readonly seed: number;
  /** Layers whose weights stay as they start, such as those of a network that is built upon; none by default. */
  readonly frozen?: readonly string[];
}

/** What an epoch came to. */
export interface EpochRecord {
  /** The epoch, from 1. */
  readonly epoch: number;
  /** The learning rate of its steps. */
  readonly learningRate: number;
  /** Mean loss over the training part as it was trained, with class weights and dropout, nats. */
  readonly trainLoss: number;
  /** Part of the training alerts that were right, with dropout. */
  readonly trainAccuracy: number;
  /** Mean loss over the validation part, without class weights, nats. */
  readonly validationLoss: number;
  /** Part of the validation alerts that are right. */
  readonly validationAccuracy: number;
}

/** All that training is at a moment: with it, training goes on as if it had never stopped. */
export interface TrainingState {
  /** Says which network, settings and data this belongs to. */
  readonly key: string;
  /** Epochs that are done. */
  readonly epoch: number;
  /** Batches of the next epoch that are done. */
  readonly batch: number;
  /** Steps in all. */
  readonly step: number;
  /** Where the learning rate stands. */
  readonly schedule: Schedule;
  /** The epochs so far. */
  readonly history: readonly EpochRecord[];
  /** Sums over the batches of the unfinished epoch: loss and right answers. */
  readonly sums: readonly [loss: number, correct: number];
  /** The weights now. */
  readonly weights: Weights;
  /** The weights after the best epoch; those of the start before the first. */
  readonly best: Weights;
  /** Adam's mean of the gradients, by weight. */
  readonly first: ReadonlyMap<string, Float32Array>;
  /** Adam's mean of their squares, by weight. */
  readonly second: ReadonlyMap<string, Float32Array>;
}

/** How far an epoch is. */
export interface StepProgress {
  /** The epoch, from 1. */
  readonly epoch: number;
  /** Batches done of it. */
  readonly batch: number;
  /** Batches that it has. */
  readonly batches: number;
}

/** What is trained on, and what happens besides. */
export interface FitOptions {
  /** How the network is fitted. */
  readonly settings: FitSettings;
  /** What the network learns from. */
  readonly train: Dataset;
  /** What says when it is best. */
  readonly validation: Dataset;
  /** Says which data these are: a state that was made with others is refused. Without it, data are not compared. */
  readonly dataKey?: string;
  /** Where training stood, to go on from there. */
  readonly resume?: TrainingState;
  /** Called after each batch. */
  readonly onStep?: (progress: StepProgress) => void;
  /** Called after each epoch. */
  readonly onEpoch?: (record: EpochRecord) => void;
  /** Takes the state after each epoch, and after every `checkpointBatches` batches: the place to write it down. */
  readonly onState?: (state: TrainingState) => Promise<void>;
  /** Batches between states inside of an epoch; Infinity, none, by default. */
  readonly checkpointBatches?: number;
  /** The tfjs backend to run on; without it, one that is set is kept, else the fastest that works is set. */
  readonly backend?: string;
  /** Called once the backend is set, with its name: the place to give it kernels that it lacks. */
  readonly prepareBackend?: (backend: string) => Promise<void>;
  /** Ends training after the batch under way, with its state given to `onState`. */
  readonly signal?: Platform<"AbortSignal">;
}

/**
 * The names of {@link FitOptions}.
 *
 * @internal
 */
export const FIT_OPTIONS: OptionNames<FitOptions> = {
  settings: "object!",
  train: "object!",
  validation: "object!",
  dataKey: "string",
  resume: "object",
  onStep: "function",
  onEpoch: "function",
  onState: "function",
  checkpointBatches: "number",
  backend: "string",
  prepareBackend: "function",
  signal: "object",
};

/** What training gives. */
export interface FitResult {
  /** The network with the weights of its best epoch. */
  readonly model: Model;
  /** Where training stands. */
  readonly state: TrainingState;
  /** Why it ended: all epochs done, no better epoch for too long, or asked to. */
  readonly ended: "epochs" | "patience" | "aborted";
  /** The tfjs backend that it ran on. */
  readonly backend: string;
}
