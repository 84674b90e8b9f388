import { readFile } from "node:fs/promises";
import { BtsbotError } from "@btsbot/errors";
import { describeSystemError } from "@btsbot/tables";
import { readForUsage } from "../terminal/UsageError.js";

/**
 * Reads a file of JSON that defines something, and names the file in what is wrong with it.
 *
 * @param path - the file
 * @param what - what it should hold, such as `the filter`
 * @param parse - reads it from what `JSON.parse` gives
 * @throws UsageError `file-unreadable`, `json-invalid` or what `parse` throws
 *
 * @internal
 */
export async function readDefinition<T>(path: string, what: string, parse: (data: unknown) => T): Promise<T> {
  return readForUsage(() => readParsed(path, what, parse));
}

async function readParsed<T>(path: string, what: string, parse: (data: unknown) => T): Promise<T> {
  try {
    // Some editors begin a file with a byte-order mark.
    return parse(JSON.parse((await readFile(path, "utf8")).replace(/^\uFEFF/, "")));
  } catch (cause) {
    if (cause instanceof BtsbotError)
      throw new BtsbotError(cause.problems.map((each) => ({ ...each, message: `${path}: ${each.message}` })));
    if (cause instanceof SyntaxError)
      throw new BtsbotError("json-invalid", `${what} is not JSON`, { path, got: cause.message, cause });
    const { code = String(cause) } = cause as NodeJS.ErrnoException;
    throw new BtsbotError("file-unreadable", "cannot be read", { path, got: describeSystemError(code), cause });
  }
}

/**
 * Whether an argument is a file and no name: names have neither a dot nor a slash.
 *
 * @internal
 */
export function isPath(argument: string): boolean {
  return /[./\\]/.test(argument);
}
