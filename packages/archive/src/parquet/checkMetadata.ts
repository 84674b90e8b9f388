import type { FileMetaData } from "hyparquet";
import { damaged } from "./parquetErrors.js";

/**
 * Refuses metadata in which a field that is read does not have its type: the library takes whatever Thrift's bytes hold.
 *
 * @param metadata - as the library read them
 * @returns the same metadata
 * @throws BtsbotError `archive-invalid`
 *
 * @internal
 */
export function checkMetadata(metadata: FileMetaData): FileMetaData {
  const { schema, row_groups: groups } = metadata as unknown as Readonly<Record<string, readonly Unknown[]>>;
  for (const { name } of schema) if (typeof name !== "string") throw wrong("a name");
  for (const { num_rows: rows, columns } of groups) {
    if (!isCount(rows)) throw wrong("the rows of a row group");
    for (const { meta_data: meta, file_path: path } of columns as readonly Unknown[]) {
      if (path !== undefined && typeof path !== "string") throw wrong("the path of a column");
      if (meta !== undefined) checkColumnMetadata(meta);
    }
  }
  return metadata;
}

type Unknown = Readonly<Record<string, unknown>>;

function checkColumnMetadata(meta: unknown): void {
  if (typeof meta !== "object" || meta === null) throw wrong("a column");
  const { type, codec, path_in_schema: path, ...rest } = meta as Unknown;
  if (typeof type !== "string") throw wrong("the type of a column");
  if (typeof codec !== "string") throw wrong("the codec of a column");
  if (!Array.isArray(path) || !path.every((name) => typeof name === "string")) throw wrong("the path of a column");
  if (!isCount(rest.num_values)) throw wrong("the values of a column");
}

/** Thrift's integers of 64 bits are bigints, shorter ones numbers. */
function isCount(value: unknown): boolean {
  return (typeof value === "bigint" || typeof value === "number") && Number.isSafeInteger(Number(value)) && value >= 0;
}

function wrong(what: string): Error {
  return damaged(`its metadata do not hold ${what} where it should be`);
}
