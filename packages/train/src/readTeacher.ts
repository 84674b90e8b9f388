import { BtsbotError } from "@btsbot/errors";
import { openTable, RowReader } from "@btsbot/tables";
import type { Row } from "@btsbot/tables";
import { readNumberCell } from "./readNumberCell.js";

/** A score of a teacher. */
const SCORE = { expected: "a score from 0 to 1", code: "label-invalid" } as const;

/**
 * Reads what a teacher says of alerts: JSON Lines as `btsbot score` writes them, or CSV with the columns
 * `candid` and `score`. Alerts that the teacher could not score are left out.
 *
 * @param path - the file
 * @param model - the teacher's name, where the lines have scores of several
 * @returns the score by candid
 * @throws BtsbotError `label-invalid` for what is not a score from 0 to 1; `table-invalid`, also where no line
 * has a score of this model; `file-unreadable`
 *
 * @example
 * ```ts
 * import { readTeacher } from "@btsbot/train";
 *
 * await readTeacher("/nonexistent.csv").catch(({ code }) => code); // => "file-unreadable"
 * ```
 */
export async function readTeacher(path: string, model?: string): Promise<ReadonlyMap<string, number>> {
  const scores = new Map<string, number>();
  const { kind, rows } = await openTable(path, { needed: ["candid", "score"] });
  const reader = new RowReader(path);
  for await (const row of rows) {
    const score = kind === "csv" ? readNumberCell(reader, row, "score") : scoreIn(reader, row, model);
    if (score === undefined || Number.isNaN(score)) continue;
    if (score >= 0 && score <= 1) scores.set(String(row.get("candid")), score);
    else reader.refuse(row, "score", { ...SCORE, got: score });
  }
  reader.finish();
  if (scores.size === 0) {
    throw new BtsbotError("table-invalid", "it holds no score of the teacher", {
      path,
      ...(model !== undefined && { expected: `scores of ${model}` }),
    });
  }
  return scores;
}

function scoreIn(reader: RowReader, row: Row, model: string | undefined): number | undefined {
  const scores = row.get("scores");
  // A line may stand for an input that could not be read.
  if (typeof row.get("candid") !== "string" || typeof scores !== "object" || scores === null) return undefined;
  const names = Object.keys(scores);
  if (model === undefined && names.length > 1) {
    throw new BtsbotError("table-invalid", "there are several models: say which is the teacher", {
      path: reader.path,
      got: names.join(", "),
    });
  }
  const name = model ?? names[0];
  const result = Object.hasOwn(scores, name) ? (scores as Record<string, unknown>)[name] : undefined;
  const score = (result as { readonly score?: unknown } | null | undefined)?.score;
  if (score === undefined || typeof score === "number") return score;
  reader.refuse(row, "score", { ...SCORE, got: score });
  return undefined;
}
