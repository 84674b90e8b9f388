import { readTruth as readRows } from "@btsbot/tables";

/** What is known of a source. */
export interface SourceLabel {
  /** 1 for a bright transient, 0 for anything else; null where the table has no such column. */
  readonly label: 0 | 1 | null;
  /** What the source is, such as `"SN Ia"`; null where the table does not say. */
  readonly className: string | null;
}

/**
 * Reads a truth table: CSV or JSON Lines with `objectId` and `label`, the class (`class`, `classification` or `type`),
 * or both, as `btsbot backtest` reads it. Others may stand beside.
 *
 * @param path - the file
 * @returns the truth by source
 * @throws BtsbotError `label-invalid` for labels that are neither 0 nor 1, or a source with two truths;
 * `table-invalid`; `file-unreadable`
 *
 * @example
 * ```ts
 * import { readSourceLabels } from "@btsbot/train";
 *
 * await readSourceLabels("/nonexistent").catch(({ code }) => code); // => "file-unreadable"
 * ```
 */
export async function readSourceLabels(path: string): Promise<ReadonlyMap<string, SourceLabel>> {
  const rows = await readRows(path);
  return new Map(rows.map(({ objectId, label, className }) => [objectId, { label, className }]));
}
