import { fstatSync } from "node:fs";
import type { CliIo } from "../types.js";

/**
 * Whether a command's input comes live: standard input, unless that is a file. Nobody knows when it ends.
 *
 * @internal
 */
export function isLive(paths: readonly string[], { stdin }: Pick<CliIo, "stdin">): boolean {
  if (!paths.includes("-")) return false;
  const { fd } = stdin as { readonly fd?: unknown };
  return typeof fd !== "number" || !fstatSync(fd).isFile();
}
