import { readdirSync, readFileSync } from "node:fs";
import { parseAlerts } from "@btsbot/alert";
import { expect, it } from "vitest";
import { nightOf } from "@btsbot/sky";
import { describeWithData } from "../../../test/support/testData.js";

it("changes at 0h UTC, not at noon", () => {
  expect(nightOf(2457754.5)).toBe(0);
  expect(nightOf(2458881.99)).toBe(nightOf(2458882.01));
  expect(nightOf(2458882.49)).toBe(1127);
  expect(nightOf(2458882.5)).toBe(1128);
});

it("counts 41 nights in the paper's window, as the paper does", () => {
  expect(nightOf(2460216.4999) - nightOf(2460175.5001) + 1).toBe(41);
});

it("refuses what is no date", () => {
  expect(() => nightOf(NaN)).toThrow("a Julian date");
});

describeWithData("real packets", (folder) => {
  it("have the night as their nid, and as the first digits of their candid", () => {
    const alerts = readdirSync(`${folder}/alerts`).flatMap((file) =>
      parseAlerts(readFileSync(`${folder}/alerts/${file}`)),
    );
    expect(alerts.length).toBeGreaterThan(100);
    expect(alerts.map(({ candidate }) => nightOf(candidate.jd))).toEqual(alerts.map(({ candidate }) => candidate.nid));
    // Some alerts were taken after noon UTC: where the Julian day changes, nights would be cut.
    expect(alerts.filter(({ candidate }) => candidate.jd % 1 < 0.5).length).toBeGreaterThan(0);
  });
});
