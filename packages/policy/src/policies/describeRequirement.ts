import { countOf } from "@btsbot/errors";
import type { Policy, Requirement } from "./types.js";

/**
 * A requirement in words.
 *
 * @param requirement - the requirement
 * @returns such as `2 alerts with score >= 0.5 and magpsf <= 19`
 */
export function describeRequirement({ count, where }: Requirement): string {
  const conditions = where.map(({ field, is, value }) => `${field} ${is} ${JSON.stringify(value)}`).join(" and ");
  return `${countOf(count, "alert")}${conditions && ` with ${conditions}`}`;
}

const rules = new WeakMap<Policy, string>();
/** How the words of a rule end if its policy counts candids. */
const EACH_CANDID = "; each candid counts";

/**
 * A policy's rule in words, the same for equal rules. Remembered, as every step asks for it.
 *
 * @param policy - the policy
 * @returns its requirements in words
 */
export function describeRule(policy: Policy): string {
  const known = rules.get(policy);
  if (known !== undefined) return known;
  const requirements = policy.require.map(describeRequirement).join("; ");
  const rule = policy.countedBy === "candids" ? `${requirements}${EACH_CANDID}` : requirements;
  rules.set(policy, rule);
  return rule;
}

/**
 * Whether a rule in words is of a policy that counts candids.
 *
 * @param rule - what {@link describeRule} gave
 * @returns true if it is
 */
export function countsCandids(rule: string): boolean {
  return rule.endsWith(EACH_CANDID);
}
