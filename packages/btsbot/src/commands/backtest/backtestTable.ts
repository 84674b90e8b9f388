import { countOf } from "@btsbot/errors";
import type { Backtest, PolicyResult } from "@btsbot/evaluate";
import type { Policy } from "@btsbot/policy";
import { describeExclusions, formatDays, formatNumber, formatRate } from "../../evaluation/evaluationText.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { layoutTable } from "../../terminal/layoutTable.js";
import type { Column } from "../../terminal/layoutTable.js";
import { wrapText } from "../../terminal/wrapText.js";

/**
 * The figures of Table 6 of Rehemtulla et al. 2024 for each policy, for people.
 *
 * @internal
 */
export function backtestTable(result: Backtest, policies: readonly Policy[], { colors, width }: Terminal): string {
  const table = layoutTable(tableColumns(result, policies), width);
  const { accuracy } = result.alerts.confusion;
  const { auc, accuracy: ofAccuracy } = result.alertIntervals ?? {};
  const notes = [
    `${countOf(result.alertCount, "alert")} of ${countOf(result.sourceCount, "source")}: accuracy ${formatRate(accuracy, ofAccuracy)} %, area under the ROC curve ${formatNumber(result.alerts.roc?.auc, 4, auc)}.`,
    ...(result.unscored > 0 ? [`${countOf(result.unscored, "alert")} without a score.`] : []),
    ...(result.duplicates > 0 ? [`${countOf(result.duplicates, "alert")} came again, and counted once.`] : []),
    ...(result.copies > 0
      ? [
          `${countOf(result.copies, "alert")} of exposures that have another, and not counted (--counted-by candids counts them).`,
        ]
      : []),
    ...(result.policies.length > 0 ? [describeExclusions(result.policies[0].sources)] : []),
    "Intervals, in brackets where there is room, are of 95 % by resampling sources. Delays are medians over true positives, the policy's time less people's, in days. --json FILE names every false positive and negative, --report FILE.html draws them.",
  ];
  return [
    table.header(colors.bold),
    ...result.policies.map((policy) => table.row(policy)),
    "",
    ...notes.flatMap((note) => wrapText(note, width)).map(colors.dim),
    "",
  ].join("\n");
}

function tableColumns({ alerts, policies }: Backtest, rules: readonly Policy[]): Column<PolicyResult>[] {
  // Who only saves asks for no spectrum.
  const saves = new Set(rules.filter(({ action }) => action === "save").map(({ name }) => name));
  const counts = ["truePositives", "falsePositives", "falseNegatives"] as const;
  return [
    {
      title: "policy",
      min: Math.max(6, ...policies.map(({ policy }) => policy.length)),
      cell: ({ policy }) => ({ text: policy }),
    },
    figure(
      "complete %",
      ({ sources, intervals }, wide) =>
        formatRate(sources.overall.completeness, wide ? intervals?.completeness : undefined),
      17,
    ),
    figure(
      "purity %",
      ({ sources, intervals }, wide) => formatRate(sources.overall.purity, wide ? intervals?.purity : undefined),
      17,
    ),
    figure(
      "save d",
      ({ sources, intervals }, wide) => formatDays(sources.saveDelays.median, wide ? intervals?.saveDelay : undefined),
      22,
    ),
    figure(
      "trigger d",
      ({ policy, sources, intervals }, wide) =>
        formatDays(
          saves.has(policy) ? undefined : sources.triggerDelays.median,
          wide ? intervals?.triggerDelay : undefined,
        ),
      22,
    ),
    figure("a night", ({ requests }) => formatNumber(requests.mean, 2)),
    ...counts.map((name, index): Column<PolicyResult> => ({
      ...figure(["TP", "FP", "FN"][index], ({ sources }) => String(sources.overall[name])),
      min: 5,
      drop: 2,
    })),
    { ...figure("acc %", () => formatRate(alerts.confusion.accuracy)), drop: 1 },
    { ...figure("AUC", () => formatNumber(alerts.roc?.auc, 3)), drop: 1 },
  ];
}

/** A column of numbers, with intervals if there is room for those of all rows. */
function figure(
  title: string,
  show: (result: PolicyResult, wide: boolean) => string,
  max?: number,
): Column<PolicyResult> {
  return {
    title,
    min: Math.max(title.length, 6),
    ...(max !== undefined && { max }),
    align: "right",
    cell: (result, width) => ({ text: show(result, max !== undefined && width >= max) }),
  };
}
