import { BtsbotError, checkArgument } from "@btsbot/errors";
import { CommanderError } from "commander";
import type { Command } from "commander";
import { createProgram } from "./createProgram.js";
import { complain } from "./terminal/complain.js";
import { createTerminal } from "./terminal/createTerminal.js";
import { EXIT } from "./terminal/exitStatus.js";
import { guardOutput, ignoreFailures } from "./terminal/guardOutput.js";
import { Interruption } from "./terminal/Interruption.js";
import { inCommandWords } from "./terminal/inCommandWords.js";
import { printableLines } from "./terminal/printable.js";
import { UsageError } from "./terminal/UsageError.js";
import type { CliIo } from "./types.js";

/**
 * Runs the command line inside this process.
 *
 * @param args - the arguments after the program's name, such as `["score", "alert.avro"]`
 * @param io - where it reads and writes
 * @param now - the time, milliseconds since 1970; the system's clock by default
 * @returns the exit status: 0 done; 1 some input could not be read, or something not fetched or written, standard output included;
 * 2 wrong usage, or a model or policy that is not available; 70 a fault of this program; 130 or 143 ended by SIGINT or SIGTERM, or 130 by
 * `io.signal`. Nothing is thrown but OptionsError for arguments of another kind
 *
 * @example
 * ```ts
 * import { runCli } from "btsbot";
 *
 * let text = "";
 * const output = { write: (part: string) => (text += part) };
 * await runCli(["score", "--help"], { stdout: output, stderr: output, stdin: (async function* () {})(), env: {} }); // => 0
 * text.includes("btsbot score"); // => true
 * ```
 */
export async function runCli(args: readonly string[], io: CliIo, now: () => number = Date.now): Promise<number> {
  checkArgument("runCli", "args", args, "list");
  checkArgument("runCli", "io", io, "object", ["stdout", "stderr", "stdin", "env"]);
  const stderr = ignoreFailures(io.stderr);
  const stdout = guardOutput(io.stdout, (message) => complain(stderr, message));
  const world = {
    stdout,
    stderr,
    stdin: io.stdin,
    env: io.env,
    get signal() {
      return io.signal;
    },
  };
  const terminal = createTerminal(world, now);
  let status: number = EXIT.ok;
  const program = createProgram(terminal, (result) => {
    status = result;
  });
  try {
    await parse(program, args);
    await stdout.flush?.();
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return EXIT.usage;
    const stopped = statusOfEnd(error, io);
    if (stopped !== undefined) {
      complain(stderr, error instanceof Error ? error.message : "stopped");
      // What was written is to arrive whole.
      await stdout.flush?.().catch(() => undefined);
      return stopped;
    }
    if (error instanceof BtsbotError) {
      complain(terminal.stderr, inCommandWords(error).message);
      return error instanceof UsageError ? EXIT.usage : (EXIT_BY_CODE[error.code] ?? EXIT.unreadable);
    }
    terminal.stderr.write(
      `btsbot: this should not happen; please report it, with what follows\n${printableLines(describe(error))}\n`,
    );
    return EXIT.internal;
  }
}

/** The exit status where what was thrown is why the command was to end; undefined where it is something else. */
function statusOfEnd(error: unknown, io: CliIo): number | undefined {
  if (error instanceof Interruption) return error.status;
  return io.signal?.aborted === true && error === io.signal.reason ? EXIT.interrupted : undefined;
}

/** Help and version end the parsing with an error that is not a fault. */
async function parse(program: Command, args: readonly string[]): Promise<void> {
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError) || error.exitCode !== 0) throw error;
  }
}

const EXIT_BY_CODE: Readonly<Record<string, number>> = {
  "model-unknown": EXIT.usage,
  "model-not-pulled": EXIT.usage,
  "model-unnamed": EXIT.usage,
  "profile-unknown": EXIT.usage,
  "config-invalid": EXIT.usage,
  "simulation-invalid": EXIT.usage,
  "policy-unknown": EXIT.usage,
  "filter-unknown": EXIT.usage,
  "state-mismatch": EXIT.usage,
  "lines-mismatch": EXIT.usage,
};

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
