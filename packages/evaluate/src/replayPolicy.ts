import { stepPolicy } from "@btsbot/policy";
import type { Policy, PolicyAlert, PolicyState } from "@btsbot/policy";

/**
 * Shows a policy the alerts of one source until it fires. States are of one source each, so that source by
 * source it decides what it would in the order of time over all.
 *
 * @param policy - the policy
 * @param alerts - the source's alerts, by jd and candid
 * @returns when it fires, Julian date; undefined if it never does
 */
export function replayPolicy(policy: Policy, alerts: readonly PolicyAlert[]): number | undefined {
  let state: PolicyState | undefined;
  for (const alert of alerts) {
    const step = stepPolicy(policy, state, alert);
    if (step.decisions.length > 0) return step.decisions[0].jd;
    state = step.state;
  }
  return undefined;
}
