import { createDecider } from "@btsbot/decide";
import type { SourceState } from "@btsbot/decide";
import type { Policy, PolicyAlert } from "@btsbot/policy";

/**
 * Makes the replay of a policy: the decider of a night, shown the alerts of one source until it decides. States are of
 * one source each, so that source by source it decides what it would in the order of time over all.
 *
 * @param policy - the policy
 * @returns when it fires at a source, Julian date, from the source's alerts by jd and candid; undefined if it never does
 */
export function replayPolicy(policy: Policy): (alerts: readonly PolicyAlert[]) => number | undefined {
  const decider = createDecider({ policies: [policy] });
  return (alerts) => {
    let state: SourceState | undefined;
    for (const alert of alerts) {
      const next = decider.count(state, alert);
      if (next === state) continue;
      const [decision] = decider.decide(state, next);
      if (decision !== undefined) return decision.jd;
      state = next;
    }
    return undefined;
  };
}
