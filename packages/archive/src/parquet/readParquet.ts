import { BtsbotError, countOf } from "@btsbot/errors";
import { parquetMetadata, parquetReadObjects, parquetSchema } from "hyparquet";
import type { ColumnMetaData, FileMetaData, RowGroup, SchemaTree } from "hyparquet";
import type { SeekableBytes } from "../types.js";
import { checkColumn } from "./checkColumn.js";
import { checkMetadata } from "./checkMetadata.js";
import { damaged, unsupported } from "./parquetErrors.js";
import { readThrift } from "./readThrift.js";
import { CODEC_NAMES, unpackPage } from "./unpackPage.js";

/** At the end: the length of the metadata, and the magic; README.md of apache/parquet-format, "File format". */
const TRAILER = 8;
const MAGIC = "PAR1";
/** Names and places of a row group of Fink take 25 kB: so many describe a thousand of them. */
const MAX_METADATA_BYTES = 1 << 26;
/** Values that a row group may have for each of its bytes, nulls included, and those that it may have in any case. */
const VALUES_A_BYTE = 16;
const FREE_VALUES = 1 << 20;
/** Numbers of physical types, in the order of parquet.thrift. */
const TYPES: readonly string[] = [
  ...["BOOLEAN", "INT32", "INT64", "INT96", "FLOAT", "DOUBLE", "BYTE_ARRAY", "FIXED_LEN_BYTE_ARRAY"],
];

/**
 * How a Parquet file is read.
 *
 * @internal
 */
export interface ParquetReading {
  /** Chooses among the top-level columns; all by default. */
  readonly columns?: ((names: readonly string[]) => readonly string[]) | undefined;
  /** The most bytes of the chosen columns of one row group, packed and unpacked. */
  readonly maxRowGroupBytes: number;
  /** Rows that are left out at the beginning; row groups that they fill are not read. */
  readonly skip: number;
}

/**
 * Reads the rows of a Parquet file, one row group at a time.
 *
 * @returns rows as objects: 64-bit integers as bigints, bytes as they are, lists and structs nested
 * @throws BtsbotError `archive-invalid`, `archive-unsupported`; `archive-limit` for a row group that is too large. What `file` throws
 * goes through
 *
 * @internal
 */
export async function* readParquet(
  file: SeekableBytes,
  { columns, maxRowGroupBytes, skip }: ParquetReading,
): AsyncGenerator<Record<string, unknown>, void, void> {
  const metadata = await readMetadata(file);
  const schema = run(() => parquetSchema(metadata));
  const names = schema.children.map(({ element }) => element.name);
  const chosen = columns?.(names) ?? names;
  let left = skip;
  for (const group of metadata.row_groups) {
    const rows = Number(group.num_rows);
    if (left >= rows) {
      left -= rows;
      continue;
    }
    const found = await readRowGroup(file, metadata, group, { chosen, schema, maxRowGroupBytes });
    // What was handed on is not held until the row group ends.
    found.reverse().length -= left;
    left = 0;
    for (let row = found.pop(); row !== undefined; row = found.pop()) yield row;
  }
}

async function readMetadata(file: SeekableBytes): Promise<FileMetaData> {
  const tail = await file.read(Math.max(0, file.size - TRAILER), file.size);
  const magic = String.fromCharCode(...tail.subarray(-MAGIC.length));
  if (magic === "PARE") throw unsupported("encryption", "files that are not encrypted");
  if (tail.length < TRAILER || magic !== MAGIC) throw damaged("it ends early: its metadata are at its end");
  const length = new DataView(tail.buffer, tail.byteOffset, 4).getUint32(0, true);
  if (length > file.size - TRAILER - MAGIC.length) throw damaged("its metadata are longer than the file");
  if (length > MAX_METADATA_BYTES)
    throw new BtsbotError("archive-limit", "the metadata of the Parquet file are too long", {
      expected: `at most ${countOf(MAX_METADATA_BYTES, "byte")}`,
      got: String(length),
      hint: "Write it again with fewer, larger row groups, or as several files.",
    });
  const bytes = await file.read(file.size - TRAILER - length, file.size);
  // What this lets through, the library reads in as many steps.
  readThrift(bytes.subarray(0, length));
  return checkMetadata(run(() => parquetMetadata(bytes, { geoparquet: false })));
}

/** What is wanted of row groups. */
interface Wanted {
  readonly chosen: readonly string[];
  readonly schema: SchemaTree;
  readonly maxRowGroupBytes: number;
}

/** The rows of a row group. Its columns are read one by one: the packed bytes of one are let go before the next are taken. */
async function readRowGroup(
  file: SeekableBytes,
  metadata: FileMetaData,
  group: RowGroup,
  { chosen, schema, maxRowGroupBytes }: Wanted,
): Promise<Record<string, unknown>[]> {
  const count = Number(group.num_rows);
  const wanted = columnsOf(group).filter(({ path_in_schema: [name] }) => chosen.includes(name));
  const bytes = wanted.map(sizeOf).reduce((sum, { packed, plain }) => sum + Math.max(packed, plain), 0);
  if (bytes > maxRowGroupBytes) throw tooLarge(bytes, count, maxRowGroupBytes);
  checkCounts(wanted, schema, count, bytes);
  let rows: Record<string, unknown>[] | undefined;
  for (const name of new Set(wanted.map(({ path_in_schema: [top] }) => top))) {
    const parts = wanted.filter(({ path_in_schema: [top] }) => top === name);
    const found = await decode(metadata, group, await holdColumns(file, parts, schema, maxRowGroupBytes), name);
    if (found.length !== count) throw damaged("a row group does not have the number of rows that it states");
    if (rows === undefined) rows = found;
    else for (const [i, row] of rows.entries()) row[name] = found[i][name];
  }
  return rows ?? Array.from({ length: count }, () => ({}));
}

function columnsOf(group: RowGroup): ColumnMetaData[] {
  return group.columns.map(({ meta_data: meta, file_path: path }) => {
    if (meta === undefined) throw unsupported("encrypted columns", "files that are not encrypted");
    if (path !== undefined) throw unsupported("columns in other files", "files that are whole");
    return meta;
  });
}

/** A column's bytes, and where they are in the file. */
interface HeldColumn {
  readonly start: number;
  readonly bytes: Uint8Array;
}

/** The bytes of the columns under one name, looked through. */
async function holdColumns(
  file: SeekableBytes,
  columns: readonly ColumnMetaData[],
  schema: SchemaTree,
  maxPageBytes: number,
): Promise<HeldColumn[]> {
  const held: HeldColumn[] = [];
  for (const meta of columns) {
    const { start, packed } = sizeOf(meta);
    const chunk = await file.read(start, start + packed);
    if (chunk.length < packed) throw damaged("a column goes beyond its end");
    const { repetition, definition } = levelsOf(meta, schema);
    checkColumn(chunk, {
      type: TYPES.indexOf(meta.type),
      codec: CODEC_NAMES.indexOf(meta.codec),
      values: Number(meta.num_values),
      repetition,
      definition,
      maxPageBytes,
    });
    held.push({ start, bytes: chunk });
  }
  return held;
}

function sizeOf(meta: ColumnMetaData): { readonly start: number; readonly packed: number; readonly plain: number } {
  const start = Number(meta.dictionary_page_offset || meta.data_page_offset);
  const [packed, plain] = [Number(meta.total_compressed_size), Number(meta.total_uncompressed_size)];
  if (![start, packed, plain].every((value) => Number.isSafeInteger(value) && value >= 0))
    throw damaged("a column has no place");
  return { start, packed, plain };
}

/** Nulls take no bytes: so many that they could not be alerts are refused. */
function checkCounts(columns: readonly ColumnMetaData[], schema: SchemaTree, rows: number, bytes: number): void {
  let values = 0;
  for (const meta of columns) {
    const count = Number(meta.num_values);
    if (!(count >= rows) || (count !== rows && levelsOf(meta, schema).repetition === 0))
      throw damaged("a column does not have as many values as its row group has rows");
    values += count;
  }
  const most = FREE_VALUES + VALUES_A_BYTE * bytes;
  if (Math.max(values, rows) > most)
    throw new BtsbotError("archive-limit", "a row group of the Parquet file has more values than alerts can have", {
      expected: `at most ${most} in ${countOf(bytes, "byte")}`,
      got: String(Math.max(values, rows)),
    });
}

function levelsOf(
  { path_in_schema: path }: ColumnMetaData,
  schema: SchemaTree,
): { repetition: number; definition: number } {
  let [node, repetition, definition] = [schema, 0, 0];
  for (const name of path) {
    const child = node.children.find(({ element }) => element.name === name);
    if (child === undefined) throw damaged("a column is not in its schema");
    node = child;
    if (node.element.repetition_type === "REPEATED") repetition += 1;
    if (node.element.repetition_type !== "REQUIRED") definition += 1;
  }
  return { repetition, definition };
}

function tooLarge(bytes: number, rows: number, limit: number): BtsbotError {
  const fitting = Math.max(1, Math.floor((rows * limit) / bytes / 2));
  return new BtsbotError("archive-limit", "a row group of the Parquet file is larger than what is held in memory", {
    expected: `at most ${countOf(limit, "byte")}`,
    got: `${bytes} in ${countOf(rows, "row")}`,
    hint: `Write it again with row groups of ${fitting} rows.`,
  });
}

/** One top-level column of a row group, whose bytes were looked through, as rows that have it alone. */
async function decode(
  metadata: FileMetaData,
  group: RowGroup,
  held: readonly HeldColumn[],
  name: string,
): Promise<Record<string, unknown>[]> {
  const file = {
    byteLength: Number.MAX_SAFE_INTEGER,
    slice: (start: number, end?: number) => sliceHeld(held, start, end!),
  };
  const compressors = Object.fromEntries(
    CODEC_NAMES.map((name, codec) => [name, (bytes: Uint8Array, length: number) => unpackPage(codec, bytes, length)]),
  );
  try {
    return await parquetReadObjects({
      file,
      metadata: { ...metadata, row_groups: [group], num_rows: group.num_rows },
      columns: [name],
      compressors,
      // Bytes are bytes, unless the schema calls them text.
      utf8: false,
      useOffsetIndex: false,
    });
  } catch (cause) {
    throw cause instanceof BtsbotError ? cause : damaged((cause as Error).message.replace(/^parquet /, ""), cause);
  }
}

/** Bytes of the row group; between columns, where nothing is looked at, zeros. */
function sliceHeld(held: readonly HeldColumn[], start: number, end: number): ArrayBuffer {
  const whole = new Uint8Array(end - start);
  for (const { start: from, bytes } of held) {
    const [first, last] = [Math.max(start, from), Math.min(end, from + bytes.length)];
    if (first < last) whole.set(bytes.subarray(first - from, last - from), first - start);
  }
  return whole.buffer;
}

function run<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof BtsbotError) throw cause;
    throw damaged("its metadata cannot be understood", cause);
  }
}
