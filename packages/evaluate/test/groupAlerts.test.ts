import { getPolicy, stepPolicy } from "@btsbot/policy";
import type { Policy, PolicyAlert, PolicyState } from "@btsbot/policy";
import { nightOf } from "@btsbot/sky";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backtest } from "@btsbot/evaluate";

const POLICIES = [getPolicy("bts_p1"), getPolicy("bts_p1_code"), getPolicy("gt1")];
const FIRST = { objectId: "SN", candid: 1n, jd: 2459300.8, fid: 1, magpsf: 18.4, score: 0.2 };
const SECOND = { ...FIRST, candid: 2n, jd: 2459302.8, score: 0.9 };
const TRUTH = [{ objectId: "SN", label: 1 }] as const;

/** What `btsbot decide` does with the alerts of one source in the order in which they come. */
function decide(policy: Policy, alerts: readonly PolicyAlert[]): number | undefined {
  let state: PolicyState | undefined;
  let fired: number | undefined;
  for (const alert of alerts) {
    const step = stepPolicy(policy, state, alert);
    state = step.state;
    fired = step.decisions.at(-1)?.jd ?? fired;
  }
  return fired;
}

describe("alerts that come again with other values", () => {
  const again = { ...FIRST, score: 0.8 };

  it("count for a policy by whichever copy fulfils its rule, as in decide", () => {
    const result = backtest([POLICIES[0]], [FIRST, again, SECOND, again], TRUTH);
    expect(result.policies[0].sources.truePositives.map(({ firedJd }) => firedJd)).toEqual([SECOND.jd]);
    expect(result).toMatchObject({ alertCount: 2, copies: 1, duplicates: 1 });
    expect(backtest([POLICIES[0]], [FIRST, SECOND], TRUTH).policies[0].sources.truePositives).toEqual([]);
  });

  it("count once in the figures of alerts, with the higher score", () => {
    const { confusion } = backtest([], [again, FIRST, SECOND], TRUTH).alerts;
    expect(confusion).toMatchObject({ truePositives: 2, falseNegatives: 0 });
  });

  it("count once where candids count, too", () => {
    const result = backtest([POLICIES[1]], [again, FIRST, SECOND], TRUTH, { countedBy: "candids" });
    expect(result).toMatchObject({ alertCount: 2, copies: 1 });
    expect(result.policies[0].sources.truePositives).toHaveLength(1);
  });

  it("decide as they do in decide, in any order", () => {
    const alert = fc.record({
      objectId: fc.constant("SN"),
      candid: fc.constantFrom(1n, 2n, 3n),
      jd: fc.constantFrom(2459300.8, 2459301.8, 2459302.8),
      fid: fc.constantFrom(1, 2),
      magpsf: fc.constantFrom(18.2, 18.8),
      score: fc.constantFrom(0.1, 0.6, 0.95),
    });
    const shuffled = fc
      .array(alert, { minLength: 1, maxLength: 8 })
      .chain((alerts) => fc.tuple(fc.constant(alerts), fc.shuffledSubarray(alerts, { minLength: alerts.length })));
    fc.assert(
      fc.property(
        shuffled,
        fc.constantFrom("exposures" as const, "candids" as const),
        ([alerts, others], countedBy) => {
          const { policies } = backtest(POLICIES, alerts, TRUTH, { countedBy });
          expect(policies.map(({ requests }) => requests.nights.find(({ requests: made }) => made > 0)?.nid)).toEqual(
            POLICIES.map((policy) => decide(policy, others)).map((jd) => jd && nightOf(jd)),
          );
          expect(backtest(POLICIES, others, TRUTH, { countedBy })).toEqual(
            backtest(POLICIES, alerts, TRUTH, { countedBy }),
          );
        },
      ),
      { seed: 20, numRuns: 1000 },
    );
  });
});
