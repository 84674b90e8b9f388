import { readFile } from "node:fs/promises";
import { BROKER_FORMS, LSST, READ_LIMITS } from "@btsbot/alert";
import type { ReadLimits, ReadOptions } from "@btsbot/alert";
import { BtsbotError } from "@btsbot/errors";
import { toFileError } from "@btsbot/tables";
import { readForUsage } from "../terminal/UsageError.js";

/**
 * What commands that read alerts take of how to read them, as commander gives it.
 *
 * @internal
 */
export interface InputOptions {
  readonly recursive?: boolean;
  /** A file of further paths. */
  readonly filesFrom?: string;
  /** Files of Avro schemas, each for all framed messages or, as `ID=FILE`, for those of one id. */
  readonly schema?: readonly string[];
  /** Most bytes of one document, message or block. */
  readonly maxBytes?: number;
}

/**
 * How the alerts of a command's inputs are read: of every survey that is known.
 *
 * @throws UsageError `file-unreadable` for a schema that is not there, `json-invalid`
 *
 * @internal
 */
export async function readOptionsOf({ schema = [], maxBytes }: InputOptions): Promise<ReadOptions> {
  const schemas = new Map<number | undefined, string>();
  for (const each of schema) {
    const [, id, file] = /^(?:(\d+)=)?(.*)$/s.exec(each)!;
    schemas.set(id === undefined ? undefined : Number(id), await readForUsage(() => readSchema(file)));
  }
  const every = schemas.get(undefined);
  return {
    surveys: [LSST],
    ...(every !== undefined && { key: every }),
    forms: BROKER_FORMS,
    ...(schemas.size > 0 && { schemas: (id) => schemas.get(id) ?? schemas.get(undefined) }),
    ...(maxBytes !== undefined && { maxBlockBytes: maxBytes, limits: limitsFor(maxBytes) }),
  };
}

/**
 * What a record may hold, where so many bytes may be read: never less than by default, and in the same proportion. One
 * option raises all limits, so that the advice to raise it is true of each.
 */
function limitsFor(maxBytes: number): ReadLimits {
  const times = Math.max(1, maxBytes / READ_LIMITS.bytes);
  const { values, bytes, schemaBytes } = READ_LIMITS;
  const raise = (limit: number): number => Math.ceil(limit * times);
  return { values: raise(values), bytes: raise(bytes), schemaBytes: raise(schemaBytes) };
}

async function readSchema(path: string): Promise<string> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw toFileError(cause, path, { doing: "read" });
  });
  try {
    JSON.parse(text);
    return text;
  } catch (cause) {
    const got = (cause as Error).message;
    throw new BtsbotError("json-invalid", "the schema is not JSON", { path, got, cause });
  }
}
