import { readFile } from "node:fs/promises";
import { BtsbotError } from "@btsbot/errors";
import { describeSystemError } from "@btsbot/tables";
import { readForUsage } from "../terminal/UsageError.js";

/**
 * Reads a configuration: a JSON file.
 *
 * @throws UsageError `file-unreadable`, `json-invalid`
 * @internal
 */
export async function readConfigFile(path: string): Promise<unknown> {
  return readForUsage(() => readJsonFile(path));
}

async function readJsonFile(path: string): Promise<unknown> {
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new BtsbotError("file-unreadable", "cannot be read", {
      path,
      got: describeSystemError(cause.code ?? ""),
      cause,
    });
  });
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new BtsbotError("json-invalid", "not JSON", { path, got: (cause as Error).message, cause });
  }
}
