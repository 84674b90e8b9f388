import { readFileSync } from "node:fs";
import type { Alert } from "@btsbot/alert";
import { toLightCurve } from "@btsbot/alert";
import { describe, expect, it } from "vitest";
import { describeWithData } from "../../../test/support/testData.js";
import { computeCustomFeatures } from "../src/index.js";
import { makeAlert, makeHistory } from "./makeAlert.js";
import { readReferenceAlerts } from "../../../test/support/reference.js";

const NOW = 2459010.5;

describe("computeCustomFeatures", () => {
  it("counts from jdstarthist to the peak to the alert", () => {
    const history = makeHistory([2459003.5, 17.25], [2459006.5, 19.5], [NOW, 18.5]);
    expect(computeCustomFeatures(makeAlert(), history)).toEqual({
      peakmag_so_far: 17.25,
      maxmag_so_far: 19.5,
      age: 10,
      days_since_peak: 7,
      days_to_peak: 3,
      nnotdet: 26,
      flags: [],
    });
  });

  it("has an old source old, not young: age counts forward", () => {
    const { age, days_since_peak, days_to_peak } = computeCustomFeatures(
      makeAlert({ jdstarthist: 2458010.5 }),
      makeHistory([2458510.5, 15]),
    );
    expect([age, days_since_peak, days_to_peak]).toEqual([1000, 500, 500]);
  });

  it("begins with the first detection where that is before jdstarthist", () => {
    expect(computeCustomFeatures(makeAlert(), makeHistory([2458990.5, 19]))).toMatchObject({
      age: 20,
      days_to_peak: 20,
      flags: [],
    });
  });

  it.each([null, undefined, -999, NaN])("does without a jdstarthist of %s, and says so", (jdstarthist) => {
    const features = computeCustomFeatures(
      makeAlert({ jdstarthist: jdstarthist as number }),
      makeHistory([2459004.5, 19]),
    );
    expect(features).toMatchObject({ age: 6, days_to_peak: 6, flags: ["jdstarthist-missing"] });
  });

  it("counts the alert's own detection, whether the history has it or not", () => {
    const without = computeCustomFeatures(makeAlert({ magpsf: 16 }), makeHistory([2459004.5, 19]));
    expect(without).toMatchObject({ peakmag_so_far: 16, maxmag_so_far: 19, days_since_peak: 0, days_to_peak: 10 });
    expect(computeCustomFeatures(makeAlert({ magpsf: 16 }), makeHistory([2459004.5, 19], [NOW, 16]))).toEqual(without);
  });

  it("takes the earliest of equal peaks, in whichever order they come", () => {
    for (const points of [
      [
        [2459004.5, 18.5],
        [2459006.5, 18.5],
      ],
      [
        [2459006.5, 18.5],
        [2459004.5, 18.5],
      ],
    ] as const) {
      expect(computeCustomFeatures(makeAlert(), makeHistory(...points))).toMatchObject({
        days_to_peak: 4,
        days_since_peak: 6,
      });
    }
  });

  it("does not look into the future", () => {
    const history = makeHistory([2459004.5, 19], [NOW + 0.01, 12], [NOW + 9, 22]);
    expect(computeCustomFeatures(makeAlert(), history)).toMatchObject({
      peakmag_so_far: 18.5,
      maxmag_so_far: 19,
      days_since_peak: 0,
    });
  });

  it("passes over magnitudes that are none, and is null where nothing is left", () => {
    const history = makeHistory([2459004.5, NaN]);
    expect(computeCustomFeatures(makeAlert(), history)).toMatchObject({
      peakmag_so_far: 18.5,
      maxmag_so_far: 18.5,
      age: 10,
    });
    expect(
      computeCustomFeatures(makeAlert({ magpsf: null, ndethist: null, jdstarthist: null }), makeHistory()),
    ).toEqual({
      peakmag_so_far: null,
      maxmag_so_far: null,
      age: null,
      days_since_peak: null,
      days_to_peak: null,
      nnotdet: null,
      flags: ["jdstarthist-missing"],
    });
  });
});

describeWithData("custom features of real alerts", (folder) => {
  it("equal the reference in all packets", () => {
    const packets = readReferenceAlerts(folder).filter(({ reference }) => reference.custom !== undefined);
    expect(packets.length).toBe(131);
    for (const { alert, reference } of packets) {
      const history = toLightCurve(alert);
      const { n_detections: count, ...custom } = reference.custom!;
      expect(history.detections.length, reference.candid).toBe(count);
      const features: Readonly<Record<string, unknown>> = { ...computeCustomFeatures(alert, history) };
      for (const [name, expected] of Object.entries(custom)) {
        expect(Math.abs((features[name] as number) - expected), `${reference.candid} ${name}`).toBeLessThanOrEqual(
          1e-9 * Math.abs(expected),
        );
      }
    }
  });

  it("equal those that production computed for the 23 alerts of SN 2023tyk", () => {
    const [header, ...lines] = readFileSync(`${folder}/sn2023tyk/candidates.csv`, "utf8").trim().split(/\r?\n/);
    const columns = header.split(",");
    const rows = lines.map((line) =>
      Object.fromEntries(line.split(",").map((value, index) => [columns[index], value])),
    );
    expect(rows.length).toBe(23);
    const alerts = rows.map(
      ({ objectId, jd, fid, magpsf, isdiffpos, jdstarthist, ndethist, ncovhist }, index): Alert => ({
        objectId,
        // The table has them rounded: the place in it tells them apart here.
        candid: BigInt(index),
        candidate: {
          jd: Number(jd),
          fid: Number(fid),
          magpsf: Number(magpsf),
          isdiffpos,
          jdstarthist: Number(jdstarthist),
          ndethist: Number(ndethist),
          ncovhist: Number(ncovhist),
        },
      }),
    );
    alerts.forEach((alert, index) => {
      const features: Readonly<Record<string, unknown>> = {
        ...computeCustomFeatures(alert, toLightCurve(alert, alerts)),
      };
      expect(features.flags).toEqual([]);
      for (const name of ["peakmag_so_far", "maxmag_so_far", "nnotdet"])
        expect(features[name], `${index} ${name}`).toBe(Number(rows[index][name]));
      // The table's jd have three decimals; its ages were made of all seven, and have seven.
      for (const name of ["age", "days_since_peak", "days_to_peak"]) {
        expect(Math.abs((features[name] as number) - Number(rows[index][name])), `${index} ${name}`).toBeLessThan(
          0.00101,
        );
      }
    });
  });
});
