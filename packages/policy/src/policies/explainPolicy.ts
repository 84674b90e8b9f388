import { checkState } from "./checkState.js";
import { describeRequirement } from "./describeRequirement.js";
import { fulfils } from "./matchesRequirement.js";
import type { Policy, PolicyMatch, PolicyState, Requirement } from "./types.js";

/**
 * Tells how far a source has come with a policy, a line for each requirement: how many alerts count so
 * far, what for, and which they are. They are also the reasons of a decision.
 *
 * @param policy - the policy
 * @param state - the source's state, or undefined before its first alert
 * @returns lines for people; numbers are rounded unless that would make a condition read false
 * @throws BtsbotError `policy-state-mismatch` if the state is of another policy or of another rule of this name
 *
 * @example
 * ```ts
 * import { explainPolicy, getPolicy, stepPolicy } from "@btsbot/policy";
 *
 * const policy = getPolicy("bts_p1");
 * const { state } = stepPolicy(policy, undefined, { objectId: "a", candid: 7n, jd: 2460220.941, magpsf: 18.27, score: 0.985 });
 * explainPolicy(policy, state); // => ["1 of 2 alerts with score >= 0.5 and magpsf <= 19: 7 (JD 2460220.9410, magpsf 18.27, score 0.985)"]
 * ```
 */
export function explainPolicy(policy: Policy, state: PolicyState | undefined): string[] {
  if (state !== undefined) checkState(policy, state);
  return policy.require.map((requirement, index) => {
    const matches = state?.matches[index] ?? [];
    const named = matches.map((match) => nameMatch(match, requirement)).join(", ");
    return `${matches.length} of ${describeRequirement(requirement)}${named && `: ${named}`}`;
  });
}

/** "magpsf 19.00" for "magpsf < 19" would read false: then all digits are shown. */
function nameMatch(match: PolicyMatch, { where }: Requirement): string {
  const show = (field: "jd" | "magpsf" | "score", value: number, digits: number): string => {
    const rounded = value.toFixed(digits);
    return where.every((condition) => condition.field !== field || fulfils(Number(rounded), condition))
      ? rounded
      : String(value);
  };
  const { candid, jd, magpsf, score } = match;
  const parts = [
    `JD ${show("jd", jd, 4)}`,
    `magpsf ${show("magpsf", magpsf, 2)}`,
    ...(score === undefined ? [] : [`score ${show("score", score, 3)}`]),
  ];
  return `${candid} (${parts.join(", ")})`;
}
