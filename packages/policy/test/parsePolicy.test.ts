import { describe, expect, it } from "vitest";
import {
  atLeast,
  explainPolicy,
  getPolicy,
  makePolicy,
  parsePolicy,
  parsePolicyState,
  safeParsePolicy,
  safeParsePolicyState,
} from "../src/index.js";
import { alert, run } from "./alerts.js";

const GOOD = {
  name: "mine",
  action: "save",
  require: [{ count: 2, where: ["score >= 0.5", { field: "fid", is: "==", value: 1 }] }],
};

describe("parsePolicy", () => {
  it("takes conditions as texts and as objects", () => {
    const policy = parsePolicy(GOOD);
    expect(policy.require[0].where).toEqual([
      { field: "score", is: ">=", value: 0.5 },
      { field: "fid", is: "==", value: 1 },
    ]);
    expect(parsePolicy(JSON.parse(JSON.stringify(policy)))).toEqual(policy);
    expect(policy).toEqual(makePolicy("mine", { action: "save" }, atLeast(2, "score >= 0.5", "fid == 1")));
  });

  it.each([
    [{ ...GOOD, name: "" }, "name"],
    [{ ...GOOD, action: "sav" }, "action"],
    [{ ...GOOD, priority: 6 }, "priority"],
    [{ ...GOOD, priority: undefined }, "priority"],
    [{ ...GOOD, require: [] }, "require"],
    [{ ...GOOD, require: [{ count: 0, where: [] }] }, "require[0].count"],
    [{ ...GOOD, require: [{ count: 1.5, where: [] }] }, "require[0].count"],
    [{ ...GOOD, require: [{ count: 1, where: ["score ~ 0.5"] }] }, "require[0].where[0]"],
    [{ ...GOOD, require: [{ count: 1, where: ["score >= high"] }] }, "require[0].where[0]"],
    [{ ...GOOD, require: [{ count: 1, where: ["score >= [1]"] }] }, "require[0].where[0]"],
    [{ ...GOOD, require: [{ count: 1, where: ['score >= "0.5"'] }] }, "require[0].where[0]"],
    [
      { ...GOOD, require: [{ count: 1, where: [{ field: "score", is: ">=", value: null }] }] },
      "require[0].where[0].value",
    ],
    [{ ...GOOD, require: [{ count: 1, were: [] }] }, "require[0].where"],
  ])("refuses %j at %s", (data, path) => {
    const result = safeParsePolicy(data);
    expect(result.success ? undefined : [result.error.code, result.error.path]).toEqual(["policy-invalid", path]);
  });

  it("refuses fields that no policy has, and what is no object", () => {
    expect(() => parsePolicy({ ...GOOD, priorty: 2 })).toThrow(/priorty/);
    expect(() => parsePolicy("gt1")).toThrow(expect.objectContaining({ code: "policy-invalid", path: undefined }));
  });

  it.each([
    [{ ...GOOD, priority: 6 }, "priority: the policy is not valid: too large (expected at most 5, got 6)"],
    [{ ...GOOD, require: [] }, "require: the policy is not valid: too small (expected at least 1 entry, got [])"],
    [
      { ...GOOD, action: "sav" },
      'action: the policy is not valid: not an allowed value (expected one of save, trigger, got "sav")',
    ],
    [{ ...GOOD, name: undefined }, "name: the policy is not valid: it is missing (expected a text, got nothing)"],
    [{ ...GOOD, name: 3 }, "name: the policy is not valid: it has the wrong type (expected a text, got 3)"],
    [{ ...GOOD, priorty: 2 }, 'priorty: the policy is not valid: unknown field "priorty" (got 2)'],
  ])("says of %j: %s", (data, message) => {
    const result = safeParsePolicy(data);
    expect(result.success ? "" : result.error.message).toBe(message);
  });

  it("names everything that is wrong at once", () => {
    const result = safeParsePolicy({ name: "", action: "", require: [] });
    expect(result.success ? [] : result.error.problems.map(({ path }) => path)).toEqual(["name", "action", "require"]);
  });

  it("names the text that is not a condition", () => {
    expect(() => atLeast(1, "score => 0.5")).toThrow(/"score => 0.5" is not a condition/);
    expect(() => atLeast(0)).toThrow(expect.objectContaining({ code: "policy-invalid", path: "count" }));
  });
});

describe("parsePolicyState", () => {
  const { state } = run(getPolicy("bts_p2"), [alert(1), alert(2), alert(3)]);

  it("reads back what JSON kept", () => {
    expect(parsePolicyState(JSON.parse(JSON.stringify(state)))).toEqual(state);
  });

  it("of a version that counted ids has each exposure once", () => {
    const copies = ["7", "8"].map((candid) => ({ candid, jd: 2460220.9, magpsf: 18.3, score: 0.9 }));
    const old = (policy: string): unknown => ({ ...run(getPolicy(policy), [alert(1)]).state, matches: [copies] });
    expect(parsePolicyState(old("gt3")).matches).toEqual([copies.slice(0, 1)]);
    expect(parsePolicyState(old("gt3_code")).matches).toEqual([copies]);
  });

  it.each([
    ["a rounded id", { matches: [[{ candid: 1e18, jd: 1, magpsf: 18 }]] }],
    ["an id that is none", { matches: [[{ candid: "1e18", jd: 1, magpsf: 18 }]] }],
    [
      "an id that is none, at the date of another",
      {
        matches: [
          [
            { candid: "x", jd: 1, magpsf: 18 },
            { candid: "1", jd: 1, magpsf: 18 },
          ],
        ],
      },
    ],
    ["a date that JSON lost", { matches: [[{ candid: "1", jd: null, magpsf: 18 }]] }],
    [
      "alerts out of order",
      {
        matches: [
          [
            { candid: "1", jd: 2, magpsf: 18 },
            { candid: "2", jd: 1, magpsf: 18 },
          ],
        ],
      },
    ],
    [
      "an alert twice",
      {
        matches: [
          [
            { candid: "1", jd: 1, magpsf: 18 },
            { candid: "01", jd: 2, magpsf: 18 },
          ],
        ],
      },
    ],
    ["no source", { objectId: "" }],
    ["more than a state has", { more: 1 }],
  ])("refuses %s", (_, change) => {
    const result = safeParsePolicyState({ ...state, ...change });
    expect(result.success ? undefined : result.error.code).toBe("policy-state-invalid");
  });
});

it("explainPolicy tells how far a source has come", () => {
  const policy = getPolicy("bts_p2");
  expect(explainPolicy(policy, undefined)).toEqual([
    "0 of 2 alerts with score >= 0.5 and magpsf <= 19",
    "0 of 1 alert with magpsf <= 18.5",
  ]);
  const { state } = run(policy, [alert(1, { score: 0.123456, magpsf: 18.456 })]);
  expect(explainPolicy(policy, state)[1]).toBe(
    "1 of 1 alert with magpsf <= 18.5: 1 (JD 2460001.5000, magpsf 18.46, score 0.123)",
  );
});
