import fc from "fast-check";
import { expect, it } from "vitest";
import { dateToJd, formatJd, jdToDate, taiToUtc, utcToTai } from "@btsbot/sky";

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

/** The days that begin after a leap second: IERS, Bulletin C. */
const LEAPS = [
  ...["1972-07", "1973-01", "1974-01", "1975-01", "1976-01", "1977-01", "1978-01", "1979-01", "1980-01", "1981-07"],
  ...["1982-07", "1983-07", "1985-07", "1988-01", "1990-01", "1991-01", "1992-07", "1993-07", "1994-07", "1996-01"],
  ...["1997-07", "1999-01", "2006-01", "2009-01", "2012-07", "2015-07", "2017-01"],
];
/** What a double holds of a Julian date, days. */
const JD_STEP = 2 ** -31;

it("takes a second more from atomic time after each leap second", () => {
  LEAPS.forEach((month, index) => {
    const midnight = dateToJd(new Date(`${month}-01T00:00:00Z`));
    const offset = 11 + index;
    const secondsOff = (jd: number) => Math.round((utcToTai(jd) - jd) * 86_400);
    expect(secondsOff(midnight), month).toBe(offset);
    expect(secondsOff(midnight - 2 / 86_400), month).toBe(offset - 1);
    // The second itself has the date of the one after it.
    expect(Math.abs(taiToUtc(midnight + (offset - 0.5) / 86_400) - (midnight + 0.5 / 86_400))).toBeLessThan(
      2 * JD_STEP,
    );
    expect(Math.abs(taiToUtc(midnight + (offset + 0.5) / 86_400) - (midnight + 0.5 / 86_400))).toBeLessThan(
      2 * JD_STEP,
    );
  });
  expect(jdToDate(taiToUtc(61000 + 2400000.5)).toISOString()).toBe("2025-11-20T23:59:23.000Z");
  expect([NaN, Infinity].map(taiToUtc)).toEqual([NaN, Infinity]);
  expect(utcToTai(NaN)).toBeNaN();
});

it("goes to atomic time and back", () => {
  fc.assert(
    fc.property(fc.double({ min: 2430000, max: 2480000, noNaN: true }), (jd) => {
      expect(Math.abs(taiToUtc(utcToTai(jd)) - jd)).toBeLessThanOrEqual(2 * JD_STEP);
    }),
  );
});
