import type { SafeResult } from "@btsbot/errors";
import type { Budget } from "./Budget.js";
import type { ReadStep } from "./ReadStep.js";
import type { Alert } from "../types.js";

/** Gives an outcome; true if that is the last, since the input holds too much that is no alert. */
export function* give(outcome: SafeResult<Alert>, budget: Budget): Generator<ReadStep, boolean, void> {
  yield outcome;
  const over = outcome.success ? undefined : budget.refuse(outcome.error);
  if (over === undefined) return false;
  yield { success: false, error: over };
  return true;
}
