import { pipeline, Readable } from "node:stream";
import { BtsbotError } from "@btsbot/errors";
import { CsvError, parse } from "csv-parse";
import type { Info } from "csv-parse";
import { rowProblem } from "./rowProblems.js";
import type { Row } from "./types.js";

/** A row of a hundred columns has some 2,000 characters: a quote that is never closed would take the rest of the file. */
const MAX_ROW = 1 << 20;
/** Columns that a message names. */
const MOST_NAMED = 12;
/** What separates columns instead of a comma, and its name. */
const SEPARATORS: readonly (readonly [RegExp, string])[] = [
  [/;/g, "semicolons"],
  [/\t/g, "tabs"],
  [/\|/g, "vertical bars"],
  [/ +/g, "spaces"],
];

interface CsvRecord {
  readonly record: readonly string[];
  readonly info: Pick<Info, "lines">;
}

/**
 * The rows of a CSV with a header.
 *
 * @internal
 */
export async function* readCsv(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  needed: readonly string[],
): AsyncGenerator<Row> {
  const parser = parse({
    bom: true,
    info: true,
    max_record_size: MAX_ROW,
    // Rows of another length are told below: the parser's error would take the header with it.
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
  });
  let firstLine = "";
  async function* watched(): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      if (!firstLine.includes("\n") && firstLine.length < MAX_ROW) firstLine += new TextDecoder().decode(chunk);
      yield chunk;
    }
  }
  // An error of either ends both; that of the file comes out of the loop below.
  pipeline(Readable.from(watched()), parser, () => undefined);
  let head: Header | undefined;
  try {
    for await (const { record, info } of parser as AsyncIterable<CsvRecord>) {
      if (head === undefined) head = readHeader(path, record, needed);
      else if (record.length === head.columns.length) yield new CsvRow(head, record, info.lines);
      else
        throw new BtsbotError("table-invalid", "the row does not have as many cells as the header", {
          path: `${path}:${info.lines}`,
          expected: String(head.columns.length),
          got: String(record.length),
        });
    }
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    if (head === undefined) refuseSeparator(path, firstLine.split(/\r?\n/, 1)[0].split(","), needed);
    throw describeCsvError(path, cause);
  }
  if (head === undefined)
    throw new BtsbotError("table-invalid", "the file is empty", { path, expected: "CSV with a header, or JSON Lines" });
}

interface Header {
  readonly columns: readonly string[];
  readonly places: ReadonlyMap<string, number>;
}

/** One shape for all rows, without a copy: a training set has a million of a hundred cells. */
class CsvRow implements Row {
  constructor(
    private readonly head: Header,
    private readonly cells: readonly string[],
    readonly line: number,
  ) {}

  get columns(): readonly string[] {
    return this.head.columns;
  }

  has(column: string): boolean {
    return this.head.places.has(column);
  }

  get(column: string): string | undefined {
    const place = this.head.places.get(column);
    return place === undefined ? undefined : this.cells[place];
  }
}

function readHeader(path: string, columns: readonly string[], needed: readonly string[]): Header {
  refuseSeparator(path, columns, needed);
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  if (twice !== undefined) throw new BtsbotError([rowProblem(path, 1, twice, "the header names the column twice", {})]);
  const places = new Map(columns.map((name, place) => [name, place]));
  const missing = needed.filter((name) => !places.has(name));
  if (missing.length === 0) return { columns, places };
  throw new BtsbotError("table-invalid", "the table lacks columns", {
    path,
    expected: missing.join(", "),
    got: nameColumns(columns),
  });
}

/** A header that other marks cut into more columns than commas do is a table of that separator. */
function refuseSeparator(path: string, columns: readonly string[], needed: readonly string[]): void {
  // A column's own name may hold a blank.
  if (needed.length > 0 && needed.every((name) => columns.includes(name))) return;
  const header = columns.join(",");
  for (const [mark, name] of SEPARATORS) {
    const count = header.match(mark)?.length ?? 0;
    if (count < columns.length || (name === "spaces" && columns.length > 1)) continue;
    throw new BtsbotError("table-invalid", `the columns are separated by ${name}`, {
      path,
      expected: "commas",
      got: header.length > 60 ? `${header.slice(0, 59)}…` : header,
      hint: "Save it with commas (and points in numbers), or give JSON Lines.",
    });
  }
}

/** The parser's own words are about its options. */
function describeCsvError(path: string, cause: CsvError): BtsbotError {
  const { code, lines = 1 } = cause as unknown as { readonly code: string; readonly lines?: number };
  const place = { path: `${path}:${lines}`, cause };
  switch (code) {
    case "CSV_QUOTE_NOT_CLOSED":
    case "CSV_MAX_RECORD_SIZE":
      return new BtsbotError("table-invalid", "a quote is opened and not closed", {
        ...place,
        expected: 'a " at the end of the cell, and "" for one within it',
      });
    case "CSV_INVALID_CLOSING_QUOTE":
    case "INVALID_OPENING_QUOTE":
    case "CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE":
      return new BtsbotError("table-invalid", "a quote stands within a cell", {
        ...place,
        expected: 'quotes around the whole cell, and "" for one within it',
      });
    default:
      return new BtsbotError("table-invalid", "the text is not CSV", { ...place, got: cause.message });
  }
}

/**
 * The columns that there are, for a message.
 *
 * @internal
 */
export function nameColumns(columns: readonly string[]): string {
  const more = columns.length - MOST_NAMED;
  return `${columns.slice(0, MOST_NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
