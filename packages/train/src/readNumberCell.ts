import type { Row, RowReader } from "@btsbot/tables";

/**
 * A number in a cell; NaN for an empty one, as pandas writes and reads it, and where there is no such column.
 *
 * @internal
 */
export function readNumberCell(reader: RowReader, row: Row, column: string): number {
  const value = row.get(column);
  if (value === undefined || value === null || value === "") return NaN;
  if (typeof value === "string" && value.toLowerCase() === "nan") return NaN;
  const number = typeof value === "string" || typeof value === "number" ? Number(value) : NaN;
  if (Number.isNaN(number)) reader.refuse(row, column, { expected: "a number, or nothing" });
  return number;
}
