import type { PolicyAlert } from "../types.js";
import type { Condition, Requirement } from "./types.js";

/**
 * Whether an alert counts towards a requirement. One without a finite date or magnitude never does: it
 * could neither be put in order nor be kept.
 *
 * @param alert - the alert
 * @param requirement - the requirement
 * @returns true if it fulfils every condition
 */
export function matchesRequirement(alert: PolicyAlert, requirement: Requirement): boolean {
  if (!Number.isFinite(alert.jd) || !Number.isFinite(alert.magpsf)) return false;
  return requirement.where.every((condition) => fulfils(valueOf(alert, condition.field), condition));
}

function valueOf(alert: PolicyAlert, field: string): unknown {
  if (field === "score" || field === "magpsf" || field === "jd" || field === "fid") return alert[field];
  return alert.fields?.[field];
}

/**
 * Whether a value fulfils a condition. What is absent, no number or NaN fulfils no order.
 *
 * @param found - the value
 * @param condition - the condition; its field is not looked at
 * @returns true if it does
 */
export function fulfils(found: unknown, { is, value }: Condition): boolean {
  if (is === "!=") return found !== value;
  if (is === "==") return found === value;
  if (typeof found !== "number" || typeof value !== "number" || !Number.isFinite(found)) return false;
  switch (is) {
    case ">=":
      return found >= value;
    case ">":
      return found > value;
    case "<=":
      return found <= value;
    case "<":
      return found < value;
  }
}
