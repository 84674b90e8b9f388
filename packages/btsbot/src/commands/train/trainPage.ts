import { countOf } from "@btsbot/errors";
import { drawCurves, makeReport } from "@btsbot/report";
import type { ReportTable } from "@btsbot/report";
import type { PartMetrics, TrainReport } from "@btsbot/train";

/** Wide enough for a hundred epochs. */
const WIDTH = 720;

/**
 * A training as one HTML page, with the curves of Rehemtulla et al. 2024, Figure 11.
 *
 * @internal
 */
export function trainPage(report: TrainReport): string {
  const { model, history, bestEpoch, reductions, ended, alertStepsPerSecond, backend, seconds } = report;
  const epochs = history.map(({ epoch, trainLoss, trainAccuracy, validationLoss, validationAccuracy }) => ({
    epoch,
    loss: trainLoss,
    accuracy: trainAccuracy,
    validationLoss,
    validationAccuracy,
  }));
  return makeReport({
    title: `Training of ${model.name} ${model.version}`,
    subtitle: `${countOf(model.parameters, "parameter")}, SHA-256 ${model.sha256}`,
    sections: [
      {
        title: "Curves",
        text: [
          `${countOf(history.length, "epoch")}, ended by ${ENDINGS[ended]}; the weights are those of epoch ${bestEpoch}.`,
          `This run took ${Math.round(seconds)} s, ${alertStepsPerSecond.toFixed(1)} alert-steps a second on ${backend}.`,
        ],
        figures: [
          {
            svg: drawCurves(epochs, { bestEpoch, reductions, width: WIDTH }),
            caption:
              "Loss and accuracy by epoch; gray rules where the learning rate fell, a dashed one at the weights that are kept. The training loss has class weights and dropout, the validation loss has neither.",
          },
        ],
      },
      { title: "How it does", tables: [metricsTable(report)] },
      { title: "What it was trained on", tables: dataTables(report) },
      { title: "Configuration", text: [JSON.stringify(report.config)] },
    ],
  });
}

const ENDINGS: Readonly<Record<TrainReport["ended"], string>> = {
  epochs: "their number",
  patience: "a validation loss that no longer fell",
  aborted: "request",
};

function metricsTable({ metrics: { validation, test } }: TrainReport): ReportTable {
  const parts: (readonly [string, PartMetrics])[] = [
    ["validation", validation],
    ...(test === null ? [] : [["test", test] as const]),
  ];
  return {
    caption: "The kept weights on the part that chose them, and on the part that nothing has seen.",
    head: ["part", "alerts", "loss", "accuracy %", "AUC"],
    rows: parts.map(([name, { alerts, loss, accuracy, auc }]) => [
      name,
      String(alerts),
      loss.toFixed(4),
      (100 * accuracy).toFixed(2),
      auc == null ? "–" : auc.toFixed(4),
    ]),
  };
}

function dataTables({ data: { given, cuts, counts } }: TrainReport): ReportTable[] {
  return [
    {
      caption: `Cuts, of ${countOf(given.alerts, "alert")} of ${countOf(given.sources, "source")}.`,
      head: ["cut", "alerts"],
      rows: cuts.map(({ cut, alerts }) => [cut, String(alerts)]),
    },
    {
      caption: "Parts, by class.",
      head: Object.keys(counts[0] ?? {}),
      rows: counts.map((count) => Object.values(count).map(String)),
    },
  ];
}
