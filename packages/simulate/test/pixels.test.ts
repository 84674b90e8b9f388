import { measureStamp, readStamps } from "@btsbot/cutout";
import type { Stamp } from "@btsbot/cutout";
import { simulateSurvey } from "@btsbot/simulate";
import type { SimulatedAlert } from "@btsbot/simulate";
import { describe, expect, it } from "vitest";

/** Sources that stand alone: what is in the difference is theirs. */
const simulated = [
  ...simulateSurvey({ nights: 3, sources: 120, seed: 5, mix: { "SN Ia": 1, "SN II": 1, Asteroid: 1, Nova: 1 } }),
]
  .map(({ alert, truth }) => ({
    alert,
    truth,
    candidate: alert.candidate as Record<string, number>,
    stamps: readStamps(alert),
  }))
  .filter(
    ({ stamps: { science } }) => science.width === 63 && science.height === 63 && measureStamp(science).nanCount === 0,
  );

/** The light within a circle about the brightest pixel near the middle, above the median. */
function aperture(stamp: Stamp, radius: number): number {
  const { median } = measureStamp(stamp);
  let sum = 0;
  for (let y = 0; y < 63; y += 1) {
    for (let x = 0; x < 63; x += 1) if (Math.hypot(x - 31, y - 31) <= radius) sum += stamp.pixels[y * 63 + x] - median;
  }
  return sum;
}

function medianOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

/** Half the range that holds the middle 68 of 100. */
function spreadOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[Math.floor(sorted.length * 0.84)] - sorted[Math.floor(sorted.length * 0.16)]) / 2;
}

describe("a simulated stamp", () => {
  it("holds in the difference the light that magpsf states", () => {
    const bright = simulated.filter(({ candidate }) => candidate.scorr > 20);
    const off = bright.map(
      ({ candidate, stamps }) =>
        candidate.magzpsci - 2.5 * Math.log10(aperture(stamps.difference, 9)) - candidate.magpsf,
    );
    expect(bright.length).toBeGreaterThan(20);
    // 9 pixels hold 95 % or more of the light; noise and residuals of the host do the rest.
    expect(medianOf(off)).toBeGreaterThan(-0.05);
    expect(medianOf(off)).toBeLessThan(0.08);
    expect(spreadOf(off)).toBeLessThan(0.15);
  });

  it("has noise in the difference that the stated limit follows from", () => {
    const ratios = simulated.map(({ candidate, stamps }) => {
      const { pixels } = stamps.difference;
      const noise = spreadOf([...pixels]);
      const limit = 10 ** (0.4 * (candidate.magzpsci - candidate.diffmaglim));
      return limit / (5 * noise);
    });
    // The square root of the pixels that the limit counts: public packets have 5 to 14.
    expect(Math.min(...ratios)).toBeGreaterThan(4);
    expect(Math.max(...ratios)).toBeLessThan(15);
  });

  it("has a template as bright as the science image, and quieter", () => {
    for (const {
      stamps: { science, template },
    } of simulated) {
      expect(Math.abs(measureStamp(science).median - measureStamp(template).median)).toBeLessThan(12);
    }
    const empty = simulated.filter(({ truth }) => truth.class === "Asteroid");
    expect(empty.length).toBeGreaterThan(10);
    const ratio = medianOf(
      empty.map(({ stamps }) => spreadOf([...stamps.template.pixels]) / spreadOf([...stamps.science.pixels])),
    );
    expect(ratio).toBeLessThan(0.45);
  });

  it("shows the source in science and difference, not in the template", () => {
    const bright = simulated.filter(({ truth, candidate }) => truth.class === "Asteroid" && candidate.scorr > 20);
    for (const { stamps } of bright) {
      expect(aperture(stamps.science, 4)).toBeGreaterThan(4 * Math.abs(aperture(stamps.template, 4)));
      expect(aperture(stamps.difference, 4) / aperture(stamps.science, 4)).toBeGreaterThan(0.7);
    }
  });

  it("shows the difference with the sign taken off where a source faded", () => {
    const faded = [...simulateSurvey({ nights: 3, sources: 40, seed: 9, mix: { "RR Lyrae": 1 } })].filter(
      ({ alert }) => alert.candidate.isdiffpos === "f",
    );
    expect(faded.length).toBeGreaterThan(10);
    for (const { alert } of faded) {
      const { difference } = readStamps(alert);
      if (difference.width === 63 && difference.height === 63) expect(aperture(difference, 3)).toBeGreaterThan(0);
    }
  });

  it("keeps its template from one alert of a source to the next", () => {
    const bySource = new Map<string, SimulatedAlert[]>();
    for (const each of simulateSurvey({ nights: 6, sources: 10, seed: 4, mix: { AGN: 1 } }))
      bySource.set(each.truth.objectId, [...(bySource.get(each.truth.objectId) ?? []), each]);
    for (const list of bySource.values()) {
      const sameBand = list.filter(({ alert }) => alert.candidate.fid === list[0].alert.candidate.fid);
      // It is brought to the science image's zero point, and cut out a pixel further here or there.
      const levels = sameBand.map(
        ({ alert }) =>
          measureStamp(readStamps(alert).template).median / 10 ** (0.4 * (alert.candidate.magzpsci as number)),
      );
      expect(Math.max(...levels) / Math.min(...levels)).toBeLessThan(1.05);
    }
  });
});
