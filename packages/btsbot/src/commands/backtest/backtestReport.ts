import { countOf } from "@btsbot/errors";
import type { AlertBin, PolicyResult, SourceOutcome } from "@btsbot/evaluate";
import type { Policy } from "@btsbot/policy";
import {
  drawCalibration,
  drawConfusion,
  drawCostCurve,
  drawDelays,
  drawLightCurve,
  drawNights,
  drawPeakRates,
  drawRoc,
  makeReport,
} from "@btsbot/report";
import type { ReportFigure, ReportSection, ReportTable } from "@btsbot/report";
import { formatJd } from "@btsbot/sky";
import {
  breakInterval,
  describeExclusions,
  describePolicy,
  formatDays,
  formatNumber,
  formatRate,
} from "../../evaluation/evaluationText.js";
import type { BacktestRun } from "./types.js";

/** Sources of a kind that a table names, and that are drawn; the JSON has all. */
const MOST_NAMED = 20;
const MOST_DRAWN = 6;
/** The survey classifies what peaks at this magnitude or brighter: Perley et al. 2020, ApJ 904, 35. */
const SURVEY_LIMIT = { magnitude: 18.5, name: "18.5 mag, the survey's limit" };

/**
 * A backtest as one HTML page.
 *
 * @internal
 */
export function backtestReport(run: BacktestRun): string {
  const { options, policies, input, result } = run;
  const model = input.scores.model === undefined ? "" : ` by ${input.scores.model}`;
  return makeReport({
    title: `Backtest of ${policies.map(({ name }) => name).join(", ")}`,
    subtitle: `${countOf(result.alertCount, "alert")} of ${countOf(result.sourceCount, "source")} from ${options.scores}${model}; truth from ${options.truth}`,
    sections: [
      summarySection(run),
      alertSection(run),
      ...result.policies.map((policy, index) => policySection(policy, policies[index])),
      costSection(result.policies),
      lightCurveSection(run),
    ],
  });
}

function summarySection({ result, policies }: BacktestRun): ReportSection {
  const { alerts, alertIntervals } = result;
  const rows = result.policies.map(({ policy, sources, intervals, requests }, index) => [
    policy,
    ...[
      formatRate(alerts.confusion.accuracy, alertIntervals?.accuracy),
      formatNumber(alerts.roc?.auc, 3, alertIntervals?.auc),
      formatRate(sources.overall.completeness, intervals?.completeness),
      formatRate(sources.overall.purity, intervals?.purity),
      formatDays(sources.saveDelays.median, intervals?.saveDelay),
      policies[index].action === "save"
        ? formatDays(undefined)
        : formatDays(sources.triggerDelays.median, intervals?.triggerDelay),
    ].map(breakInterval),
    formatNumber(requests.mean, 2),
    ...[
      sources.overall.truePositives,
      sources.overall.falsePositives,
      sources.overall.falseNegatives,
      sources.overall.trueNegatives,
    ].map(String),
  ]);
  return {
    title: "Summary",
    text: [
      ...policies.map(
        (policy) =>
          `${policy.name} – ${describePolicy(policy)}.${policy.source === undefined ? "" : ` Source: ${policy.source}.`}`,
      ),
      ...(result.policies.length > 0 ? [describeExclusions(result.policies[0].sources)] : []),
      ...(result.unscored > 0 ? [`${countOf(result.unscored, "alert")} without a score.`] : []),
    ],
    tables: [
      {
        caption:
          "The figures of Table 6 of Rehemtulla et al. 2024. Accuracy and AUC are of alerts, the same for all policies; in brackets intervals of 95 % by resampling sources; delays are medians over true positives, the policy's time less people's.",
        head: [
          "policy",
          "accuracy\n%",
          "AUC",
          "completeness\n%",
          "purity\n%",
          "save\ndelay d",
          "trigger\ndelay d",
          "requests\na night",
          "TP",
          "FP",
          "FN",
          "TN",
        ],
        rows,
      },
    ],
  };
}

function alertSection({ result: { alerts } }: BacktestRun): ReportSection {
  const row = (bin: AlertBin): string[] => [
    `${bin.low.toFixed(1)} to ${bin.high.toFixed(1)}`,
    String(bin.count),
    formatRate(bin.confusion.accuracy),
    formatRate(bin.confusion.truePositiveRate),
    formatRate(bin.confusion.trueNegativeRate),
    formatNumber(bin.roc?.auc, 3),
  ];
  return {
    title: "Alerts",
    text: ["Every scored alert whose source the truth knows; nothing is left out."],
    figures: [
      {
        svg: drawRoc(alerts),
        caption: "Receiver operating characteristic. The circle is the threshold of the confusion matrix.",
      },
      { svg: drawConfusion(alerts.confusion), caption: "Confusion matrix of alerts." },
      {
        svg: drawCalibration(alerts.calibration),
        caption: "Calibration, with intervals of 95 % as if alerts were independent.",
      },
    ],
    tables: [
      {
        caption: `By magnitude of the alert; ${countOf(alerts.outsideBins, "alert is", "alerts are")} brighter or fainter.`,
        head: ["magpsf", "alerts", "accuracy %", "true positive rate %", "true negative rate %", "AUC"],
        rows: alerts.byMagnitude.filter(({ count }) => count > 0).map(row),
      },
    ],
  };
}

function policySection({ sources, requests }: PolicyResult, policy: Policy): ReportSection {
  const { byPeak, outsideBins, saveDelays, triggerDelays, falseNegatives, falsePositives } = sources;
  const outside =
    outsideBins > 0
      ? ` ${countOf(outsideBins, "source that counts peaks", "sources that count peak")} outside the bins.`
      : "";
  return {
    title: policy.name,
    text: [describePolicy(policy)],
    figures: [
      {
        svg: drawPeakRates(byPeak),
        caption: `Completeness and purity by peak magnitude, with intervals of 95 % and counts.${outside}`,
      },
      {
        svg: drawNights(requests),
        caption: "Sources at which the policy fired, by night; also those that do not count for purity.",
      },
      {
        svg: drawDelays(saveDelays, { against: "save" }),
        caption: "When the policy fired less when people saved, true positives.",
      },
      // Who only saves asks for no spectrum.
      ...(policy.action === "save"
        ? []
        : [
            {
              svg: drawDelays(triggerDelays, { against: "trigger" }),
              caption: "When the policy fired less when people asked for a spectrum, true positives.",
            },
          ]),
    ],
    tables: [
      sourceTable("False negatives: bright transients that the policy missed", falseNegatives),
      sourceTable("False positives: others that it picked", falsePositives),
    ],
  };
}

function sourceTable(title: string, sources: readonly SourceOutcome[]): ReportTable {
  const rest = sources.length > MOST_NAMED ? `; the first ${MOST_NAMED}` : "";
  return {
    caption: `${title} (${sources.length}${rest})`,
    head: ["source", "class", "peak magnitude", "alerts", "fired, UT"],
    rows: sources
      .slice(0, MOST_NAMED)
      .map(({ objectId, classification = "–", peakmag, alertCount, firedJd }) => [
        objectId,
        classification,
        peakmag.toFixed(2),
        String(alertCount),
        firedJd === undefined ? "–" : formatJd(firedJd),
      ]),
  };
}

function costSection(policies: readonly PolicyResult[]): ReportSection {
  const series = policies.map(({ policy, costCurve }) => ({ name: policy, data: costCurve }));
  return {
    title: "Cost",
    text: [
      "What each policy finds for what it asks for, if alerts with a score below a rising threshold counted as scored 0. A dot is the policy itself.",
    ],
    figures: [
      { svg: drawCostCurve(series, { width: 640 }), caption: "Completeness and purity against requests a night." },
    ],
  };
}

function lightCurveSection({ result, input: { scores, truth } }: BacktestRun): ReportSection {
  const [first] = result.policies;
  const kinds = [
    ["missed", first.sources.falseNegatives],
    ["false positive", first.sources.falsePositives],
    ["found", first.sources.truePositives],
  ] as const;
  const chosen = kinds.flatMap(([kind, sources]) =>
    [...sources]
      .sort((a, b) => a.peakmag - b.peakmag)
      .slice(0, MOST_DRAWN)
      .map((source) => ({ kind, source })),
  );
  const wanted = new Map(
    chosen.map(({ source: { objectId } }) => [objectId, [...(scores.limits.get(objectId) ?? [])]]),
  );
  scores.alerts.forEach(({ objectId, jd, magpsf, fid, score }, index) => {
    const point = { jd, magnitude: magpsf, ...scores.photometry[index] };
    wanted.get(objectId)?.push({ ...point, ...(fid !== undefined && { fid }), ...(score !== undefined && { score }) });
  });
  const known = new Map(truth.map((each) => [each.objectId, each]));
  const figures = chosen.map(({ kind, source }): ReportFigure => {
    const { objectId, classification } = source;
    const points = wanted.get(objectId)!;
    const { saveJd } = known.get(objectId)!;
    const saved = saveJd === undefined || !(saveJd < 1e10) ? "" : `; saved by people ${formatJd(saveJd)}`;
    return {
      svg: drawLightCurve(points, { firings: firingsOf(objectId, result.policies), lines: [SURVEY_LIMIT] }),
      caption: `${objectId}${classification === undefined ? "" : ` (${classification})`}, ${kind}${saved}`,
    };
  });
  return {
    title: "Light curves",
    text: [
      `The brightest sources that ${first.policy} missed, took in error, and found, ${MOST_DRAWN} of each at most. Dashed rules are the moments at which policies fired, arrows down upper limits.`,
    ],
    figures,
  };
}

function firingsOf(objectId: string, policies: readonly PolicyResult[]): { policy: string; jd: number }[] {
  return policies.flatMap(({ policy, sources }) => {
    const found = [...sources.truePositives, ...sources.falsePositives].find((each) => each.objectId === objectId);
    return found?.firedJd === undefined ? [] : [{ policy, jd: found.firedJd }];
  });
}
