import { decisionOf, stepPolicy } from "../src/index.js";
import type { Decision, Policy, PolicyAlert, PolicyState } from "../src/index.js";

export const SOURCE = "ZTF18aaaaaaa";

/** An alert of the source of these tests, number `n` of a night each. */
export function alert(n: number, values: Partial<PolicyAlert> = {}): PolicyAlert {
  return { objectId: SOURCE, candid: BigInt(n), jd: 2460000.5 + n, magpsf: 18, score: 0.9, ...values };
}

/** What came of a run. */
export interface Run {
  readonly state: PolicyState | undefined;
  /** What the steps said, in order. */
  readonly said: readonly Decision[];
  /** What holds at the end. */
  readonly final: Decision | undefined;
}

/** Shows alerts to a policy one after the other, from a state or from the beginning. */
export function run(policy: Policy, alerts: readonly PolicyAlert[], start?: PolicyState): Run {
  let state = start;
  const said: Decision[] = [];
  for (const each of alerts) {
    const step = stepPolicy(policy, state, each);
    state = step.state;
    said.push(...step.decisions);
  }
  return { state, said, final: decisionOf(policy, state) };
}
