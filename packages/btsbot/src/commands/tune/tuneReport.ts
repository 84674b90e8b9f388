import { countOf } from "@btsbot/errors";
import { drawDelays, drawPeakRates, drawSearch, makeReport } from "@btsbot/report";
import type { ReportSection } from "@btsbot/report";
import { describeExclusions, describePolicy, formatNumber, formatRate } from "../../evaluation/evaluationText.js";
import { describeGoal, describeVerdict, figureRows } from "./tuneTable.js";
import type { TuneRun } from "./types.js";

/** Candidates that the table names; the JSON has all. */
const MOST_NAMED = 10;

/**
 * A search as one HTML page.
 *
 * @internal
 */
export function tuneReport({ options, goal, result }: TuneRun): string {
  const { policy, heldOut } = result;
  const found: ReportSection[] =
    policy === undefined || heldOut === undefined
      ? []
      : [
          {
            title: "The policy found",
            text: [
              describePolicy(policy),
              `${describeVerdict(heldOut)} Figures of the searched half flatter, since the best of many was chosen by them; expect those of the held-out half.`,
              describeExclusions(heldOut.sources),
            ],
            tables: [
              {
                caption: "On both halves; in brackets intervals of 95 % by resampling sources.",
                head: ["figure", "searched half", "held-out half"],
                rows: figureRows(result),
              },
            ],
          },
          {
            title: "On the held-out half",
            figures: [
              {
                svg: drawPeakRates(heldOut.sources.byPeak),
                caption: "Completeness and purity by peak magnitude, with intervals of 95 % and counts.",
              },
              {
                svg: drawDelays(heldOut.sources.saveDelays, { against: "save" }),
                caption: "When the policy fired less when people saved, true positives.",
              },
              {
                svg: drawDelays(heldOut.sources.triggerDelays, { against: "trigger" }),
                caption: "When the policy fired less when people asked for a spectrum, true positives.",
              },
            ],
          },
        ];
  return makeReport({
    title: `Search for ${describeGoal(goal)}`,
    subtitle: `Scores from ${options.scores}; truth from ${options.truth}`,
    sections: [...found, searchSection({ options, goal, result })],
  });
}

function searchSection({ goal, result }: TuneRun): ReportSection {
  const { candidates, best } = result;
  const isWithin = (candidate: (typeof candidates)[number]): boolean =>
    "completeness" in goal
      ? (candidate.completeness ?? -1) >= goal.completeness
      : candidate.requestsPerNight <= goal.requestsPerNight;
  const ranks = "completeness" in goal ? (["purity", "completeness"] as const) : (["completeness", "purity"] as const);
  const [rank, next] = ranks;
  const sorted = candidates
    .filter(isWithin)
    .sort((a, b) => (b[rank] ?? -1) - (a[rank] ?? -1) || (b[next] ?? -1) - (a[next] ?? -1));
  return {
    title: "The search",
    text: [
      `${countOf(candidates.length, "policy was", "policies were")} tried on the searched half; ${countOf(sorted.length, "of them has", "of them have")} ${describeGoal(goal)}.${best === undefined ? " None could be chosen." : ""}`,
    ],
    figures: [
      {
        svg: drawSearch(result, goal, { width: 640 }),
        caption:
          "Every policy tried, on the searched half. The ring is the one chosen, the square the same on the held-out half.",
      },
    ],
    tables: [
      {
        caption: `The first by ${rank} within the goal, on the searched half`,
        head: ["policy", "completeness %", "purity %", "requests a night"],
        rows: sorted
          .slice(0, MOST_NAMED)
          .map(({ count, score, magpsf, completeness, purity, requestsPerNight }) => [
            `${count} × score ≥ ${score}${magpsf === null ? "" : `, magpsf ≤ ${magpsf}`}`,
            formatRate(completeness),
            formatRate(purity),
            formatNumber(requestsPerNight, 2),
          ]),
      },
    ],
  };
}
