import type { Command } from "commander";
import { InvalidArgumentError, Option } from "commander";
import { collect, parseIndex, parseJobs } from "./parseOptions.js";

/** Bytes that a suffix stands for. */
const UNITS: Readonly<Record<string, number>> = { "": 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };
/** Anything longer is not a packet, and does not fit into one array of bytes everywhere. */
const MAX_BYTES = 2 ** 31;

/** What stands for the alerts that a command reads. */
export const PATHS_TEXT = "files, archives or folders of alerts, packed or not; - for standard input";

/**
 * Adds the options by which the packets of one file are read: `--schema`, `--max-bytes`.
 *
 * @internal
 */
export function addPacketOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--schema <file>", "Avro schema of messages, framed or bare; ID=FILE for one id; repeatable")
        .argParser(collect)
        .default([], "none"),
    )
    .option(
      "--max-bytes <n>",
      "most bytes of one packet or document, such as 256M, and what it may hold in proportion",
      parseBytes,
    );
}

/**
 * Adds the options by which files and folders of alerts are read: those of packets, `--recursive` and
 * `--files-from`.
 *
 * @internal
 */
export function addInputOptions(command: Command): Command {
  return addPacketOptions(
    command
      .option("--recursive", "also search folders within folders")
      .option("--files-from <file>", "also take the paths that a file lists, one a line; - for standard input"),
  );
}

/** The longest that an alert of live input waits for others, ms: nobody notices it, and a batch of a busy stream is full by then. */
export const DEFAULT_MAX_WAIT = 200;

/**
 * How the alerts of a command are scored, as commander gives it.
 *
 * @internal
 */
export interface JobOptions {
  /** Threads that score; absent where the command chooses. */
  readonly jobs?: number;
  /** The longest that an alert waits for others, ms. */
  readonly maxWait?: number;
}

/**
 * Adds the options by which alerts are scored: `--jobs`, `--max-wait`.
 *
 * @internal
 */
export function addJobOptions(command: Command): Command {
  return command
    .option("-j, --jobs <n>", "threads that score (default: a core each for many files, else 1)", parseJobs)
    .option(
      "--max-wait <ms>",
      `longest that an alert waits for others to be scored with (default: ${DEFAULT_MAX_WAIT})`,
      parseIndex,
    );
}

function parseBytes(value: string): number {
  const [, digits, unit] = /^(\d{1,15})([kmg]?)i?b?$/i.exec(value) ?? [];
  const bytes = digits === undefined ? NaN : Number(digits) * UNITS[unit.toLowerCase()];
  if (!(bytes >= 1 && bytes <= MAX_BYTES))
    throw new InvalidArgumentError("A number of bytes up to 2G is needed, such as 256M.");
  return bytes;
}
