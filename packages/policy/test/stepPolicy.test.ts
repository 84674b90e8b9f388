import { createRandom, shuffle } from "@btsbot/chance";
import { describe, expect, it } from "vitest";
import {
  atLeast,
  decisionOf,
  explainPolicy,
  getPolicy,
  makePolicy,
  parsePolicyState,
  POLICIES,
  stepPolicy,
} from "../src/index.js";
import type { Policy, PolicyAlert, PolicyState } from "../src/index.js";
import { alert, run, SOURCE } from "./alerts.js";

const P1 = getPolicy("bts_p1");
const P2 = getPolicy("bts_p2");

describe("a policy that fires", () => {
  it("says so once, at the alert that completes it, with its alerts and reasons", () => {
    const { said } = run(P1, [alert(1), alert(2, { score: 0.2 }), alert(3, { magpsf: 18.96 }), alert(4)]);
    expect(said).toEqual([
      {
        policy: "bts_p1",
        objectId: SOURCE,
        action: "trigger",
        priority: 1,
        candid: 3n,
        jd: 2460003.5,
        reasons: [
          "2 of 2 alerts with score >= 0.5 and magpsf <= 19: 1 (JD 2460001.5000, magpsf 18.00, score 0.900), 3 (JD 2460003.5000, magpsf 18.96, score 0.900)",
        ],
        alerts: [
          { candid: 1n, jd: 2460001.5, magpsf: 18, score: 0.9 },
          { candid: 3n, jd: 2460003.5, magpsf: 18.96, score: 0.9 },
        ],
      },
    ]);
  });

  it("waits for all requirements, and one alert may serve several", () => {
    const faint = { magpsf: 18.9 };
    expect(run(P2, [alert(1, faint), alert(2, faint)]).said).toEqual([]);
    const [decision] = run(P2, [alert(1, faint), alert(2, faint), alert(3, { magpsf: 18.5, score: 0.1 })]).said;
    expect(decision).toMatchObject({ candid: 3n, priority: 2 });
    expect(decision.alerts.map(({ candid }) => candid)).toEqual([1n, 2n, 3n]);
    expect(run(P2, [alert(1), alert(2)]).final?.alerts).toHaveLength(2);
  });

  it("does not change the state that it is given, nor make a new one where nothing changes", () => {
    const state = freeze(run(P1, [alert(1)]).state!);
    expect(stepPolicy(P1, state, alert(1)).state).toBe(state);
    expect(stepPolicy(P1, state, alert(2, { score: 0 })).state).toBe(state);
    expect(stepPolicy(P1, state, alert(2)).state).not.toBe(state);
    expect(state.matches[0]).toHaveLength(1);
  });

  it("remembers as many alerts as it asks for, however many it sees", () => {
    const { state } = run(
      P2,
      Array.from({ length: 500 }, (_, n) => alert(n + 1)),
    );
    expect(state!.matches.map(({ length }) => length)).toEqual([2, 1]);
  });
});

describe("alerts out of order", () => {
  it("revise the moment without a second action", () => {
    const { said, final } = run(P1, [alert(8), alert(9), alert(3), alert(2)]);
    expect(said.map(({ candid, revised }) => [candid, revised])).toEqual([
      [9n, undefined],
      [8n, true],
      [3n, true],
    ]);
    expect(final).toMatchObject({ candid: 3n, jd: 2460003.5 });
    expect(final).not.toHaveProperty("revised");
  });

  it("revise it where the same alert comes with an earlier date", () => {
    const { said } = run(getPolicy("gt1"), [alert(2), alert(2, { jd: 2460001 })]);
    expect(said.map(({ candid, jd, revised }) => [candid, jd, revised])).toEqual([
      [2n, 2460002.5, undefined],
      [2n, 2460001, true],
    ]);
  });

  it("change the alerts behind a decision in silence where its moment stays", () => {
    const { said, final } = run(getPolicy("gt1"), [alert(2), alert(5)]);
    expect([said.length, final?.candid]).toEqual([1, 2n]);
    // The bright alert comes to stand earlier, and the moment is that of the second score.
    const bright = run(P2, [alert(3, { magpsf: 18.9 }), alert(4, { magpsf: 18.4 }), alert(1, { score: 0.1 })]);
    expect(bright.said).toHaveLength(1);
    expect(bright.final?.alerts.map(({ candid }) => candid)).toEqual([1n, 3n, 4n]);
  });

  it("are ordered by candid where their dates are equal and candids count", () => {
    const together = [9n, 10n, 100n].map((candid) => alert(1, { candid }));
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
    ]) {
      expect(
        run(
          getPolicy("gt2_code"),
          order.map((index) => together[index]),
        ).final?.candid,
      ).toBe(10n);
    }
  });
});

describe("an alert that comes again", () => {
  it("counts once, whether it was kept or not", () => {
    expect(run(P1, [alert(1), alert(1), alert(1)]).said).toEqual([]);
    expect(
      run(
        P1,
        [1, 2, 3, 3, 1, 2, 3].map((n) => alert(n)),
      ).said,
    ).toHaveLength(1);
  });

  it("with another score counts if either version does", () => {
    const low = alert(1, { score: 0.1 });
    expect(run(getPolicy("gt1"), [low, alert(1)]).final).toEqual(run(getPolicy("gt1"), [alert(1), low]).final);
    expect(run(getPolicy("gt1"), [low, alert(1)]).final?.alerts[0].score).toBe(0.9);
    expect(run(getPolicy("gt2"), [alert(1), alert(1, { score: 0.8 })]).final).toBeUndefined();
  });

  it.each([[[0, 1, 2]], [[0, 2, 1]], [[1, 0, 2]], [[1, 2, 0]], [[2, 0, 1]], [[2, 1, 0]]])(
    "with other values leaves the same of its versions in order %j",
    (order) => {
      const versions = [alert(1, { score: 0.7 }), alert(1, { score: 0.8 }), alert(1, { score: 0.99, jd: 2460009 })];
      expect(
        run(
          getPolicy("gt1"),
          order.map((index) => versions[index]),
        ).final?.alerts,
      ).toEqual([{ candid: 1n, jd: 2460001.5, magpsf: 18, score: 0.8 }]);
    },
  );
});

describe("an alert without a number", () => {
  it.each([undefined, NaN, Infinity])(
    "of score %s fulfils no condition on the score, but may fulfil others",
    (score) => {
      const values = score === undefined ? {} : { score };
      const unscored: PolicyAlert = { objectId: SOURCE, candid: 9n, jd: 2460009.5, magpsf: 18.2, ...values };
      expect(run(getPolicy("gt1"), [unscored]).final).toBeUndefined();
      const { state, final } = run(P2, [alert(1, { magpsf: 18.9 }), alert(2, { magpsf: 18.9 }), unscored]);
      expect(final?.candid).toBe(9n);
      expect(final?.alerts[2]).toEqual({ candid: 9n, jd: 2460009.5, magpsf: 18.2 });
      expect(final?.reasons[1]).toBe("1 of 1 alert with magpsf <= 18.5: 9 (JD 2460009.5000, magpsf 18.20)");
      expect(parsePolicyState(JSON.parse(JSON.stringify(state)))).toEqual(state);
    },
  );

  it.each([{ jd: NaN }, { jd: Infinity }, { magpsf: NaN }, { magpsf: -Infinity }])(
    "%o counts for nothing",
    (values) => {
      expect(run(makePolicy("any", { action: "save" }, atLeast(1)), [alert(1, values)]).final).toBeUndefined();
    },
  );
});

describe("conditions", () => {
  const fires = (condition: string, fields: PolicyAlert["fields"]): boolean =>
    run(makePolicy("mine", { action: "save" }, atLeast(1, condition)), [alert(1, { ...(fields && { fields }) })])
      .final !== undefined;

  it.each([
    ["sgscore1 >= 0", { sgscore1: 0 }, true],
    ["sgscore1 >= 0", { sgscore1: -999 }, false],
    ["sgscore1 > 0", { sgscore1: 0 }, false],
    ["sgscore1 < 0.5", { sgscore1: 0.5 }, false],
    ["sgscore1 <= 0.5", { sgscore1: 0.5 }, true],
    ["sgscore1 <= 0.5", { sgscore1: NaN }, false],
    ["sgscore1 <= 0.5", { sgscore1: "0.1" }, false],
    ["sgscore1 <= 0.5", {}, false],
    ["sgscore1 <= 0.5", undefined, false],
    ['programpi == "Prince"', { programpi: "Prince" }, true],
    ['programpi != "Prince"', { programpi: "Prince" }, false],
    ['programpi != "Prince"', {}, true],
    ["isdiffpos == true", { isdiffpos: true }, true],
    // The alert's own value stands, whatever its fields say.
    ["score >= 0.95", { score: 1 }, false],
  ])("%s of %j: %s", (condition, fields, expected) => {
    expect(fires(condition, fields)).toBe(expected);
  });
});

it("rounds no number of a reason so that it reads false", () => {
  const policy = makePolicy(
    "mine",
    { action: "save" },
    atLeast(1, "score > 0.85", "magpsf < 19", "jd > 2460001.25"),
    atLeast(1, "magpsf < 20"),
  );
  const { final } = run(policy, [alert(1, { jd: 2460001.250001, magpsf: 18.999, score: 0.8501 })]);
  expect(final?.reasons).toEqual([
    "1 of 1 alert with score > 0.85 and magpsf < 19 and jd > 2460001.25: 1 (JD 2460001.250001, magpsf 18.999, score 0.8501)",
    "1 of 1 alert with magpsf < 20: 1 (JD 2460001.2500, magpsf 19.00, score 0.850)",
  ]);
});

describe("what does not belong together is refused", () => {
  const { state } = run(P1, [alert(1)]);

  it("an alert of another source", () => {
    expect(() => stepPolicy(P1, state, alert(2, { objectId: "ZTF18bbbbbbb" }))).toThrow(
      expect.objectContaining({ code: "policy-source-mismatch", expected: SOURCE, got: "ZTF18bbbbbbb" }),
    );
  });

  it("a state of another policy, or of another rule of its name", () => {
    expect(() => stepPolicy(P2, state, alert(2))).toThrow(expect.objectContaining({ code: "policy-state-mismatch" }));
    const changed = makePolicy("bts_p1", { action: "trigger" }, atLeast(2, "score >= 0.6", "magpsf <= 19"));
    expect(() => stepPolicy(changed, state, alert(2))).toThrow(
      expect.objectContaining({ code: "policy-state-mismatch" }),
    );
    expect(() => stepPolicy(P1, { ...state!, matches: [] }, alert(2))).toThrow(
      expect.objectContaining({ code: "policy-state-mismatch" }),
    );
    for (const policy of [P2, changed]) {
      expect(() => decisionOf(policy, state)).toThrow(expect.objectContaining({ code: "policy-state-mismatch" }));
      expect(() => explainPolicy(policy, state)).toThrow(expect.objectContaining({ code: "policy-state-mismatch" }));
    }
  });
});

describe("1,000 random cases", () => {
  const policies = [
    ...POLICIES,
    getPolicy("gt7"),
    makePolicy(
      "mine",
      { action: "save" },
      atLeast(3, "score > 0.3"),
      atLeast(2, "fid == 1", "magpsf < 18.7"),
      atLeast(4),
    ),
  ];

  it("cut anywhere and resumed from JSON decide as uncut", () => {
    const random = createRandom(4);
    for (let index = 0; index < 1000; index++) {
      const policy = policies[index % policies.length];
      const alerts = randomAlerts(random);
      const cut = Math.floor(random() * (alerts.length + 1));
      const first = run(policy, alerts.slice(0, cut));
      const state = first.state && parsePolicyState(JSON.parse(JSON.stringify(first.state)));
      const second = run(policy, alerts.slice(cut), state);
      const uncut = run(policy, alerts);
      expect([...first.said, ...second.said]).toEqual(uncut.said);
      expect(second.final).toEqual(uncut.final);
    }
  });

  it("shuffled and doubled decide the same in the end, and act once", () => {
    const random = createRandom(5);
    let fired = 0;
    let revised = 0;
    for (let index = 0; index < 1000; index++) {
      const policy = policies[index % policies.length];
      const alerts = randomAlerts(random);
      const { final } = run(
        policy,
        [...alerts].sort((a, b) => a.jd - b.jd),
      );
      const {
        said,
        final: shuffled,
        state,
      } = run(policy, shuffle([...alerts, ...alerts.filter(() => random() < 0.5)], random));
      expect(shuffled).toEqual(final);
      expect(said.filter((decision) => !decision.revised)).toHaveLength(final === undefined ? 0 : 1);
      // The last word of the steps has the moment that holds in the end.
      expect(said.at(-1)?.jd).toBe(final?.jd);
      if (policy.countedBy === "candids") expect(said.at(-1)?.candid).toBe(final?.candid);
      expect(decisionOf(policy, state)).toEqual(bruteForce(policy, alerts));
      fired += said.length > 0 ? 1 : 0;
      revised += said.some((decision) => decision.revised) ? 1 : 0;
    }
    // The cases are worth something only if they differ.
    expect([fired > 200, fired < 900, revised > 100]).toEqual([true, true, true]);
  });
});

/** Up to 25 alerts over a few nights, some at equal dates, some scored twice, some without score. */
function randomAlerts(random: () => number): PolicyAlert[] {
  const alerts = Array.from({ length: Math.floor(random() * 20) }, (_, n): PolicyAlert => {
    const { score: _score, ...base } = alert(n + 1, {
      jd: 2460000.5 + Math.floor(random() * 15) / 2,
      magpsf: 18 + 1.5 * random(),
      fid: 1 + Math.floor(random() * 2),
      fields: { sgscore1: random() < 0.2 ? -999 : 0.3, sgscore2: 0.5 },
    });
    return random() < 0.1 ? base : { ...base, score: random() ** 2 };
  });
  return [...alerts, ...alerts.filter(() => random() < 0.2).map((each) => ({ ...each, score: random() }))];
}

/** The rule as it is stated, with no state: the first date at which the alerts so far fulfil everything. */
function bruteForce(policy: Policy, alerts: readonly PolicyAlert[]): unknown {
  const byCode = policy.countedBy === "candids";
  const keyOf = ({ candid, jd, fid }: PolicyAlert): string => (byCode ? String(candid) : `${jd} ${fid}`);
  const sorted = [...alerts].sort(
    (a, b) => a.jd - b.jd || (byCode ? 0 : (a.fid ?? 0) - (b.fid ?? 0)) || Number(a.candid - b.candid),
  );
  for (const last of sorted) {
    const soFar = sorted.slice(0, sorted.findLastIndex((each) => keyOf(each) === keyOf(last)) + 1);
    const holds = policy.require.every(({ count, where }) => {
      const matching = soFar.filter((each) => where.every((condition) => single(condition, each)));
      return new Set(matching.map(keyOf)).size >= count;
    });
    // Of several copies the one that is named is the least of those that fulfil the requirement.
    if (holds) return expect.objectContaining({ jd: last.jd, ...(byCode && { candid: last.candid }) });
  }
  return undefined;
}

function single({ field, is, value }: Policy["require"][number]["where"][number], each: PolicyAlert): boolean {
  const found = { ...each.fields, ...each }[field] as number | undefined;
  if (is === "!=") return found !== value;
  if (is === "==") return found === value;
  if (found === undefined) return false;
  return {
    ">=": found >= Number(value),
    ">": found > Number(value),
    "<=": found <= Number(value),
    "<": found < Number(value),
  }[is];
}

function freeze(state: PolicyState): PolicyState {
  for (const matches of [...state.matches, state.matches]) Object.freeze(matches);
  return Object.freeze(state);
}

it.each([
  ["candid", undefined, "a bigint", "undefined (undefined)"],
  ["candid", 1127495406315015000, "a bigint", "1127495406315015000 (number)"],
  ["candid", "1127495406315015005", "a bigint", "1127495406315015005 (string)"],
  ["objectId", undefined, "a text", "undefined (undefined)"],
])("refuses an alert whose %s is %j", (path, value, expected, got) => {
  const step = () => stepPolicy(P1, undefined, { ...alert(1), [path]: value });
  expect(step).toThrow(expect.objectContaining({ code: "alert-invalid", path, expected, got }));
});
