import pc from "picocolors";
import type { CliIo, CliOutput } from "../types.js";
import { escapeUnsafe } from "./printable.js";

/** Width where nothing says how wide the output is. */
const DEFAULT_WIDTH = 80;
/** A light curve or a list of flags gains nothing from more. */
const MAX_WIDTH = 180;

/**
 * Colors that are on only where the output shows them.
 *
 * @internal
 */
export type Colors = ReturnType<typeof pc.createColors>;

/**
 * What commands need to know of their outputs.
 *
 * @internal
 */
export interface Terminal extends CliIo {
  /** Width of standard output, characters. */
  readonly width: number;
  /** Colors for standard output. */
  readonly colors: Colors;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Colors for standard error. */
  readonly errorColors: Colors;
}

/**
 * Finds width and colors, and keeps the clock: https://no-color.org and FORCE_COLOR win over what the streams are.
 *
 * @internal
 */
export function createTerminal(io: CliIo, now: () => number): Terminal {
  return {
    stdout: guard(io.stdout),
    stderr: guard(io.stderr),
    stdin: io.stdin,
    env: io.env,
    // Asked for by the commands that heed it alone: the others end as the system ends them.
    get signal() {
      return io.signal;
    },
    now,
    width: Math.min(io.stdout.columns || DEFAULT_WIDTH, MAX_WIDTH),
    colors: pc.createColors(hasColors(io.stdout, io.env)),
    errorColors: pc.createColors(hasColors(io.stderr, io.env)),
  };
}

function hasColors(output: CliOutput, env: CliIo["env"]): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== "0";
  return output.isTTY === true && env.TERM !== "dumb";
}

/** The same output, to which nothing goes that a terminal must not see. */
function guard(output: CliOutput): CliOutput {
  // Behind it stands the output itself: a stream stays a stream, with its descriptor and its width.
  return Object.create(output, {
    write: { value: (text: string, ...rest: []) => output.write(escapeUnsafe(text), ...rest) },
  }) as CliOutput;
}
