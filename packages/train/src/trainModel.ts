import { join } from "node:path";
import { checkArgument, checkOptions } from "@btsbot/errors";
import { writeLayersModel } from "@btsbot/model";
import type { Model, ModelDefinition } from "@btsbot/model";
import { createTfjsTrainer } from "@btsbot/tfjs";
import { createDataset } from "./createDataset.js";
import type { DividedAlerts } from "./divideAlerts.js";
import { TRAIN_OPTIONS, defineModel, fitConfig, openSet } from "./fitConfig.js";
import type { TrainOptions } from "./fitConfig.js";
import type { FitResult } from "./fitTypes.js";
import { lendKernels } from "./lendKernels.js";
import { measureScores } from "./measureScores.js";
import { makeFolder, placeFile } from "@btsbot/tables";
import { predictDataset } from "./predictDataset.js";
import type { TrainConfig } from "./trainConfig.js";
import { findReductions } from "./trainReport.js";
import type { PartMetrics, TrainReport } from "./trainReport.js";
import type { Dataset, TrainingAlert } from "./types.js";

/**
 * Trains a network from a configuration: reads the alerts, cuts, divides, thins and weighs them, fits the
 * network, measures it, and writes `models/NAME` (tfjs layers format), `report.json` and
 * `checkpoint.bin` into the output folder. Where the folder has a checkpoint of the same training, it
 * goes on from there.
 *
 * @param config - the configuration, of `parseTrainConfig`
 * @param options - where to, and what happens besides
 * @returns the report
 * @throws BtsbotError as `openTrainingSet` and `fitModel`; `training-set-empty`; `resume-invalid`;
 * `resume-mismatch`; `disk-full` and `folder-unwritable` if the model or the report cannot be written
 *
 * @example
 * ```ts no-run
 * import { readFile } from "node:fs/promises";
 * import { parseTrainConfig, trainModel } from "@btsbot/train";
 *
 * const config = parseTrainConfig(JSON.parse(await readFile("train.json", "utf8")), ".");
 * const { metrics } = await trainModel(config, { out: "run" });
 * console.log(metrics.test?.auc);
 * ```
 */
export async function trainModel(config: TrainConfig, options: TrainOptions): Promise<TrainReport> {
  checkOptions("trainModel", options, TRAIN_OPTIONS);
  checkArgument("trainModel", "config", config, "object");
  const { out, profiles, now = () => performance.now() } = options;
  const begin = now();
  const definition = defineModel(config, profiles);
  await makeFolder(join(out, "models", config.name));
  const set = await openSet(config, definition, options);
  try {
    const { divided, fitted, stepsBefore } = await fitConfig(config, definition, set, options);
    const { predict, dispose } = await preparePrediction(fitted.model, config, options);
    const data = (part: readonly TrainingAlert[]) =>
      createDataset(set, part, { output: definition.output, teacherWeight: config.teacher?.weight ?? 0 });
    const measure = async (part: readonly TrainingAlert[]) =>
      measurePart(predict, data(part), definition, config.fit.beta);
    try {
      const metrics = {
        validation: await measure(divided.parts.validation),
        test: divided.parts.test.length === 0 ? null : await measure(divided.parts.test),
      };
      const seconds = (now() - begin) / 1000;
      const steps = fitted.state.step - stepsBefore;
      const report = makeReport(config, divided, fitted, {
        metrics,
        seconds,
        alertStepsPerSecond: (steps * config.fit.batchSize) / seconds,
      });
      await writeResults(out, fitted.model, report);
      return report;
    } finally {
      dispose();
    }
  } finally {
    await set.close();
  }
}

async function preparePrediction(model: Model, { fit }: TrainConfig, { prepareBackend }: TrainOptions) {
  const kernels = lendKernels(prepareBackend);
  const trainer = await createTfjsTrainer(model, { beta: fit.beta, prepareBackend: kernels.prepare });
  const dispose = () => {
    trainer.dispose();
    kernels.takeBack();
  };
  const predict: typeof trainer.predictLogits = (inputs, count) => trainer.predictLogits(inputs, count);
  return { predict, dispose };
}

async function measurePart(
  predict: Parameters<typeof predictDataset>[0],
  data: Dataset,
  { output }: ModelDefinition,
  beta: number,
): Promise<PartMetrics> {
  const { loss, accuracy, labels, logits } = await predictDataset(predict, data, beta);
  if (output.kind === "classes") return { alerts: data.length, loss, accuracy };
  return {
    loss,
    ...measureScores(
      labels,
      logits.map((logit) => 1 / (1 + Math.exp(-logit))),
    ),
  };
}

function makeReport(
  config: TrainConfig,
  { parts, given, cuts, counts, classWeights }: DividedAlerts,
  { model, state, ended, backend }: FitResult,
  measured: Pick<TrainReport, "metrics" | "seconds" | "alertStepsPerSecond">,
): TrainReport {
  const parameters = [...model.weights.values()].reduce((sum, { values }) => sum + values.length, 0);
  return {
    model: { name: config.name, version: config.version, sha256: model.sha256, parameters },
    config,
    backend,
    data: { given, cuts, counts },
    classWeights,
    taught: parts.train.filter(({ teacher }) => teacher !== null).length,
    history: state.history,
    reductions: findReductions(state.history),
    bestEpoch: state.schedule.bestEpoch,
    ended,
    ...measured,
  };
}

async function writeResults(out: string, model: Model, report: TrainReport): Promise<void> {
  // model.json last, since it says that the weights are there.
  for (const [name, bytes] of [...writeLayersModel(model)].reverse())
    await placeFile(join(out, "models", model.definition.name, name), bytes);
  await placeFile(join(out, "report.json"), `${JSON.stringify(report, null, 1)}\n`);
}
