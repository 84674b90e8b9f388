import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { BtsbotError } from "@btsbot/errors";
import { readNumber, readTable } from "./readTable.js";

/** A line of `btsbot score`, as far as it is read here. */
interface ScoreLine {
  readonly candid?: string;
  readonly scores?: Readonly<Record<string, { readonly score?: number }>>;
}

/**
 * Reads what a teacher says of alerts: JSON Lines as `btsbot score` writes them, or CSV with the columns
 * `candid` and `score`. Alerts that the teacher could not score are left out.
 *
 * @param path - the file; `.csv` is a table, anything else JSON Lines
 * @param model - the teacher's name, where the lines have scores of several
 * @returns the score by candid
 * @throws BtsbotError `label-invalid` for what is no score from 0 to 1; `table-invalid`, also where no line
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
  const add = (candid: string, score: number, place: string): void => {
    if (!(score >= 0 && score <= 1)) {
      throw new BtsbotError("label-invalid", "no score of a teacher", {
        path: place,
        expected: "0 to 1",
        got: `${score}`,
      });
    }
    scores.set(candid, score);
  };
  if (path.endsWith(".csv")) {
    await readTable(path, ["candid", "score"], (row) => {
      const score = readNumber(row, "score");
      if (!Number.isNaN(score)) add(row.cell("candid")!, score, row.place);
    });
  } else await readLines(path, model, add);
  if (scores.size === 0) {
    throw new BtsbotError("table-invalid", "it holds no score of the teacher", {
      path,
      ...(model !== undefined && { expected: `scores of ${model}` }),
    });
  }
  return scores;
}

async function readLines(
  path: string,
  model: string | undefined,
  add: (candid: string, score: number, place: string) => void,
): Promise<void> {
  const input = createReadStream(path);
  let line = 0;
  try {
    for await (const text of createInterface({ input, crlfDelay: Infinity })) {
      line += 1;
      if (text.trim() === "") continue;
      const { candid, scores } = parseLine(text, `${path}, line ${line}`);
      if (candid === undefined || scores === undefined) continue;
      const names = Object.keys(scores);
      if (model === undefined && names.length > 1) {
        throw new BtsbotError("table-invalid", "there are several models: say which is the teacher", {
          path,
          got: names.join(", "),
        });
      }
      const score = scores[model ?? names[0]]?.score;
      if (score !== undefined) add(candid, score, `${path}, line ${line}`);
    }
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (cause instanceof BtsbotError || code === undefined) throw cause;
    throw new BtsbotError("file-unreadable", "cannot be read", { path, got: code, cause });
  } finally {
    input.destroy();
  }
}

function parseLine(text: string, path: string): ScoreLine {
  try {
    return JSON.parse(text) as ScoreLine;
  } catch (cause) {
    throw new BtsbotError("table-invalid", "a line is no JSON", {
      path,
      cause,
      hint: "Give what `btsbot score --format jsonl` writes, or a .csv.",
    });
  }
}
