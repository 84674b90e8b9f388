import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline, Readable } from "node:stream";
import { BtsbotError } from "@btsbot/errors";
import { CsvError, parse } from "csv-parse";
import type { Info } from "csv-parse";
import { describeSystemError } from "./describeSystemError.js";
import { readLines } from "./readLines.js";
import { rowProblem, show } from "./rowProblems.js";

/**
 * A row of a table: its values by the column's name. Those of CSV are text.
 *
 * @internal
 */
export interface Row {
  /** The line of the file on which it ends, from 1. */
  readonly line: number;
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * A table that is open.
 *
 * @internal
 */
export interface Table {
  readonly kind: "csv" | "jsonl";
  readonly rows: AsyncIterable<Row>;
  /** How much of the file has been read, `12 %`; empty where its length is not known. */
  readonly progress: () => string;
}

/**
 * Opens a table: JSON Lines if it begins with `{`, else CSV with a header.
 *
 * @param path - the file; `-` is standard input
 * @param stdin - standard input
 * @throws BtsbotError `file-unreadable`; `table-invalid`, also while rows are read, where the text is no table
 *
 * @internal
 */
export async function openTable(path: string, stdin: AsyncIterable<Uint8Array>): Promise<Table> {
  let read = 0;
  const size = path === "-" ? 0 : await sizeOf(path);
  const chunks = (path === "-" ? stdin : readFile(path))[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  let first: string | undefined;
  while (first === undefined) {
    const { value, done } = await chunks.next();
    if (done) break;
    head.push(value);
    first = /[^\s\uFEFF]/.exec(new TextDecoder().decode(value))?.[0];
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    try {
      for (const chunk of head) {
        read += chunk.length;
        yield chunk;
      }
      for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
        read += next.value.length;
        yield next.value;
      }
    } finally {
      // Who stops in the middle lets the file go.
      await chunks.return?.();
    }
  }
  if (first === "[") {
    await chunks.return?.();
    throw new BtsbotError("table-invalid", "the file is one JSON array", {
      path,
      expected: "JSON Lines, an object a line, or CSV",
      hint: "jq -c '.[]' writes its objects as lines.",
    });
  }
  const kind = first === "{" ? "jsonl" : "csv";
  const rows = kind === "jsonl" ? jsonRows(path, all()) : csvRows(path, all());
  return { kind, rows, progress: () => (size === 0 ? "" : `${Math.floor((100 * read) / size)} %`) };
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    (info) => (info.isFile() ? info.size : 0),
    () => 0,
  );
}

async function* readFile(path: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(path)) yield chunk as Uint8Array;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === undefined) throw cause;
    throw new BtsbotError("file-unreadable", "cannot be read", { path, got: describeSystemError(code), cause });
  }
}

async function* jsonRows(path: string, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Row> {
  for await (const { text, line } of readLines(chunks)) {
    const trimmed = text.replace(/^\uFEFF/, "").trim();
    if (trimmed !== "") yield { line, values: parseObject(trimmed, path, line) };
  }
}

function parseObject(text: string, path: string, line: number): Row["values"] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // What it is stands in the error below.
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Row["values"];
  throw new BtsbotError([
    rowProblem(path, line, undefined, "the line is no JSON object", { expected: "an object", got: show(text) }),
  ]);
}

interface CsvRecord {
  readonly record: readonly string[];
  readonly info: Pick<Info, "lines">;
}

async function* csvRows(path: string, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Row> {
  // A quote that is never closed would take the rest of the file.
  const parser = parse({ bom: true, info: true, skip_empty_lines: true, trim: true, max_record_size: 1 << 20 });
  // An error of either ends both; that of the file comes out of the loop below.
  pipeline(Readable.from(chunks), parser, () => undefined);
  let head: readonly string[] | undefined;
  try {
    for await (const { record, info } of parser as AsyncIterable<CsvRecord>) {
      if (head === undefined) checkHead((head = record), path);
      else yield { line: info.lines, values: toValues(head, record) };
    }
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    const { lines } = cause as unknown as { readonly lines?: number };
    throw new BtsbotError("table-invalid", "the text is no CSV", {
      path: `${path}:${lines ?? 1}`,
      got: cause.message,
      cause,
    });
  }
  if (head === undefined)
    throw new BtsbotError("table-invalid", "the file is empty", { path, expected: "CSV with a header, or JSON Lines" });
}

function toValues(head: readonly string[], record: readonly string[]): Row["values"] {
  const values: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (let index = 0; index < head.length; index += 1) values[head[index]] = record[index];
  return values;
}

function checkHead(head: readonly string[], path: string): void {
  const twice = head.find((name, index) => head.indexOf(name) !== index);
  if (twice !== undefined) throw new BtsbotError([rowProblem(path, 1, twice, "the header names the column twice", {})]);
}
