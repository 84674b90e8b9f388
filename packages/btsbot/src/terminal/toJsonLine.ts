import { toJsonResult } from "@btsbot/core";
import { recentLimits } from "./recentLimits.js";
import type { CliOutput } from "../types.js";
import type { FileOutcome } from "../inputs/scoreInputs.js";
import type { OutcomeWriter } from "../commands/score/scoreCommand.js";

/**
 * One outcome as a line of JSON, by the contract in docs/formats.md.
 *
 * @internal
 */
export function toJsonLine(outcome: FileOutcome): string {
  if (outcome.success) {
    const { file, index, data, alert } = outcome;
    const { magpsf, fid, sigmapsf, isdiffpos } = alert.candidate;
    // What policies and pictures read beside the scores stands last: the keys before it are older.
    const photometry = { magpsf: magpsf ?? null, fid, sigmapsf, isdiffpos, limits: recentLimits(alert) };
    return JSON.stringify({ file, index, ...toJsonResult(data), ...photometry });
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
