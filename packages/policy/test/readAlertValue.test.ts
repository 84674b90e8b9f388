import type { Alert } from "@btsbot/alert";
import { applyFilter, parseFilter, parsePolicy, readAlertValue } from "@btsbot/policy";
import { describe, expect, it } from "vitest";

const alert: Alert = {
  survey: "lsst",
  objectId: "170055001640894469",
  candid: 1n,
  candidate: { jd: 2461000.5, fid: 12, magpsf: 20.5, reliability: 0.9 },
  extra: {
    diaObject: { nDiaSources: 3, diaObjectId: 5n, g_psfFluxMean: null },
    ssSource: null,
    target_name: "deep",
  },
};

describe("what conditions read of an alert", () => {
  it.each([
    ["reliability", 0.9],
    ["diaObject.nDiaSources", 3],
    ["diaObject.diaObjectId", 5n],
    ["diaObject.g_psfFluxMean", null],
    ["diaObject.nope", undefined],
    ["diaObject.toString", undefined],
    ["diaObject", undefined],
    ["ssSource.eclLambda", undefined],
    ["target_name.length", undefined],
    ["constructor.name", undefined],
    ["toString", undefined],
  ])("%s", (name, value) => expect(readAlertValue(alert, name)).toBe(value));

  it("are fields of other records in filters, too", () => {
    const filter = parseFilter({
      name: "several",
      description: "More than one detection, and not a known body of the Solar System.",
      rule: { all: [{ compare: ["diaObject.nDiaSources", ">=", 2] }, { compare: ["reliability", ">", 0.5] }] },
    });
    const outcome = applyFilter(filter, alert);
    expect(outcome.pass).toBe(true);
    const fewer = { ...alert, extra: { diaObject: { nDiaSources: 1 } } };
    expect(applyFilter(filter, fewer).pass).toBe(false);
    expect(applyFilter(filter, { ...alert, extra: {} }).pass).toBe(false);
  });

  it("are named in policies", () => {
    const policy = parsePolicy({
      name: "old",
      action: "save",
      require: [{ count: 1, where: ["diaObject.nDiaSources >= 2"] }],
    });
    expect(policy.require[0].where).toEqual([{ field: "diaObject.nDiaSources", is: ">=", value: 2 }]);
  });
});
