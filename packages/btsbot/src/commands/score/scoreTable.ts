import { toLightCurve } from "@btsbot/alert";
import type { ModelResult } from "@btsbot/core";
import { CODES } from "@btsbot/errors";
import type { FlagCode } from "@btsbot/errors";
import { formatJd } from "@btsbot/sky";
import type { FileOutcome, ScoredFile } from "../../inputs/scoreInputs.js";
import type { Colors, Terminal } from "../../terminal/createTerminal.js";
import { filterName, paintFilter } from "../../terminal/filters.js";
import { fit, layoutTable } from "../../terminal/layoutTable.js";
import type { Cell, Column } from "../../terminal/layoutTable.js";
import { paintScore } from "../../terminal/paintScore.js";
import { placeMessage } from "../../terminal/placeMessage.js";
import { wrapText } from "../../terminal/wrapText.js";
import { drawSparkline } from "./drawSparkline.js";
import type { OutcomeWriter } from "./types.js";

/** A column of flags as wide as two of them in words; where they do not fit, letters stand for them. */
const WORDS_WIDTH = 31;

/** One letter for each flag; of one that comes several times, how many stands after it. */
const FLAG_LETTERS: Readonly<Record<FlagCode, string>> = {
  "drb-from-packet": "d",
  "drb-given": "g",
  "rb-for-drb": "r",
  "drb-unversioned": "u",
  sentinel: "s",
  "jdstarthist-missing": "j",
  "stamp-least-float": "l",
  "stamp-out-of-range": "p",
  "input-ignored": "i",
  "out-of-range": "o",
  filled: "f",
  "magnitude-from-flux": "m",
  "limit-from-flux-error": "e",
  "isdiffpos-assumed": "+",
  "history-absent": "h",
  "snr-from-sigmapsf": "n",
};

/**
 * Writes a table for people: a row for each alert as it comes, and below it what the marks mean.
 *
 * @internal
 */
export function createTableWriter(models: readonly string[], terminal: Terminal): OutcomeWriter {
  const { stdout, colors, width } = terminal;
  const seen = new Set<string>();
  const table = layoutTable(scoreColumns(models, colors, seen), width);
  let rows = 0;
  return {
    write(outcome) {
      if (rows === 0) stdout.write(`${table.header(colors.bold)}\n`);
      rows += 1;
      stdout.write(`${outcome.success ? table.row(outcome) : errorLine(outcome, terminal)}\n`);
    },
    end(counts) {
      if (rows === 0) return;
      const notes = [counts, ...[...seen].sort().map((code) => explain(code))];
      if (seen.has("sentinel") || seen.has("out-of-range"))
        notes.push("A number after a flag: so many features have it.");
      stdout.write(
        `\n${notes
          .flatMap((note) => wrapText(note, width))
          .map(colors.dim)
          .join("\n")}\n`,
      );
    },
  };
}

function scoreColumns(models: readonly string[], colors: Colors, seen: Set<string>): Column<ScoredFile>[] {
  return [
    { title: "source", min: 12, cell: ({ data }) => ({ text: data.objectId, paint: colors.bold }) },
    { title: "candid", min: 19, drop: 1, cell: ({ data }) => ({ text: String(data.candid), paint: colors.dim }) },
    {
      title: "UT",
      min: 10,
      max: 16,
      cell: ({ data }, width) => ({ text: formatJd(data.jd, width < 16 ? "day" : "minute") }),
    },
    { title: "f", min: 1, cell: ({ alert: { candidate } }) => filterCell(candidate.fid, colors) },
    { title: "mag", min: 5, align: "right", cell: ({ alert }) => ({ text: alert.candidate.magpsf?.toFixed(2) ?? "" }) },
    ...models.map((name): Column<ScoredFile> => {
      const cell = ({ data }: ScoredFile) => scoreCell(data.scores[name], colors, seen);
      return { title: name, min: Math.max(name.length, 13), max: Math.max(name.length, 15), cell };
    }),
    {
      title: "history",
      min: 8,
      max: 24,
      drop: 3,
      cell: ({ alert }, width) => drawSparkline(toLightCurve(alert), width, colors),
    },
    {
      title: "flags",
      min: 5,
      max: WORDS_WIDTH,
      drop: 2,
      cell: ({ data }, width) => flagsCell(flagsOf(data.scores), width, colors, seen),
    },
  ];
}

function filterCell(fid: number, colors: Colors): Cell {
  return { text: filterName(fid), paint: (text) => paintFilter(fid, text, colors) };
}

function scoreCell(result: ModelResult, colors: Colors, seen: Set<string>): Cell {
  if (result.status === "unscored") {
    const { code } = result.reasons[0];
    seen.add(code);
    return { text: code, paint: colors.dim };
  }
  if (result.score === undefined) return classCell(result.classes);
  const { score } = result;
  return { text: score.toFixed(4), paint: (text) => paintScore(score, text, colors) };
}

/** The class of the greatest probability, and that probability. */
function classCell(classes: Readonly<Record<string, number>>): Cell {
  const [name, probability] = Object.entries(classes).reduce((best, entry) => (entry[1] > best[1] ? entry : best));
  return { text: `${name} ${probability.toFixed(2)}` };
}

function flagsOf(scores: Readonly<Record<string, ModelResult>>): string[] {
  return [...new Set(Object.values(scores).flatMap(({ flags }) => flags))];
}

function flagsCell(flags: readonly string[], width: number, colors: Colors, seen: Set<string>): Cell {
  const counts = new Map<string, number>();
  for (const flag of flags) {
    const code = flag.split(":")[0];
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  for (const code of counts.keys()) seen.add(code);
  const marks = [...counts];
  const words = marks.map(([code, count]) => (count > 1 ? `${code} x${count}` : code)).join(" ");
  const letters = marks.map(([code, count]) => FLAG_LETTERS[code as FlagCode] + (count > 1 ? count : "")).join("");
  return { text: words.length <= width ? words : letters, paint: colors.dim };
}

function errorLine(outcome: FileOutcome & { readonly success: false }, { colors, width }: Terminal): string {
  return colors.red(fit(placeMessage(outcome, outcome.error), width));
}

function explain(code: string): string {
  const letter: string | undefined = FLAG_LETTERS[code as FlagCode];
  const { meaning } = CODES[code as keyof typeof CODES];
  return `${letter === undefined ? "" : `${letter}  `}${code}: ${meaning}`;
}
