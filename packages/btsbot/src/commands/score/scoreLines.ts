import { toJsonLine } from "../../terminal/toJsonLine.js";
import type { CliOutput } from "../../types.js";
import type { OutcomeWriter } from "./types.js";

/**
 * Writes JSON Lines and nothing else.
 *
 * @internal
 */
export function createJsonLinesWriter(stdout: CliOutput): OutcomeWriter {
  return {
    write: (outcome) => {
      stdout.write(`${toJsonLine(outcome)}\n`);
    },
    end: () => undefined,
  };
}
