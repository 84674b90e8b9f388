import type { SafeResult } from "@btsbot/errors";
import type { Budget } from "./Budget.js";
import type { ReadStep } from "./ReadStep.js";

/** Gives outcomes; true if the last of them is the last of all, since the input holds too much that is no alert. */
export function* give<T>(outcomes: readonly SafeResult<T>[], budget: Budget): Generator<ReadStep<T>, boolean, void> {
  for (const outcome of outcomes) {
    yield outcome;
    const over = outcome.success ? undefined : budget.refuse(outcome.error);
    if (over === undefined) continue;
    yield { success: false, error: over };
    return true;
  }
  return false;
}
