import { BtsbotError, checkOptions } from "@btsbot/errors";
import type { OptionNames } from "@btsbot/errors";
import { openTable } from "./openTable.js";
import { isAbsent, RowReader, toNumber } from "./RowReader.js";
import type { Row, TruthRow } from "./types.js";

/** A date from here on stands for none, as in the survey's tables of save times. */
const NO_DATE = 1e10;
/** The names of the column that says what a source is: of `btsbot simulate`, of results, of the survey's own tables. */
const CLASS_COLUMNS = ["class", "classification", "type"];

/** Options of {@link readTruth}. */
export interface ReadTruthOptions {
  /** The bytes, where they do not come from the file: `path` is then but their name. */
  readonly chunks?: AsyncIterable<Uint8Array>;
  /** True if every source must have a label; by default a label, a class or both. */
  readonly needsLabel?: boolean;
}

/** The names of {@link ReadTruthOptions}. */
const READ_TRUTH_OPTIONS: OptionNames<ReadTruthOptions> = { chunks: "object", needsLabel: "boolean" };

/**
 * Reads what is known of sources: CSV or JSON Lines with `objectId` and `label`, the class (`class`, `classification` or
 * `type`), or both, and, where there are any, `saveJd`, `triggerJd` and `junk`. Other columns may stand beside. A label is
 * 0 or 1, also as 0.0, 1.0, true, false, yes or no. A source may come again with the same values, as in a table of alerts.
 *
 * @param path - the file
 * @param options - other bytes, whether a label is needed
 * @returns a row for each source, in the order of the file
 * @throws BtsbotError `label-invalid` for an invalid label, or a source that comes again with other values;
 * `table-invalid` for anything else that is wrong with the table; `file-unreadable`. Each names file, line and column
 *
 * @example
 * ```ts
 * import { readTruth } from "@btsbot/tables";
 *
 * const chunks = (async function* () {
 *   yield new TextEncoder().encode("objectId,label,type\nZTF20aaelulu,1.0,SN Ic\n");
 * })();
 * await readTruth("truth.csv", { chunks }); // => [{ objectId: "ZTF20aaelulu", label: 1, className: "SN Ic" }]
 * ```
 */
export async function readTruth(path: string, options: ReadTruthOptions = {}): Promise<TruthRow[]> {
  checkOptions("readTruth", options, READ_TRUTH_OPTIONS);
  const { chunks, needsLabel = false } = options;
  const { rows } = await openTable(path, { needed: ["objectId"], ...(chunks && { chunks }) });
  const reader = new TruthReader(path, needsLabel);
  const known = new Map<string, { readonly truth: TruthRow; readonly line: number }>();
  for await (const row of rows) {
    const truth = reader.truth(row);
    if (known.size === 0) reader.finish();
    const before = known.get(truth.objectId);
    if (before === undefined) known.set(truth.objectId, { truth, line: row.line });
    else if (JSON.stringify(before.truth) !== JSON.stringify(truth)) {
      const refusal = { expected: `the values of line ${before.line}`, got: truth.objectId };
      reader.refuseRow(
        row,
        "the source comes again with different values",
        { ...refusal, code: "label-invalid" },
        "objectId",
      );
    }
  }
  reader.finish();
  if (known.size === 0) throw new BtsbotError("table-invalid", "the file holds no sources", { path });
  return [...known.values()].map(({ truth }) => truth);
}

/**
 * The label in a row: 0 or 1 however it is written; null where there is no such column.
 *
 * @param reader - keeps what is wrong
 * @param row - the row
 * @returns the label; null also if refused
 *
 * @example
 * ```ts
 * import { openTable, readLabel, RowReader } from "@btsbot/tables";
 *
 * const chunks = (async function* () {
 *   yield new TextEncoder().encode("candid,label\n7,True\n");
 * })();
 * const { rows } = await openTable("a.csv", { chunks });
 * for await (const row of rows) readLabel(new RowReader("a.csv"), row); // => 1
 * ```
 */
export function readLabel(reader: RowReader, row: Row): 0 | 1 | null {
  if (!row.has("label")) return null;
  const before = reader.problems.length;
  const label = reader.flag(row, "label", { expected: "0 or 1", code: "label-invalid" });
  if (reader.problems.length > before) return null;
  return label ? 1 : 0;
}

/**
 * What a row says that its source is, under any of the column's names.
 *
 * @param reader - keeps what is wrong: two names with different classes
 * @param row - the row
 * @returns the class; null where there is none
 *
 * @example
 * ```ts
 * import { openTable, readClass, RowReader } from "@btsbot/tables";
 *
 * const chunks = (async function* () {
 *   yield new TextEncoder().encode("candid,type\n7,SN Ia\n");
 * })();
 * const { rows } = await openTable("a.csv", { chunks });
 * for await (const row of rows) readClass(new RowReader("a.csv"), row); // => "SN Ia"
 * ```
 */
export function readClass(reader: RowReader, row: Row): string | null {
  const found = CLASS_COLUMNS.map((column) => [column, row.get(column)] as const).filter(
    (entry): entry is readonly [string, string] => typeof entry[1] === "string" && entry[1] !== "",
  );
  const [first, ...others] = found;
  const other = others.find(([, value]) => value !== first[1]);
  if (other !== undefined)
    reader.refuse(row, other[0], { expected: `what ${first[0]} says, ${first[1]}`, code: "label-invalid" });
  return first?.[1] ?? null;
}

class TruthReader extends RowReader {
  constructor(
    path: string,
    private readonly needsLabel: boolean,
  ) {
    super(path);
  }

  truth(row: Row): TruthRow {
    const objectId = this.text(row, "objectId");
    const [label, className] = [readLabel(this, row), readClass(this, row)];
    if (label === null && this.needsLabel && !row.has("label"))
      this.refuse(row, "label", { expected: "0 or 1", code: "label-invalid" });
    else if (label === null && className === null && !row.has("label"))
      this.refuseRow(row, "the table says nothing about the source", {
        expected: "label, class or both",
        got: row.columns.join(", "),
      });
    const [saveJd, triggerJd] = [this.knownDate(row, "saveJd"), this.knownDate(row, "triggerJd")];
    const junk = !isAbsent(row.get("junk")) && this.flag(row, "junk", { expected: "true or false" });
    return {
      objectId,
      label,
      className,
      ...(saveJd !== undefined && { saveJd }),
      ...(triggerJd !== undefined && { triggerJd }),
      ...(junk && { junk }),
    };
  }

  private knownDate(row: Row, column: string): number | undefined {
    const value = row.get(column);
    if (isAbsent(value) || `${value as string}`.toLowerCase() === "nan") return undefined;
    const number = toNumber(value);
    return number !== undefined && number >= NO_DATE ? undefined : this.date(row, column);
  }
}
