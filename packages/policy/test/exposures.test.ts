import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  atLeast,
  decisionOf,
  getPolicy,
  groupExposures,
  makePolicy,
  onePerExposure,
  parsePolicy,
  parsePolicyState,
  POLICIES,
  stepPolicy,
} from "../src/index.js";
import type { Policy, PolicyAlert, PolicyState } from "../src/index.js";
import { alert, run } from "./alerts.js";

const EXACT = 1127495406315015005n;
/** As JavaScript and Python write the double nearest to it. */
const ROUNDED = 1127495406315015000n;

/** The first exposure, at a date that no short number of decimals has, and how far apart they are at least, days. */
const [FIRST, SPACING] = [2460000.5 + 0.123456789, 38 / 86_400];
const placeOf = (jd: number): number => Math.round((jd - FIRST) / SPACING);

/** What systems make of a Julian date: nothing, or a modified one of so many decimals and back. */
const SYSTEMS: readonly ((jd: number) => number)[] = [
  (jd) => jd,
  (jd) => jd,
  ...[5, 6, 8].map((decimals) => (jd: number) => Number((jd - 2400000.5).toFixed(decimals)) + 2400000.5),
  (jd) => Number(jd.toFixed(7)),
];

/** Alerts of one source, of few times, filters and ids, so that they meet: real ones, negative, rounded. */
const ALERT: fc.Arbitrary<PolicyAlert> = fc
  .record(
    {
      candid: fc.constantFrom(EXACT, ROUNDED, EXACT + 1n, -7n, 3n, 1549470000000000000n),
      // Exposures at least 38 s apart.
      jd: fc
        .tuple(fc.integer({ min: 0, max: 4 }), fc.constantFrom(...SYSTEMS))
        .map(([place, system]) => system(FIRST + place * SPACING)),
      fid: fc.constantFrom(1, 2),
      magpsf: fc.constantFrom(18, 18.4, 18.9, 19, 19.2),
      score: fc.constantFrom(0.1, 0.5, 0.6, 0.9),
    },
    { requiredKeys: ["candid", "jd", "magpsf", "fid"] },
  )
  .map((parts) => alert(0, parts));
const SHUFFLED = fc
  .array(ALERT, { maxLength: 14 })
  .chain((alerts) =>
    fc.tuple(fc.constant(alerts), fc.shuffledSubarray([...alerts, ...alerts], { minLength: 2 * alerts.length })),
  );
const POLICY: fc.Arbitrary<Policy> = fc
  .constantFrom(...POLICIES, makePolicy("mine", { action: "save" }, atLeast(3), atLeast(2, "magpsf < 19")))
  .chain((policy) => fc.constantFrom<Policy>(policy, { ...policy, countedBy: "exposures" }));

function after(policy: Policy, alerts: readonly PolicyAlert[]): PolicyState | undefined {
  return run(policy, alerts).state;
}

describe("properties", () => {
  it("the state does not depend on the order of alerts, nor on how often they come", () => {
    fc.assert(
      fc.property(POLICY, SHUFFLED, (policy, [alerts, shuffled]) => {
        // Of candids that come with several dates the code's own tables know nothing.
        fc.pre(policy.countedBy !== "candids" || new Set(alerts.map(({ candid }) => candid)).size === alerts.length);
        expect(after(policy, shuffled)).toEqual(after(policy, alerts));
        expect(decisionOf(policy, after(policy, shuffled))).toEqual(decisionOf(policy, after(policy, alerts)));
      }),
      { numRuns: 2000 },
    );
  });

  it("a decision rests on as many exposures as are asked for, and more alerts never take it back", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.array(ALERT, { maxLength: 14 }), (count, alerts) => {
        const policy = getPolicy(`gt${count}`);
        const good = alerts.filter(({ score = 0 }) => score >= 0.5);
        const exposures = new Set(good.map(({ jd, fid }) => `${placeOf(jd)} ${fid}`)).size;
        let fired = false;
        let state: PolicyState | undefined;
        for (const each of alerts) {
          state = stepPolicy(policy, state, each).state;
          const fires = decisionOf(policy, state) !== undefined;
          expect(fires || !fired).toBe(true);
          fired = fires;
        }
        expect(fired).toBe(exposures >= count);
      }),
      { numRuns: 1000 },
    );
  });

  it("what is written of a state can be read, negative ids included", () => {
    fc.assert(
      fc.property(POLICY, fc.array(ALERT, { minLength: 1, maxLength: 14 }), (policy, alerts) => {
        const state = after(policy, alerts);
        expect(parsePolicyState(JSON.parse(JSON.stringify(state)))).toEqual(state);
      }),
      { numRuns: 1000 },
    );
  });

  it("exposures, their copies and their order do not depend on the order of alerts", () => {
    fc.assert(
      fc.property(SHUFFLED, ([alerts, shuffled]) => {
        const [once, again] = [onePerExposure(alerts), onePerExposure(shuffled)];
        expect(again).toEqual(once);
        expect(groupExposures(shuffled).flat()).toHaveLength(2 * alerts.length);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("one exposure is one alert", () => {
  const at = { jd: 2460001.5, fid: 1 };

  it.each([
    ["a rounded id and the exact one", [EXACT, ROUNDED]],
    ["several candidates found in one exposure", [EXACT, EXACT + 1n, EXACT + 2n]],
  ])("%s", (_, ids) => {
    const copies = ids.map((candid) => alert(0, { ...at, candid }));
    for (const order of [copies, copies.toReversed()]) {
      expect(run(getPolicy("bts_p1"), order).final).toBeUndefined();
      const { final, said } = run(getPolicy("bts_p1"), [...order, alert(5)]);
      expect(final?.alerts.map(({ candid }) => candid)).toEqual([EXACT, 5n]);
      expect(said).toHaveLength(1);
    }
    expect(run(getPolicy("bts_p1_code"), copies).final).toBeDefined();
    expect(run({ ...getPolicy("bts_p1"), countedBy: "candids" }, copies).final).toBeDefined();
  });

  it("though a system has moved its date", () => {
    for (const system of SYSTEMS) {
      const moved = { ...alert(0, { score: 0.9 }), candid: 5n, jd: FIRST };
      const alerts = [moved, { ...moved, candid: 4n, jd: system(FIRST) }];
      expect(onePerExposure(alerts)).toHaveLength(1);
      expect(after(getPolicy("gt2"), alerts)?.matches.flat()).toHaveLength(1);
      expect(onePerExposure([moved, { ...moved, jd: FIRST + SPACING }])).toHaveLength(2);
    }
  });

  it("whichever filter is not known", () => {
    const { fid: _, ...unknown } = alert(0, { ...at, candid: 1n });
    const copies = [unknown, alert(0, { ...at, candid: 2n }), alert(0, { ...at, candid: 3n, fid: 2 })];
    expect(run(getPolicy("gt2"), copies.slice(0, 2)).final).toBeUndefined();
    for (const order of [copies, copies.toReversed()]) {
      expect(run(getPolicy("gt2"), order).final?.alerts.map(({ candid }) => candid)).toEqual([2n, 3n]);
      expect(run(getPolicy("gt3"), order).final).toBeUndefined();
    }
  });

  it("and two of one rounded id are two", () => {
    const id = { candid: 1549470000000000000n };
    expect(run(getPolicy("gt2"), [alert(1, id), alert(2, id)]).final?.alerts).toHaveLength(2);
  });

  it("and another copy of the moment says nothing again", () => {
    const { said, final } = run(getPolicy("gt1"), [
      alert(0, { ...at, candid: ROUNDED }),
      alert(0, { ...at, candid: EXACT }),
    ]);
    expect([said.map(({ candid }) => candid), final?.candid]).toEqual([[ROUNDED], EXACT]);
  });

  it("if any copy fulfils the requirement", () => {
    const copies = [alert(0, { ...at, candid: 1n, score: 0.1 }), alert(0, { ...at, candid: 2n, score: 0.9 })];
    expect(run(getPolicy("gt1"), copies).final?.candid).toBe(2n);
  });
});

it("a policy says in JSON how it counts, and its states are told apart", () => {
  const policy = makePolicy("mine", { action: "save", countedBy: "candids" }, atLeast(2));
  expect(parsePolicy(JSON.parse(JSON.stringify(policy)))).toEqual(policy);
  const { state } = run(policy, [alert(1)]);
  expect(() => stepPolicy({ ...policy, countedBy: "exposures" }, state, alert(2))).toThrow("made by another policy");
});

it("policies that follow a published code count candids, those of the papers exposures", () => {
  const byCode = POLICIES.filter(({ countedBy }) => countedBy === "candids").map(({ name }) => name);
  expect(byCode).toEqual([
    "gt1_code",
    "gt2_code",
    "gt3_code",
    "bts_p1_code",
    "bts_p2_code",
    "prod_p1",
    "prod_p2",
    "gt1b19",
    "gt3b19",
    "nearby",
  ]);
});
