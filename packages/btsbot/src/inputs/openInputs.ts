import type { ReadOptions } from "@btsbot/alert";
import { BtsbotError } from "@btsbot/errors";
import { readForUsage } from "../terminal/UsageError.js";
import { complain } from "../terminal/complain.js";
import type { Terminal } from "../terminal/createTerminal.js";
import { readPathList } from "./readPathList.js";
import { listInputs } from "./listInputs.js";
import type { AlertFile } from "./listInputs.js";
import { readOptionsOf } from "./readInputOptions.js";
import type { InputOptions } from "./readInputOptions.js";
import { createSkipTally } from "./skipTally.js";

/**
 * The inputs of a command.
 *
 * @internal
 */
export interface Inputs {
  readonly files: readonly AlertFile[];
  /** How their bytes are read. */
  readonly read: ReadOptions;
  /** Says on standard error what was left out; to be called when all is read. */
  readonly tellSkipped: () => void;
}

/**
 * Finds what a command's paths stand for.
 *
 * @param onEmpty - takes what holds no alerts: it is told on standard error
 * @param onEmptyFolder - takes folders without alerts, which then are not an error
 * @throws UsageError for a schema or a list that is not there; BtsbotError `config-invalid` for nothing to read
 *
 * @internal
 */
export async function openInputs(
  paths: readonly string[],
  options: InputOptions,
  { stdin, stderr }: Terminal,
  onEmpty?: (name: string) => void,
  onEmptyFolder?: (path: string) => void,
): Promise<Inputs> {
  const skipped = createSkipTally();
  const { filesFrom } = options;
  const listed = filesFrom === undefined ? [] : await readForUsage(() => readPathList(filesFrom, stdin));
  const all = [...paths, ...listed];
  if (filesFrom === "-" && all.includes("-"))
    throw new BtsbotError("config-invalid", "standard input cannot be both alerts and a list of paths", {
      hint: "Write the list to a file, and give that to --files-from.",
    });
  // For a caller that takes a night of clouds, an empty folder is not an error.
  if (all.length === 0 && onEmptyFolder === undefined)
    throw new BtsbotError("config-invalid", "no alerts are given", {
      expected: "paths of files, archives or folders, or --files-from",
    });
  const read = await readOptionsOf(options);
  const files = await listInputs(all, {
    stdin,
    skipped,
    read,
    recursive: options.recursive === true,
    ...(onEmpty && { onEmpty }),
    ...(onEmptyFolder && { onEmptyFolder }),
  });
  return {
    files,
    read,
    tellSkipped: () => {
      for (const line of skipped.lines()) complain(stderr, line);
    },
  };
}
