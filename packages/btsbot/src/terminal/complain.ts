import type { CliOutput } from "../types.js";
import { printable } from "./printable.js";

/**
 * Says on standard error what is wrong, in one line.
 *
 * @internal
 */
export function complain(stderr: CliOutput, message: string): void {
  stderr.write(`btsbot: ${printable(message)}\n`);
}
