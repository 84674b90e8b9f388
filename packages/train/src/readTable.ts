import { createReadStream } from "node:fs";
import { BtsbotError } from "@btsbot/errors";
import { CsvError, parse } from "csv-parse";

/**
 * A row of a table: its cells by column, and where it is.
 *
 * @internal
 */
export interface TableRow {
  /** The cell, trimmed; undefined where the table has no such column. */
  readonly cell: (column: string) => string | undefined;
  /** The file and line, for errors. */
  readonly place: string;
}

/**
 * Reads a CSV table row by row, never whole.
 *
 * @param needed - columns that must be there
 * @throws BtsbotError `table-invalid` naming every column that is missing, or a row that cannot be read; `file-unreadable`
 * @internal
 */
export async function readTable(
  path: string,
  needed: readonly string[],
  onRow: (row: TableRow, index: number) => void,
): Promise<void> {
  let columns: ReadonlyMap<string, number> | undefined;
  let index = 0;
  const parser = parse({ bom: true, skip_empty_lines: true, trim: true, info: true });
  const source = createReadStream(path).on("error", (error) => parser.destroy(error));
  const records = source.pipe(parser) as AsyncIterable<{
    readonly info: { readonly lines: number };
    readonly record: readonly string[];
  }>;
  try {
    for await (const { info, record } of records) {
      if (columns === undefined) columns = readHeader(path, record, needed);
      else {
        const own = columns;
        onRow({ cell: (column) => record[own.get(column) ?? -1], place: `${path}, line ${info.lines}` }, index);
        index += 1;
      }
    }
  } catch (cause) {
    if (cause instanceof BtsbotError) throw cause;
    if (cause instanceof CsvError)
      throw new BtsbotError("table-invalid", "this is no table", { path, got: cause.message, cause });
    const { code } = cause as NodeJS.ErrnoException;
    if (code === undefined) throw cause;
    throw new BtsbotError("file-unreadable", "cannot be read", { path, got: code, cause });
  } finally {
    source.destroy();
  }
  if (columns === undefined)
    throw new BtsbotError("table-invalid", "the table is empty", { path, expected: `columns ${needed.join(", ")}` });
}

function readHeader(path: string, header: readonly string[], needed: readonly string[]): ReadonlyMap<string, number> {
  const columns = new Map(header.map((name, place) => [name, place]));
  const missing = needed.filter((name) => !columns.has(name));
  if (missing.length === 0) return columns;
  throw new BtsbotError("table-invalid", "the table lacks columns", {
    path,
    expected: missing.join(", "),
    got: header.slice(0, 12).join(", "),
  });
}

/**
 * A number in a cell; NaN for an empty one, as pandas writes and reads it.
 *
 * @throws BtsbotError `table-invalid`
 * @internal
 */
export function readNumber({ cell, place }: TableRow, column: string): number {
  const text = cell(column);
  if (text === undefined || text === "" || text.toLowerCase() === "nan") return NaN;
  const number = Number(text);
  if (!Number.isNaN(number)) return number;
  throw new BtsbotError("table-invalid", "a cell is no number", {
    path: `${place}, ${column}`,
    expected: "a number",
    got: text,
  });
}
