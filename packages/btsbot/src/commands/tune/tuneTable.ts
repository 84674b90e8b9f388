import { countOf } from "@btsbot/errors";
import type { HeldOut, TuneGoal } from "@btsbot/evaluate";
import {
  describeExclusions,
  describePolicy,
  formatDays,
  formatNumber,
  formatRate,
} from "../../evaluation/evaluationText.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { layoutTable } from "../../terminal/layoutTable.js";
import { wrapText } from "../../terminal/wrapText.js";
import type { TuneRun } from "./types.js";

/**
 * What a search found, for people.
 *
 * @internal
 */
export function tuneTable({ goal, result }: TuneRun, { colors, width }: Terminal): string {
  const { candidates, policy, heldOut } = result;
  const tried = `Tried ${countOf(candidates.length, "policy", "policies")} on one half of the sources.`;
  if (policy === undefined || heldOut === undefined)
    return `${wrapText(`${tried} There, ${describeNone(goal, result)}.`, width).join("\n")}\n`;
  const rows = figureRows(result);
  const table = layoutTable<readonly string[]>(
    [
      { title: "", min: 16, cell: ([name]) => ({ text: name }) },
      ...["searched half", "held-out half"].map((title, index) => ({
        title,
        min: Math.max(title.length, ...rows.map((row) => row[index + 1].length)),
        align: "right" as const,
        cell: (row: readonly string[]) => ({ text: row[index + 1] }),
      })),
    ],
    width,
  );
  const notes = [
    `${tried} Goal: ${describeGoal(goal)}. ${describeVerdict(heldOut)}`,
    "The figures of the searched half flatter, since the best of many was chosen by them. Expect those of the held-out half, which the search did not see; in brackets, intervals of 95 % by resampling sources.",
    describeExclusions(heldOut.sources),
    "The policy as a file for btsbot backtest: --format json | jq .policy",
  ];
  return [
    colors.bold(describePolicy(policy)),
    "",
    table.header(colors.bold),
    ...rows.map((row) => table.row(row)),
    "",
    ...notes.flatMap((note) => wrapText(note, width)).map(colors.dim),
    "",
  ].join("\n");
}

/**
 * How the policy found does on the held-out half, in one sentence.
 *
 * @internal
 */
export function describeVerdict({ meetsGoal, sources }: HeldOut): string {
  if (sources.overall.completeness === undefined)
    return "On the held-out half it cannot be judged: no bright transient counts there.";
  return `On the held-out half the policy ${meetsGoal ? "meets the goal too" : "misses the goal"}.`;
}

/**
 * Why a search chose nothing, in words.
 *
 * @internal
 */
export function describeNone(goal: TuneGoal, { candidates }: TuneRun["result"]): string {
  if (candidates.every(({ completeness }) => completeness === undefined))
    return "no bright transient counts, so there is nothing to find";
  return `no policy of the searched kind has ${describeGoal(goal)}`;
}

/**
 * The goal of a search, in words.
 *
 * @internal
 */
export function describeGoal(goal: TuneGoal): string {
  return "completeness" in goal
    ? `a completeness of at least ${formatRate(goal.completeness)} %`
    : `at most ${countOf(goal.requestsPerNight, "request")} a night`;
}

/**
 * The figures of the best policy: name, on the searched half, on the held-out half.
 *
 * @internal
 */
export function figureRows({ best, heldOut, searchedSources, heldOutSources }: TuneRun["result"]): string[][] {
  if (best === undefined || heldOut === undefined) return [];
  const { overall, saveDelays, triggerDelays } = heldOut.sources;
  const { completeness, purity, saveDelay, triggerDelay } = heldOut.intervals ?? {};
  return [
    ["completeness %", formatRate(best.completeness), formatRate(overall.completeness, completeness)],
    ["purity %", formatRate(best.purity), formatRate(overall.purity, purity)],
    ["requests a night", formatNumber(best.requestsPerNight, 2), formatNumber(heldOut.requestsPerNight, 2)],
    ["true positives", String(best.truePositives), String(overall.truePositives)],
    ["false positives", String(best.falsePositives), String(overall.falsePositives)],
    ["false negatives", String(best.falseNegatives), String(overall.falseNegatives)],
    ["save delay d", "", formatDays(saveDelays.median, saveDelay)],
    ["trigger delay d", "", formatDays(triggerDelays.median, triggerDelay)],
    ["sources", String(searchedSources), String(heldOutSources)],
  ];
}
