import type { SafeResult } from "@btsbot/errors";
import { isIncomplete } from "../packet/openDocument.js";
import type { Budget } from "./Budget.js";
import type { ReadStep } from "./ReadStep.js";

/** Whether the input goes on: `over` where it holds too much that is not an alert; `known` where its last document is known not to be one. */
export type Given = "on" | "over" | "known";

/** Gives outcomes. */
export function* give<T>(outcomes: Iterable<SafeResult<T>>, budget: Budget): Generator<ReadStep<T>, Given, void> {
  let given: Given = "on";
  for (const outcome of outcomes) {
    yield outcome;
    given = isIncomplete(outcome) ? "known" : "on";
    const over = outcome.success ? undefined : budget.refuse(outcome.error);
    if (over === undefined) continue;
    yield { success: false, error: over };
    return "over";
  }
  return given;
}
