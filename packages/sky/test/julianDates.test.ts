import fc from "fast-check";
import { expect, it } from "vitest";
import { dateToJd, formatJd, jdToDate } from "@btsbot/sky";

it("has the epochs where they are", () => {
  // J2000 (UTC), and where JavaScript's clock begins.
  expect(dateToJd(new Date("2000-01-01T12:00:00Z"))).toBe(2451545);
  expect(dateToJd(0)).toBe(2440587.5);
  expect(jdToDate(2451545).toISOString()).toBe("2000-01-01T12:00:00.000Z");
});

it("goes from a date to a Julian date and back without losing a millisecond", () => {
  fc.assert(
    fc.property(fc.date({ noInvalidDate: true }), (date) => {
      expect(jdToDate(dateToJd(date)).getTime()).toBeCloseTo(date.getTime(), -1);
    }),
  );
  fc.assert(
    fc.property(fc.date({ min: new Date("1900-01-01"), max: new Date("2200-01-01"), noInvalidDate: true }), (date) => {
      expect(jdToDate(dateToJd(date)).getTime()).toBe(date.getTime());
    }),
  );
});

it("writes Julian dates in UT, and what is not a date as it is", () => {
  expect(formatJd(2458881)).toBe("2020-02-01 12:00");
  expect(formatJd(2440587.5, "day")).toBe("1970-01-01");
  expect(formatJd(2440587.5, "millisecond")).toBe("1970-01-01 00:00:00.000");
  expect(formatJd(1e12)).toBe("1000000000000");
  expect(formatJd(NaN)).toBe("NaN");
});
