import type { Decision, DecisionAlert } from "../types.js";
import { compareMatches } from "./addMatch.js";
import { checkState } from "./checkState.js";
import { explainPolicy } from "./explainPolicy.js";
import type { Policy, PolicyMatch, PolicyState } from "./types.js";

/**
 * What a policy says of a source so far: a function of the state alone, so that runs that saw the same
 * alerts, in any order and in any number of parts, say the same.
 *
 * @param policy - the policy
 * @param state - the source's state, or undefined before its first alert
 * @returns the decision, dated by the first alert at which all requirements hold; undefined while they do not
 * @throws BtsbotError `policy-state-mismatch` if the state is of another policy or of another rule of this name
 *
 * @example
 * ```ts
 * import { decisionOf, getPolicy, stepPolicy } from "@btsbot/policy";
 *
 * const policy = getPolicy("gt1");
 * const { state } = stepPolicy(policy, undefined, { objectId: "a", candid: 7n, jd: 2460220.9, magpsf: 18.3, score: 0.9 });
 * decisionOf(policy, JSON.parse(JSON.stringify(state)))?.candid; // => 7n
 * ```
 */
export function decisionOf(policy: Policy, state: PolicyState | undefined): Decision | undefined {
  if (state === undefined) return undefined;
  checkState(policy, state);
  const last = completingMatch(policy, state);
  if (last === undefined) return undefined;
  return {
    policy: policy.name,
    objectId: state.objectId,
    action: policy.action,
    ...(policy.priority !== undefined && { priority: policy.priority }),
    candid: BigInt(last.candid),
    jd: last.jd,
    reasons: explainPolicy(policy, state),
    alerts: supportingAlerts(policy, state),
  };
}

/**
 * The alert at which the last requirement came to hold.
 *
 * @param policy - the policy
 * @param state - the source's state
 * @returns the latest of the alerts that filled each requirement, or undefined while one is not filled
 */
export function completingMatch(policy: Policy, state: PolicyState | undefined): PolicyMatch | undefined {
  if (state === undefined) return undefined;
  let last: PolicyMatch | undefined;
  for (const [index, { count }] of policy.require.entries()) {
    const filling = state.matches[index][count - 1];
    if (filling === undefined) return undefined;
    if (last === undefined || compareMatches(filling, last, policy.countedBy) > 0) last = filling;
  }
  return last;
}

function supportingAlerts(policy: Policy, state: PolicyState): DecisionAlert[] {
  const sorted = state.matches.flat().sort((a, b) => compareMatches(a, b, policy.countedBy));
  // Requirements may share an alert.
  const seen = new Set<string>();
  const distinct = sorted.filter(({ candid, jd }) => {
    // Rounded ids may be the same on several nights.
    const key = `${candid} ${jd}`;
    return !seen.has(key) && seen.add(key);
  });
  return distinct.map(({ candid, jd, magpsf, score }) => ({
    candid: BigInt(candid),
    jd,
    magpsf,
    ...(score !== undefined && { score }),
  }));
}
