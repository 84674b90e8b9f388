import { toJsonResult } from "@btsbot/core";
import { describe } from "../inputs/describeAlert.js";
import type { FileOutcome } from "../inputs/scoreInputs.js";

/**
 * One outcome as a line of JSON, by the contract in docs/formats.md.
 *
 * @internal
 */
export function toJsonLine(outcome: FileOutcome): string {
  if (outcome.success) {
    const { file, index, data, described } = outcome;
    // What policies and pictures read beside the scores stands last: the keys before it are older.
    return JSON.stringify({ file, index, ...toJsonResult(data), ...(described ?? describe(outcome.alert)) });
  }
  const { file, index, error } = outcome;
  // An absent index stays absent.
  return JSON.stringify({ file, index, error: { code: error.code, message: error.message } });
}
