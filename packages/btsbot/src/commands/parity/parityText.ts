import { countOf } from "@btsbot/errors";
import { DECISION, EXPLAINED_SHIFT } from "@btsbot/core";
import type { Comparer, FeatureDifference } from "@btsbot/core";
import type { FeatureProfile } from "@btsbot/features";
import type { Colors, Terminal } from "../../terminal/createTerminal.js";
import { layoutTable } from "../../terminal/layoutTable.js";
import { wrapText } from "../../terminal/wrapText.js";
import type { ChangedAlert, FeatureTally, ParityTally, ProfileTally } from "./parityTally.js";

/** What no profile says of the stamps. */
const STAMPS_RULE =
  "smaller than 63 x 63: centered and padded with 0; training padded at the bottom and the right with 1e-9";

/**
 * The report for people.
 *
 * @internal
 */
export function parityText(comparer: Comparer, tally: ParityTally, { colors, width }: Terminal): string {
  const { definition, sha256 } = comparer.model;
  const head = [
    colors.bold(
      `${definition.name}: ${countOf(tally.alerts, "alert")} under ${comparer.base}, and as others compute it`,
    ),
    colors.dim(`SHA-256 ${sha256}`),
  ];
  const parts = tally.profiles.map((sums, place) =>
    profileLines(comparer.base, comparer.compared[place], sums, colors, width),
  );
  return `${[...head, ...parts.flat()].join("\n")}\n`;
}

function profileLines(
  base: string,
  profile: FeatureProfile,
  sums: ProfileTally,
  colors: Colors,
  width: number,
): string[] {
  const { same, moved, flipped, lost, gained, unscored } = sums.outcomes;
  const wrap = (text: string) => wrapText(text, width - 2).map((line) => `  ${line}`);
  const counts = [
    `${same + moved + flipped} scored under both: ${same} the same, ${moved + flipped} moved, by ${formatMove(sums.largestShift)} at most`,
    `${countOf(flipped, "decision flips", "decisions flip")} at ${DECISION}`,
    `${lost} scored under ${base} only, ${gained} under ${sums.profile} only, ${unscored} under neither`,
  ];
  return [
    "",
    colors.bold(sums.profile),
    ...wrap(profile.source).map(colors.dim),
    ...counts.flatMap(wrap),
    ...featureLines(profile, sums, colors, width),
    ...changedLines(`Decisions that flip at ${DECISION}`, sums, "flipped", colors, width),
    ...changedLines(`Scored under ${base} only`, sums, "lost", colors, width),
    ...changedLines(`Scored under ${sums.profile} only`, sums, "gained", colors, width),
    ...section("Besides", (profile.notes ?? []).flatMap(wrap), colors),
  ];
}

/** The table of differences, and the rule behind each. */
function featureLines(profile: FeatureProfile, { features }: ProfileTally, colors: Colors, width: number): string[] {
  const rows = [...features];
  const number = (value: number | null, format: (value: number) => string) => ({
    text: value === null ? "" : format(value),
  });
  const table = layoutTable<[string, FeatureTally]>(
    [
      { title: "differs", min: 15, cell: ([name]) => ({ text: name, paint: colors.bold }) },
      { title: "alerts", min: 6, align: "right", cell: ([, { alerts }]) => ({ text: String(alerts) }) },
      { title: "by at most", min: 10, align: "right", cell: ([, sums]) => number(sums.largestDifference, formatValue) },
      { title: "missing", min: 7, align: "right", cell: ([, { missing }]) => ({ text: String(missing || "") }) },
      { title: "moves alone", min: 11, align: "right", cell: ([, sums]) => number(sums.largestMoveAlone, formatMove) },
      {
        title: "flips alone",
        min: 11,
        align: "right",
        cell: ([, { flipsAlone }]) => ({ text: String(flipsAlone || "") }),
      },
    ],
    width - 2,
  );
  if (rows.length === 0) return [];
  const lines = [table.header(colors.bold), ...rows.map((row) => table.row(row))].map((line) => `  ${line}`);
  const note = `missing: under one of the two; alone: of alerts whose score moves by ${EXPLAINED_SHIFT} or more`;
  const rules = rows.flatMap(([name]) =>
    wrapText(`${name}: ${ruleOf(profile, name)}`, width - 2).map((line) => `  ${line}`),
  );
  return [
    "",
    ...lines,
    ...wrapText(note, width - 2).map((line) => colors.dim(`  ${line}`)),
    ...section("The rules that differ", rules, colors),
  ];
}

function ruleOf({ features }: FeatureProfile, name: string): string {
  const feature = features.find((each) => each.name === name);
  return feature === undefined ? STAMPS_RULE : (feature.differs ?? feature.meaning);
}

function changedLines(
  title: string,
  { changed }: ProfileTally,
  outcome: ChangedAlert["other"]["outcome"],
  colors: Colors,
  width: number,
): string[] {
  const lines = changed
    .filter(({ other }) => other.outcome === outcome)
    .flatMap((alert) => {
      const { objectId, candid, base, other } = alert;
      const reasons = other.score === null ? other.reasons : base.reasons;
      const why =
        outcome === "flipped"
          ? causesOf(alert)
          : reasons.map(({ code, feature, path }) => `${code} ${feature ?? path ?? ""}`.trim());
      const detail = wrapText(why.join("; "), width - 4).map((line) => colors.dim(`    ${line}`));
      return [
        `  ${colors.bold(objectId)} ${candid}  ${formatScore(base.score)} -> ${formatScore(other.score)}`,
        ...detail,
      ];
    });
  return section(title, lines, colors);
}

/** The differences behind a flip, the one that moves the score most first; whether it takes several of them. */
function causesOf({ base, other }: ChangedAlert): string[] {
  const together = other.differences.every(
    ({ alone }) => alone !== null && alone >= DECISION === base.score! >= DECISION,
  );
  const move = ({ alone }: FeatureDifference) => Math.abs((alone ?? base.score!) - base.score!);
  const causes = [...other.differences]
    .sort((a, b) => move(b) - move(a))
    .map(({ name, base: before, other: after, alone }) => {
      const values = before === null || after === null ? "" : ` ${formatValue(before)} -> ${formatValue(after)}`;
      return `${name}${values}, alone ${formatScore(alone)}`;
    });
  return together ? [...causes, "only together do they flip it"] : causes;
}

function section(title: string, lines: readonly string[], colors: Colors): string[] {
  return lines.length === 0 ? [] : ["", `  ${colors.bold(title)}`, ...lines];
}

function formatScore(score: number | null): string {
  return score === null ? "none" : score.toFixed(4);
}

/** Without a sign on what rounds to 0. */
function formatMove(move: number): string {
  return move.toFixed(4).replace(/^-(0\.0+)$/, "$1");
}

function formatValue(value: number): string {
  return String(Number(value.toPrecision(6)));
}
