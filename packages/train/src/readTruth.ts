import { BtsbotError } from "@btsbot/errors";
import { readTable } from "./readTable.js";
import type { TableRow } from "./readTable.js";

/** What is known of a source. */
export interface SourceTruth {
  /** 1 for a bright transient, 0 for anything else; null where the table has no such column. */
  readonly label: 0 | 1 | null;
  /** What the source is, such as `"SN Ia"`; null where the table does not say. */
  readonly className: string | null;
}

/**
 * Reads a truth table: CSV with the columns `objectId` and `label`, `class`, or both. Others may stand beside.
 *
 * @param path - the file
 * @returns the truth by source
 * @throws BtsbotError `label-invalid` for labels that are neither 0 nor 1, or a source with two truths;
 * `table-invalid`; `file-unreadable`
 *
 * @example
 * ```ts
 * import { readTruth } from "@btsbot/train";
 *
 * await readTruth("/nonexistent").catch(({ code }) => code); // => "file-unreadable"
 * ```
 */
export async function readTruth(path: string): Promise<ReadonlyMap<string, SourceTruth>> {
  const sources = new Map<string, SourceTruth>();
  await readTable(path, ["objectId"], (row) => {
    const objectId = row.cell("objectId")!;
    const truth = { label: readLabel(row), className: row.cell("class") || null };
    if (truth.label === null && truth.className === null) {
      throw new BtsbotError("table-invalid", "the table says nothing of a source", {
        path: row.place,
        expected: "label, class or both",
      });
    }
    const known = sources.get(objectId);
    if (known !== undefined && (known.label !== truth.label || known.className !== truth.className)) {
      const got = `${known.label} ${known.className} and ${truth.label} ${truth.className}`;
      throw new BtsbotError("label-invalid", "a source has two truths", { path: `${row.place}, ${objectId}`, got });
    }
    sources.set(objectId, truth);
  });
  return sources;
}

/**
 * The label in a row; null where the table has no such column.
 *
 * @throws BtsbotError `label-invalid`
 * @internal
 */
export function readLabel({ cell, place }: TableRow): 0 | 1 | null {
  const text = cell("label");
  if (text === undefined) return null;
  // pandas writes whole numbers beside missing ones as 1.0.
  const label = text === "" ? NaN : Number(text);
  if (label === 0 || label === 1) return label;
  throw new BtsbotError("label-invalid", "a label is neither 0 nor 1", {
    path: `${place}, label`,
    expected: "0 or 1",
    got: text || "nothing",
  });
}
