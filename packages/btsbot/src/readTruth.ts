import { BtsbotError } from "@btsbot/errors";
import type { SourceTruth } from "@btsbot/evaluate";
import { openTable } from "./readRows.js";
import type { Row } from "./readRows.js";
import { rowProblem, addProblem } from "./rowProblems.js";
import { isAbsent, RowReader, toNumber } from "./rowReader.js";

/** From here on a date means that there is none: so the survey's tables of save times have it. */
const NO_DATE = 1e10;
const YES = ["1", "1.0", "true", "yes"];
const NO = ["0", "0.0", "false", "no"];

/**
 * Reads what is known of sources: CSV or JSON Lines with objectId and label, and, where there are any, saveJd, triggerJd, junk and
 * classification. A source may come again with the same values, as in a table of alerts.
 *
 * @param path - the file; `-` is standard input
 * @param stdin - standard input
 * @throws BtsbotError `file-unreadable`; `table-invalid`, which names line, column, what was expected and what is there
 *
 * @internal
 */
export async function readTruth(path: string, stdin: AsyncIterable<Uint8Array>): Promise<SourceTruth[]> {
  const { rows } = await openTable(path, stdin);
  const reader = new TruthReader(path);
  const known = new Map<string, { readonly truth: SourceTruth; readonly line: number }>();
  for await (const row of rows) {
    const truth = reader.truth(row);
    if (known.size === 0) reader.finish();
    const before = known.get(truth.objectId);
    if (before === undefined) known.set(truth.objectId, { truth, line: row.line });
    else if (JSON.stringify(before.truth) !== JSON.stringify(truth)) {
      const details = { expected: `what line ${before.line} says of it`, got: truth.objectId };
      addProblem(
        reader.problems,
        rowProblem(path, row.line, "objectId", "the source comes again with other values", details),
      );
    }
  }
  reader.finish();
  if (known.size === 0) throw new BtsbotError("table-invalid", "the file holds no sources", { path });
  return [...known.values()].map(({ truth }) => truth);
}

class TruthReader extends RowReader {
  truth(row: Row): SourceTruth {
    const { classification } = row.values;
    const [saveJd, triggerJd] = [this.knownDate(row, "saveJd"), this.knownDate(row, "triggerJd")];
    const junk = isAbsent(row.values.junk) ? false : this.flag(row, "junk", "true or false");
    return {
      objectId: this.text(row, "objectId"),
      label: this.flag(row, "label", "0 or 1") ? 1 : 0,
      ...(saveJd !== undefined && { saveJd }),
      ...(triggerJd !== undefined && { triggerJd }),
      ...(junk && { junk }),
      ...(typeof classification === "string" && classification !== "" && { classification }),
    };
  }

  private flag(row: Row, column: string, expected: string): boolean {
    const value = String(row.values[column]).toLowerCase();
    if (!YES.includes(value) && !NO.includes(value)) this.refuse(row, column, expected);
    return YES.includes(value);
  }

  private knownDate(row: Row, column: string): number | undefined {
    const value = row.values[column];
    if (isAbsent(value) || String(value).toLowerCase() === "nan") return undefined;
    const number = toNumber(value);
    return number !== undefined && number >= NO_DATE ? undefined : this.date(row, column);
  }
}
