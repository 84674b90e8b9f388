import { BtsbotError, checkOptions } from "@btsbot/errors";
import type { OptionNames } from "@btsbot/errors";
import { describeSystemError } from "./describeSystemError.js";

/** No room: the file system is full, the user's share of it, or the file as long as it may be. */
const FULL: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

/** What was done with the file that a system error is about. */
export interface FileErrorOptions {
  /** Whether it was to be read or to be written. */
  readonly doing: "read" | "write";
  /** What is wrong, in a few words, where there are better ones than those that fit every file. */
  readonly summary?: string;
}

/** The names of {@link FileErrorOptions}. */
const FILE_ERROR_OPTIONS: OptionNames<FileErrorOptions> = { doing: "string!", summary: "string" };

/**
 * Turns what the file system throws into an error of the registry, in words.
 *
 * @param error - what was thrown
 * @param path - the file
 * @param options - what was done with it
 * @returns `file-unreadable`, `disk-full` or `folder-unwritable`; what is not a system error comes back as it is
 *
 * @example
 * ```ts
 * import { toFileError } from "@btsbot/tables";
 *
 * const error = Object.assign(new Error("ENOSPC"), { code: "ENOSPC" });
 * (toFileError(error, "a.csv", { doing: "write" }) as Error).message; // => "a.csv: no room left (got no room left on the disk)"
 * ```
 */
export function toFileError(error: unknown, path: string, options: FileErrorOptions): unknown {
  checkOptions("toFileError", options, FILE_ERROR_OPTIONS);
  const code = (error as NodeJS.ErrnoException | null | undefined)?.code;
  // Node's own refusals, such as of a path with a NUL, have codes of another form.
  if (error instanceof BtsbotError || typeof code !== "string") return error;
  const details = { path, got: describeSystemError(code), cause: error };
  const { doing, summary } = options;
  if (doing === "read") return new BtsbotError("file-unreadable", summary ?? "cannot be read", details);
  if (FULL.has(code)) return new BtsbotError("disk-full", summary ?? "no room left", details);
  return new BtsbotError("folder-unwritable", summary ?? "the file cannot be written", details);
}
