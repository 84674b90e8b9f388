import { createRandom } from "@btsbot/chance";
import { expect, it } from "vitest";
import { decisionOf, getPolicy, planFollowUp, stepPolicy } from "../src/index.js";
import type { Decision, FollowUpRule, KnownRequest, PolicyAlert, PolicyState, SourceKnowledge } from "../src/index.js";
import { alert, SOURCE } from "./alerts.js";

const POLICIES = ["gt1", "bts_p1", "bts_p2"].map(getPolicy);
const RULES: FollowUpRule[] = POLICIES.map(({ name }) => ({
  policy: name,
  save: { groupIds: [1], comment: name },
  request: { instrument: "SEDM", allocationId: 7, payload: { observation_type: "IFU" }, comment: name },
}));

/**
 * Plays alerts through policies and plans, planning anew from what every policy says by now. What is
 * known lags behind: a request shows only every third alert and at the end, and until then there is
 * only the list of keys that were sent.
 */
function play(alerts: readonly PolicyAlert[]): {
  readonly keys: string[];
  readonly priority: unknown;
  readonly due: unknown;
} {
  const states = new Map<string, PolicyState>();
  const decide = (): Decision[] => POLICIES.flatMap((policy) => decisionOf(policy, states.get(policy.name)) ?? []);
  const keys: string[] = [];
  let sent: SourceKnowledge = { objectId: SOURCE, savedTo: [], spectra: 0, classifications: [], requests: [] };
  const act = (seen: SourceKnowledge, now: number): void => {
    // Twice at once, as two processes would.
    for (const action of [0, 1].flatMap(() =>
      planFollowUp(decide(), { ...seen, issued: keys }, { rules: RULES, now }),
    )) {
      if (action.kind === "none" || keys.includes(action.key)) continue;
      keys.push(action.key);
      if (action.kind === "save") sent = { ...sent, savedTo: [1] };
      if (action.kind === "request") {
        const made: KnownRequest = {
          id: 1,
          allocationId: 7,
          targetGroupIds: action.targetGroupIds,
          payload: action.payload,
          status: "submitted",
          modifiedJd: now,
        };
        sent = { ...sent, requests: [...sent.requests, made] };
      }
      if (action.kind === "raise")
        sent = { ...sent, requests: sent.requests.map((request) => ({ ...request, payload: action.payload })) };
    }
  };
  let seen = sent;
  for (const [index, each] of alerts.entries()) {
    for (const policy of POLICIES) states.set(policy.name, stepPolicy(policy, states.get(policy.name), each).state);
    if (index % 3 === 0) seen = sent;
    act(seen, each.jd);
  }
  act(sent, 2460100);
  const due = decide()
    .map(({ priority }) => priority)
    .at(-1);
  return { keys, priority: sent.requests.length === 1 ? sent.requests[0].payload.priority : sent.requests.length, due };
}

it("1,000 streams of shuffled and doubled alerts save once, ask once, and end at the most urgent priority", () => {
  const random = createRandom(6);
  const ends = new Map<unknown, number>();
  let raised = 0;
  for (let index = 0; index < 1000; index++) {
    const alerts = Array.from({ length: 1 + Math.floor(random() * 12) }, (_, n) =>
      alert(n + 1, { score: random(), magpsf: 18.3 + random() }),
    );
    const doubled = [...alerts, ...alerts.filter(() => random() < 0.4)];
    const shuffled = doubled
      .map((each) => [random(), each] as const)
      .sort(([a], [b]) => a - b)
      .map(([, each]) => each);
    const { keys, priority, due } = play(shuffled);
    const count = (part: string): number =>
      keys.filter((key) => key.includes(part) && !key.endsWith("/comment")).length;
    expect(count("/save/")).toBeLessThanOrEqual(1);
    expect(count("/request/")).toBe(due === undefined ? 0 : 1);
    expect(count("/raise/")).toBeLessThanOrEqual(1);
    expect(priority).toBe(due ?? 0);
    ends.set(due, (ends.get(due) ?? 0) + 1);
    raised += count("/raise/");
  }
  for (const due of [undefined, 1, 2]) expect(ends.get(due)).toBeGreaterThan(100);
  expect(raised).toBeGreaterThan(100);
});
