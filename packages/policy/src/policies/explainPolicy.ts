import { describeRequirement } from "./describeRequirement.js";
import type { Policy, PolicyMatch, PolicyState } from "./types.js";

/**
 * Tells how far a source has come with a policy, a line for each requirement: how many alerts count so
 * far, what for, and which they are. They are also the reasons of a decision.
 *
 * @param policy - the policy
 * @param state - the source's state, or undefined before its first alert
 * @returns lines for people
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
  return policy.require.map((requirement, index) => {
    const matches = state?.matches[index] ?? [];
    const named = matches.map(nameMatch).join(", ");
    return `${matches.length} of ${describeRequirement(requirement)}${named && `: ${named}`}`;
  });
}

function nameMatch({ candid, jd, magpsf, score }: PolicyMatch): string {
  return `${candid} (JD ${jd.toFixed(4)}, magpsf ${magpsf.toFixed(2)}${score === undefined ? "" : `, score ${score.toFixed(3)}`})`;
}
