import { countOf } from "@btsbot/errors";
import { dirname, join } from "node:path";
import type { PartMetrics, TrainReport } from "@btsbot/train";
import { complain } from "../../terminal/complain.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { EXIT } from "../../terminal/exitStatus.js";
import { writeOutput } from "../../terminal/writeOutput.js";
import { readTraining } from "../../training/readTraining.js";
import { createTrainProgress } from "../../training/trainProgress.js";
import type { TrainingOptions } from "../../training/types.js";

/**
 * `btsbot train`.
 *
 * @internal
 */
export async function trainCommand(path: string, options: TrainingOptions, terminal: Terminal): Promise<number> {
  const { out, backend } = options;
  // Loaded when it is needed: it brings a runtime that other commands do without.
  const { parseTrainConfig, trainModel } = await import("@btsbot/train");
  const [json, folder, profiles] = await readTraining(path, options);
  const config = parseTrainConfig(json, folder, profiles);
  const { say, ...progress } = createTrainProgress(terminal, config.fit.epochs);
  const report = await trainModel(config, {
    out,
    backend,
    profiles,
    ...progress,
    onData: ({ given, parts, cuts }) => {
      const cut = cuts.flatMap((each) => (each.alerts > 0 ? [`${each.cut} ${each.alerts}`] : [])).join(", ");
      say(`${countOf(given.alerts, "alert")} of ${countOf(given.sources, "source")}; cut: ${cut || "none"}`);
      say(`${parts.train.length} to train, ${parts.validation.length} to validate, ${parts.test.length} to test`);
    },
    onWarning: ({ message }) => complain(terminal.stderr, `the training goes on without this checkpoint: ${message}`),
  });
  const trained = join(out, "models", config.name);
  const { trainPage } = await import("./trainPage.js");
  await writeOutput(join(out, "report.html"), trainPage(report));
  terminal.stdout.write(
    terminal.stdout.isTTY ? describeReport(report, trained) : `${JSON.stringify(summarize(report, trained, out))}\n`,
  );
  return EXIT.ok;
}

function summarize({ model, bestEpoch, ended, metrics, history }: TrainReport, folder: string, out: string): object {
  return {
    ...model,
    folder,
    report: join(out, "report.json"),
    page: join(out, "report.html"),
    epochs: history.length,
    bestEpoch,
    ended,
    ...metrics,
  };
}

function describeReport(
  { model, bestEpoch, history, metrics, alertStepsPerSecond, backend }: TrainReport,
  folder: string,
): string {
  const lines = [
    `${model.name} ${model.version}: ${countOf(model.parameters, "parameter")}, the best of ${countOf(history.length, "epoch")} is number ${bestEpoch}`,
    describePart("validation", metrics.validation),
    ...(metrics.test === null ? [] : [describePart("test", metrics.test)]),
    `${alertStepsPerSecond.toFixed(1)} alert-steps a second on ${backend}`,
    `in ${folder}; to score with it: BTSBOT_CACHE=${dirname(folder)} btsbot score --model ${model.name} PATH...`,
  ];
  return `${lines.join("\n")}\n`;
}

function describePart(name: string, { alerts, loss, accuracy, auc }: PartMetrics): string {
  const area = auc == null ? "" : `, area under the curve ${auc.toFixed(4)}`;
  return `${name}: ${countOf(alerts, "alert")}, loss ${loss.toFixed(4)}, right ${(100 * accuracy).toFixed(2)} %${area}`;
}
