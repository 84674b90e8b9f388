import { toJsonResult } from "@btsbot/core";
import type { CliOutput } from "./types.js";
import type { FileOutcome } from "./scoreInputs.js";
import type { OutcomeWriter } from "./scoreCommand.js";

/**
 * One outcome as a line of JSON, by the contract in docs/formats.md.
 *
 * @internal
 */
export function toJsonLine(outcome: FileOutcome): string {
  if (outcome.success) {
    const { file, index, data } = outcome;
    return JSON.stringify({ file, index, ...toJsonResult(data) });
  }
  const { file, index, error } = outcome;
  // An absent index stays absent.
  return JSON.stringify({ file, index, error: { code: error.code, message: error.message } });
}

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
