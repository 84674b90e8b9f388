import { toJsonResult } from "@btsbot/core";
import type { FileOutcome } from "../inputs/scoreInputs.js";
import { recentLimits } from "./recentLimits.js";

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
