import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { BtsbotError, checkArgument, checkOptions } from "@btsbot/errors";
import type { OptionNames } from "@btsbot/errors";
import { nameFormat } from "./nameFormat.js";
import { readCsv } from "./readCsv.js";
import { readJsonLines } from "./readJsonLines.js";
import { toFileError } from "./toFileError.js";
import type { Table } from "./types.js";

/** Options of {@link openTable}. */
export interface OpenTableOptions {
  /** The bytes, where they do not come from the file: `path` is then but their name. */
  readonly chunks?: AsyncIterable<Uint8Array>;
  /** Columns that a CSV must have; of JSON Lines each row has its own. */
  readonly needed?: readonly string[];
}

/** The names of {@link OpenTableOptions}. */
const OPEN_TABLE_OPTIONS: OptionNames<OpenTableOptions> = { chunks: "object", needed: "list" };

/**
 * Opens a table, read row by row and never whole: JSON Lines if it begins with `{`, else CSV with a header,
 * separated by commas. Cells are trimmed, empty lines skipped.
 *
 * @param path - the file
 * @param options - other bytes, columns that must be there
 * @returns the table; what is wrong with its rows is thrown while they are read
 * @throws BtsbotError `file-unreadable`; `table-invalid` for what is not such a table, in words that say what it
 * is: another separator, another encoding, compressed, a JSON array
 *
 * @example
 * ```ts
 * import { openTable } from "@btsbot/tables";
 *
 * const chunks = (async function* () {
 *   yield new TextEncoder().encode("objectId,label\nZTF20aaelulu,1\n");
 * })();
 * const { kind, rows } = await openTable("truth.csv", { chunks });
 * const found = [];
 * for await (const row of rows) found.push(row.get("objectId"));
 * [kind, found]; // => ["csv", ["ZTF20aaelulu"]]
 * ```
 */
export async function openTable(path: string, options: OpenTableOptions = {}): Promise<Table> {
  checkOptions("openTable", options, OPEN_TABLE_OPTIONS);
  if (options.chunks !== undefined) checkArgument("openTable", "chunks", options.chunks, "iterable");
  let read = 0;
  const size = options.chunks === undefined ? await sizeOf(path) : 0;
  const chunks = toIterator(options.chunks ?? readFile(path));
  const head: Uint8Array[] = [];
  let first: string | undefined;
  while (first === undefined) {
    const { value, done } = await chunks.next();
    if (done) break;
    if (head.length === 0) await refuseOther(path, value, () => chunks.return?.());
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
  const rows = kind === "jsonl" ? readJsonLines(path, all()) : readCsv(path, all(), options.needed ?? []);
  return { kind, rows, progress: () => (size === 0 ? "" : `${Math.floor((100 * read) / size)} %`) };
}

async function refuseOther(path: string, head: Uint8Array, close: () => unknown): Promise<void> {
  const other = nameFormat(head);
  if (other === undefined) return;
  await close();
  throw new BtsbotError("table-invalid", `the file is ${other.name}`, {
    path,
    expected: "CSV or JSON Lines, in UTF-8",
    hint: other.hint,
  });
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
    throw toFileError(cause, path, { doing: "read" });
  }
}

/** Callers in JavaScript have chunks in a list, too. */
async function* toIterator(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  yield* chunks;
}
