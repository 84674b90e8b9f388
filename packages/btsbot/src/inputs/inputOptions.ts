import { InvalidArgumentError, Option } from "commander";
import { collect } from "./parseOptions.js";

/** Bytes that a suffix stands for. */
const UNITS: Readonly<Record<string, number>> = { "": 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };
/** More is no packet, and does not fit into one array of bytes everywhere. */
const MAX_BYTES = 2 ** 31;

/** What stands for the alerts that a command reads. */
export const PATHS_TEXT = "files, tarballs or folders of alerts, packed or not; - for standard input";

/**
 * `--recursive`.
 *
 * @internal
 */
export function recursiveOption(): Option {
  return new Option("--recursive", "search folders in folders, too");
}

/**
 * `--schema`.
 *
 * @internal
 */
export function schemaOption(): Option {
  return new Option("--schema <file>", "Avro schema of framed messages; ID=FILE for one id; again for more")
    .argParser(collect)
    .default([], "none");
}

/**
 * `--max-bytes`.
 *
 * @internal
 */
export function maxBytesOption(): Option {
  return new Option("--max-bytes <n>", "most bytes of one packet or document, such as 256M").argParser(parseBytes);
}

function parseBytes(value: string): number {
  const [, digits, unit] = /^(\d{1,15})([kmg]?)i?b?$/i.exec(value) ?? [];
  const bytes = digits === undefined ? NaN : Number(digits) * UNITS[unit.toLowerCase()];
  if (!(bytes >= 1 && bytes <= MAX_BYTES))
    throw new InvalidArgumentError("A number of bytes up to 2G is needed, such as 256M.");
  return bytes;
}
