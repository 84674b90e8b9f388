import { createRandom } from "@btsbot/chance";
import { simulateSurvey } from "@btsbot/simulate";
import { describe, expect, it } from "vitest";
import { drawPeak, peakDensity } from "../src/drawPeak.js";

/** The density's integral from one magnitude to another, by Simpson's rule. */
function integrate(from: number, to: number, steps = 200): number {
  const step = (to - from) / steps;
  let sum = peakDensity(from) + peakDensity(to);
  for (let at = 1; at < steps; at += 1) sum += (at % 2 === 1 ? 4 : 2) * peakDensity(from + at * step);
  return (sum * step) / 3;
}

const WHOLE = integrate(13.5, 26, 4000);

describe("drawPeak", () => {
  const random = createRandom(1, "peaks");
  const peaks = Array.from({ length: 40_000 }, () => drawPeak(random));
  const count = (from: number, to: number): number => peaks.filter((mag) => mag > from && mag <= to).length;

  it("follows its density in every quarter of a magnitude, 18.5 in their middle", () => {
    let chi = 0;
    let bins = 0;
    for (let from = 15.5; from < 21; from += 0.25, bins += 1) {
      const expected = (peaks.length * integrate(from, from + 0.25)) / WHOLE;
      chi += (count(from, from + 0.25) - expected) ** 2 / expected;
    }
    // Chi-square of 22 bins has a mean of 22 and a deviation of 6.6: within 4 of them.
    expect(bins).toBe(22);
    expect(chi).toBeLessThan(22 + 4 * 6.6);
  });

  it("has no step at 18.5: the counts on both sides differ by the slope alone", () => {
    const [before, after] = [count(18.25, 18.5), count(18.5, 18.75)];
    const slope = integrate(18.5, 18.75) / integrate(18.25, 18.5);
    expect(slope).toBeGreaterThan(1);
    expect(slope).toBeLessThan(1.3);
    // Within 4 deviations of a ratio of two counts.
    expect(Math.abs(after / before / slope - 1)).toBeLessThan(4 * Math.sqrt(1 / before + 1 / after));
  });

  it("grows as an even distribution in space where the survey misses nothing", () => {
    expect(integrate(14, 17) / integrate(14, 16)).toBeCloseTo(
      (10 ** (0.6 * 3) - 1) / (10 ** (0.6 * 2) - 1),
      // The survey classifies 99.9 % at 17.
      1,
    );
  });

  it("classifies the parts that the survey states, of what is brighter than 18.0, 18.5 and 19.0", () => {
    const counts = (mag: number): number => Math.exp(0.6 * Math.LN10 * (mag - 18.83)) / (0.6 * Math.LN10);
    for (const [mag, part] of [
      [18, 0.97],
      [18.5, 0.93],
      [19, 0.75],
    ] as const)
      expect(integrate(13.5, mag, 2000) / (counts(mag) - counts(13.5)), `${mag}`).toBeCloseTo(part, 1);
  });
});

describe("the transients of a survey", () => {
  const truths = new Map(
    [...simulateSurvey({ nights: 1, sources: 500, seed: 12, mix: { "SN Ia": 3, "SN II": 1, "SN Ibc": 1 } })].map(
      ({ truth }) => [truth.objectId, truth],
    ),
  );
  const count = (from: number, to: number): number =>
    [...truths.values()].filter(({ peakmag }) => peakmag > from && peakmag <= to).length;

  it("peak on both sides of 18.5 alike", () => {
    const [before, after] = [count(18, 18.5), count(18.5, 19)];
    expect(before + after).toBeGreaterThan(150);
    // What is fainter is seen for fewer nights, so that the slope is less than the density's 1.1: between a third less and
    // a third more, within 3 deviations of the counts. Before, 9 followed upon 96.
    const error = 3 * Math.sqrt(1 / before + 1 / after);
    expect(Math.abs(Math.log(after / before))).toBeLessThan(Math.log(4 / 3) + error);
  });

  it("are labelled by their peaks, and many are dim", () => {
    for (const { peakmag, label } of truths.values()) expect(label).toBe(peakmag <= 18.5 ? 1 : 0);
    const bright = count(0, 18.5) / truths.size;
    expect(bright).toBeGreaterThan(0.35);
    expect(bright).toBeLessThan(0.65);
  });
});
