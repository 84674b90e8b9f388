import type { CliOutput } from "../types.js";

/** Work shorter than this needs no progress, and the line changes no more often, ms. */
const INTERVAL = 200;
/** Back to the start of the line, and erase it (ECMA-48 EL). */
const CLEAR_LINE = "\r\u001B[K";

/**
 * A line that is written over as work goes on.
 *
 * @internal
 */
export interface Progress {
  show(text: string): void;
  clear(): void;
}

/**
 * Makes a progress line; on what is not a terminal, it shows nothing.
 *
 * @internal
 */
export function createProgress(output: CliOutput | undefined, now: () => number): Progress {
  if (!output?.isTTY) return { show: () => undefined, clear: () => undefined };
  let last = now();
  let shown = false;
  return {
    show(text) {
      if (now() - last < INTERVAL) return;
      last = now();
      shown = true;
      output.write(CLEAR_LINE + text);
    },
    clear() {
      if (shown) output.write(CLEAR_LINE);
      shown = false;
    },
  };
}
