import { join } from "node:path";
import { BtsbotError } from "@btsbot/errors";
import type { OptionNames } from "@btsbot/errors";
import type { FeatureProfile, ProfileData } from "@btsbot/features";
import { createModel, hashBytes, writeProfile } from "@btsbot/model";
import type { ModelDefinition } from "@btsbot/model";
import { buildDefinition } from "./buildDefinition.js";
import { createDataset } from "./createDataset.js";
import { divideAlerts } from "./divideAlerts.js";
import type { DividedAlerts } from "./divideAlerts.js";
import { fitModel } from "./fitModel.js";
import type { FitOptions, FitResult } from "./fitTypes.js";
import { openTrainingSet } from "./openTrainingSet.js";
import type { TrainingSet } from "./openTrainingSet.js";
import { readCheckpoint } from "./readCheckpoint.js";
import { startWeights } from "./startWeights.js";
import type { TrainConfig } from "./trainConfig.js";
import { writeCheckpoint } from "./writeCheckpoint.js";

/** What happens besides a training. */
export interface TrainOptions extends Pick<FitOptions, "onStep" | "onEpoch" | "backend" | "prepareBackend" | "signal"> {
  /** The output folder; it is made. */
  readonly out: string;
  /** Feature profiles of your own, for a network that names one. */
  readonly profiles?: readonly (FeatureProfile | ProfileData)[];
  /** Called while packets are decoded. */
  readonly onPackets?: (done: number, files: number) => void;
  /** Called once the alerts are in their parts. */
  readonly onData?: (divided: DividedAlerts) => void;
  /** Called when a checkpoint cannot be written: training goes on, and the one before stays. */
  readonly onWarning?: (error: BtsbotError) => void;
  /** Milliseconds since whenever, for the times of the report; the system's clock by default. */
  readonly now?: () => number;
}

/**
 * The names of what both a training and a search of many may be told.
 *
 * @internal
 */
export const OPTIONS_OF_EACH: OptionNames<Omit<TrainOptions, "onData" | "now">> = {
  out: "string!",
  profiles: "list",
  onPackets: "function",
  onWarning: "function",
  onStep: "function",
  onEpoch: "function",
  backend: "string",
  prepareBackend: "function",
  signal: "object",
};

/**
 * The names of {@link TrainOptions}.
 *
 * @internal
 */
export const TRAIN_OPTIONS: OptionNames<TrainOptions> = { ...OPTIONS_OF_EACH, onData: "function", now: "function" };

/**
 * The network of a configuration.
 *
 * @internal
 */
export function defineModel(
  { model, name, version }: TrainConfig,
  profiles: TrainOptions["profiles"],
): ModelDefinition {
  return "definition" in model
    ? { ...model.definition, name, version }
    : buildDefinition(model, name, version, profiles);
}

/**
 * Opens the alerts of a configuration.
 *
 * @internal
 */
export async function openSet(
  config: TrainConfig,
  definition: ModelDefinition,
  { out, onPackets: onProgress, profiles }: Pick<TrainOptions, "out" | "onPackets" | "profiles">,
): Promise<TrainingSet> {
  const { data, cache, classes, teacher, memoryBytes } = config;
  return openTrainingSet(data, {
    definition,
    cache: cache ?? join(out, "cache"),
    classes,
    memoryBytes,
    ...(profiles && { profiles }),
    ...(teacher && { teacher }),
    ...(onProgress && { onProgress }),
  });
}

/**
 * What {@link fitConfig} gives.
 *
 * @internal
 */
export interface FittedConfig {
  readonly divided: DividedAlerts;
  readonly fitted: FitResult;
  /** Steps that were done before, by the checkpoint. */
  readonly stepsBefore: number;
}

/**
 * Divides the alerts of a configuration and fits its network, from the checkpoint in the output folder if there is one.
 *
 * @internal
 */
export async function fitConfig(
  config: TrainConfig,
  definition: ModelDefinition,
  set: TrainingSet,
  options: TrainOptions,
): Promise<FittedConfig> {
  const { output } = definition;
  const { onStep, onEpoch, onWarning, backend, prepareBackend, signal } = options;
  const divided = divideAlerts(set.alerts, output, config);
  options.onData?.(divided);
  const { train, validation } = divided.parts;
  const start = await createModel(
    definition,
    await startWeights(
      definition,
      config.fit.seed,
      set,
      train.map(({ row }) => row),
    ),
  );
  const path = join(options.out, "checkpoint.bin");
  const resume = await readCheckpoint(path);
  const teacherWeight = config.teacher?.weight ?? 0;
  const fitted = await fitModel(start, {
    settings: config.fit,
    train: createDataset(set, train, { output, classWeights: divided.classWeights, teacherWeight }),
    validation: createDataset(set, validation, { output, teacherWeight }),
    checkpointBatches: config.checkpointBatches,
    dataKey: await describeData(divided, teacherWeight, definition),
    onState: async (state) => {
      await writeCheckpoint(path, state).catch((error: unknown) => {
        // A full disk can be emptied while training goes on; what was written before is as it was.
        if (!(error instanceof BtsbotError)) throw error;
        onWarning?.(error);
      });
    },
    ...(resume && { resume }),
    ...(onStep && { onStep }),
    ...(onEpoch && { onEpoch }),
    ...(backend !== undefined && { backend }),
    ...(prepareBackend && { prepareBackend }),
    ...(signal && { signal }),
  });
  return { divided, fitted, stepsBefore: resume?.step ?? 0 };
}

/** The same alerts with the same labels, teacher, weights and features have the same description. */
async function describeData(
  { parts: { train, validation }, classWeights }: DividedAlerts,
  teacherWeight: number,
  { inputs }: ModelDefinition,
): Promise<string> {
  const profiles = inputs.flatMap((input) => (input.kind === "features" ? [writeProfile(input.profile)] : []));
  const own = profiles.filter((profile) => typeof profile !== "string");
  const facts = [train, validation].map((part) =>
    part.map(({ objectId, candid, jd, label, teacher }) => [objectId, candid, jd, label, teacher].join(" ")).join("\n"),
  );
  const text = [JSON.stringify([classWeights, teacherWeight, ...own]), ...facts].join("\n\n");
  return (await hashBytes(new TextEncoder().encode(text)))!;
}
