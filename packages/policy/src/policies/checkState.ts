import { BtsbotError } from "@btsbot/errors";
import { describeRule } from "./describeRequirement.js";
import type { Policy, PolicyState } from "./types.js";

/**
 * Refuses a state that another policy made.
 *
 * @param policy - the policy
 * @param state - the state
 * @throws BtsbotError `policy-state-mismatch` if the state is of another policy or of another rule of this name
 */
export function checkState(policy: Policy, state: PolicyState): void {
  const rule = describeRule(policy);
  if (state.policy === policy.name && state.rule === rule && state.matches.length === policy.require.length) return;
  throw new BtsbotError(
    "policy-state-mismatch",
    "the state was made by another policy, or by another rule of the same name",
    {
      path: state.objectId,
      expected: `${policy.name}: ${rule}`,
      got: `${state.policy}: ${state.rule}`,
      hint: "Start anew without a state, from all alerts of the source.",
    },
  );
}
