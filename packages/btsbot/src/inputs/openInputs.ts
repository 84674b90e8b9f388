import { complain } from "../terminal/complain.js";
import type { Terminal } from "../terminal/createTerminal.js";
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
  /** Says on standard error what was left out; to be called when all is read. */
  readonly tellSkipped: () => void;
}

/**
 * Finds what a command's paths stand for.
 *
 * @param onEmpty - takes what holds no alerts: it is told on standard error
 * @param onEmptyFolder - takes folders without alerts, which then are no error
 * @throws BtsbotError `file-unreadable` for a schema that is not there
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
  const files = await listInputs(paths, {
    stdin,
    skipped,
    read: await readOptionsOf(options),
    recursive: options.recursive === true,
    ...(onEmpty && { onEmpty }),
    ...(onEmptyFolder && { onEmptyFolder }),
  });
  return {
    files,
    tellSkipped: () => {
      for (const line of skipped.lines()) complain(stderr, line);
    },
  };
}
