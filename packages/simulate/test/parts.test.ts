import { createRandom } from "@btsbot/chance";
import { describe, expect, it } from "vitest";
import { addObject, addPoint } from "../src/drawObject.js";
import { findExposures, locate } from "../src/exposures.js";
import { magnitudesBelowPeak, SHAPES } from "../src/lightCurveShapes.js";
import { makeTransient } from "../src/makeTransient.js";
import { centralValue, enclosedPart, makePsf, makeSersic, noiseArea } from "../src/psf.js";
import { midnightRa, moonPhase, separateInRa } from "../src/sky.js";

describe("profiles", () => {
  const psf = makePsf(2.5);

  it("hold all the light, half of it inside the half-light radius", () => {
    expect(psf.reduce((sum, { part }) => sum + part, 0)).toBeCloseTo(1, 12);
    for (const index of [1, 4] as const) {
      expect(enclosedPart(makeSersic(index, 10), 10), `${index}`).toBeCloseTo(0.5, index === 1 ? 1 : 0.9);
    }
  });

  it("have the FWHM asked for, but for the pixel's own blur", () => {
    const value = (radius: number): number =>
      psf.reduce(
        (sum, { part, variance }) =>
          sum + (part / (2 * Math.PI * variance)) * Math.exp((-radius * radius) / (2 * variance)),
        0,
      );
    expect(value(1.25) / centralValue(psf)).toBeGreaterThan(0.48);
    expect(value(1.25) / centralValue(psf)).toBeLessThan(0.55);
  });

  it("are drawn with their flux, and their sum of squares is what the noise area says", () => {
    const canvas = new Float64Array(63 * 63);
    addPoint(canvas, 31.3, 30.8, psf, 1000);
    expect(canvas.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1000, 0);
    expect(1000 ** 2 / canvas.reduce((sum, value) => sum + value * value, 0) / noiseArea(psf)).toBeCloseTo(1, 2);
  });

  it("turn and squeeze galaxies without loss of light", () => {
    const canvas = new Float64Array(63 * 63);
    const galaxy = {
      kind: "galaxy",
      g: 18,
      r: 18,
      i: 18,
      z: 18,
      east: 0,
      north: 0,
      sersic: { index: 1, radius: 3, ratio: 0.4, angle: 0.7 },
    } as const;
    addObject(canvas, galaxy, 31, 31, psf, 1000);
    expect(Math.abs(canvas.reduce((sum, value) => sum + value, 0) - 1000)).toBeLessThan(10);
  });
});

describe("light curves", () => {
  it("peak at phase 0 in g, and a Ia fades by 1.1 mag in 15 days", () => {
    for (const [name, shape] of Object.entries(SHAPES)) {
      expect(magnitudesBelowPeak(shape, "g", 0), name).toBe(0);
      expect(Math.min(...shape.g, ...shape.r)).toBe(0);
      expect(magnitudesBelowPeak(shape, "g", shape.phase[0] - 1)).toBe(Infinity);
    }
    expect(magnitudesBelowPeak(SHAPES["SN Ia"], "g", 15)).toBeCloseTo(1.15, 2);
    // Beyond the last row the last slope goes on: 0.6 mag in 30 days.
    expect(magnitudesBelowPeak(SHAPES["SN Ia"], "g", 120)).toBeCloseTo(4.4, 6);
  });

  it("are as bright at peak as the truth says", () => {
    for (let seed = 0; seed < 40; seed += 1) {
      const { change, peak, redshift } = makeTransient(createRandom(seed), "SN Ia", [2460000, 2460003]);
      let brightest = Infinity;
      for (let jd = peak.jd - 5; jd < peak.jd + 8; jd += 0.05) {
        for (const band of [1, 2] as const) brightest = Math.min(brightest, 25 - 2.5 * Math.log10(change(jd, band)));
      }
      expect(Math.abs(brightest - peak.mag)).toBeLessThan(0.03);
      // A Ia of 18.5 is at z of about 0.08.
      expect(redshift! > 0 && redshift! < 0.4).toBe(true);
    }
  });
});

describe("the sky", () => {
  it("has its poles and planes where they are", () => {
    expect(separateInRa(359, 2)).toBeCloseTo(3, 9);
    // At the March equinox the sun is at 0h, and midnight at 12h.
    expect(midnightRa(2460389.6)).toBeGreaterThan(177);
    expect(midnightRa(2460389.6)).toBeLessThan(183);
  });

  it("has a moon: new on 2024 April 8, full on 2023 October 28", () => {
    expect(moonPhase(2460409.26)).toBeLessThan(0.01);
    expect(moonPhase(2460246.35)).toBeGreaterThan(0.99);
  });
});

describe("the survey", () => {
  const spots = Array.from({ length: 60 }, (_, index) => locate({ ra: index * 6, dec: -25 + index * 1.8 }));

  it("takes a field in g and r every second night, and loses a quarter to the clouds", () => {
    const public_ = spots.filter(({ field }) => field % 8 !== 3);
    const nights = public_.map((spot) => findExposures(1, spot, 2470, 2569));
    const mean = nights.reduce((sum, list) => sum + list.length, 0) / nights.length;
    // 100 nights, each second one, g and r.
    expect(mean).toBeGreaterThan(60);
    expect(mean).toBeLessThan(90);
    for (const list of nights) expect(list.map(({ jd }) => jd)).toEqual(list.map(({ jd }) => jd).sort((a, b) => a - b));
  });

  it("reaches 20 to 21 mag in dark nights, and less under the moon", () => {
    const limits = (phase: (value: number) => boolean): number[] =>
      spots
        .flatMap((spot) => findExposures(1, spot, 2440, 2500))
        .filter(({ jd }) => phase(moonPhase(jd)))
        .map(({ limit }) => limit)
        .sort((a, b) => a - b);
    const [dark, bright] = [limits((phase) => phase < 0.2), limits((phase) => phase > 0.9)];
    expect(dark[dark.length >> 1]).toBeGreaterThan(20);
    expect(dark[dark.length >> 1]).toBeLessThan(20.8);
    expect(dark[dark.length >> 1] - bright[bright.length >> 1]).toBeGreaterThan(0.4);
  });

  it("has 64 channels in a field", () => {
    for (const { rcid, x, y } of spots) {
      expect(rcid >= 0 && rcid < 64 && x >= 0 && x < 3072 && y >= 0 && y < 3080).toBe(true);
    }
  });
});
