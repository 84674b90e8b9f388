import { parseData } from "@btsbot/errors";
import { requirementSchema } from "./policySchema.js";
import type { Requirement } from "./types.js";

/**
 * A requirement: at least a given number of alerts that fulfil all of some conditions.
 *
 * @param count - how many different alerts, 1 to 1000
 * @param where - conditions, each a field, one of `>= > <= < == !=`, and a number, a text in double
 * quotes, true or false; none for any alert
 * @returns the requirement, for {@link makePolicy}
 * @throws BtsbotError `policy-invalid` if a text is not a condition, or the count is not a positive integer
 *
 * @example
 * ```ts
 * import { atLeast } from "@btsbot/policy";
 *
 * atLeast(2, 'programpi != "Prince"'); // => { count: 2, where: [{ field: "programpi", is: "!=", value: "Prince" }] }
 * ```
 */
export function atLeast(count: number, ...where: string[]): Requirement {
  return parseData(requirementSchema, { count, where }, "policy-invalid", "the requirement");
}
