import { simulateSurvey } from "@btsbot/simulate";
import type { SimulatedAlert } from "@btsbot/simulate";
import { expect, it } from "vitest";
import type { Finding } from "../src/detect.js";
import { scanSource } from "../src/scanSource.js";

const bySource = new Map<string, SimulatedAlert[]>();
for (const each of simulateSurvey({ nights: 8, sources: 120, seed: 21, mix: { "SN Ia": 4, TDE: 1, AGN: 1, CV: 1 } }))
  bySource.set(each.truth.objectId, [...(bySource.get(each.truth.objectId) ?? []), each]);

it("has each source saved after its second alert of 19 mag, if it is a transient that has two", () => {
  let saved = 0;
  for (const [objectId, list] of bySource) {
    const [{ truth }] = list;
    const isTransient = truth.class === "SN Ia" || truth.class === "TDE";
    const seen = list
      .map(({ alert: { candidate } }) => candidate)
      .filter(({ magpsf, isdiffpos }) => magpsf! <= 19 && isdiffpos === "t");
    if (!isTransient || seen.length < 2) {
      expect([truth.saveJd, truth.triggerJd], objectId).toEqual([null, null]);
      continue;
    }
    saved += 1;
    expect(truth.saveJd, objectId).toBeGreaterThan(seen[1].jd);
    if (seen.every(({ magpsf }) => magpsf! > 18.5)) expect(truth.triggerJd, objectId).toBeNull();
    else expect(truth.triggerJd, objectId).toBeGreaterThan(seen[1].jd);
  }
  expect(saved).toBeGreaterThan(30);
});

it("says the same in every alert of a source", () => {
  for (const list of bySource.values()) for (const { truth } of list) expect(truth).toEqual(list[0].truth);
});

it("waits about an hour in the median, and days for one in twenty-five", () => {
  const at = (jd: number, mag: number): Finding => ({ exposure: { jd }, detected: true, flux: 1, mag }) as Finding;
  const scans = Array.from({ length: 4000 }, (_, index) =>
    scanSource([1, index, 0], [at(10, 19.2), at(11, 18.9), at(12, 18.7), at(14, 18.4)]),
  );
  const waits = (jds: readonly number[], from: number): number[] => jds.map((jd) => jd - from).sort((a, b) => a - b);
  const saves = waits(
    scans.map(({ saveJd }) => saveJd!),
    12,
  );
  const triggers = waits(
    scans.map(({ triggerJd }) => triggerJd!),
    14,
  );
  expect(saves[0]).toBeGreaterThan(0);
  // The median's own error is 1.25 x 0.8 over the root of 4000, 2 %: within 4 of them, the late ones included.
  expect(saves[2000] / 0.0381).toBeGreaterThan(0.92);
  expect(saves[2000] / 0.0381).toBeLessThan(1.16);
  expect(triggers[2000] / 0.0147).toBeGreaterThan(0.92);
  expect(triggers[2000] / 0.0147).toBeLessThan(1.16);
  const late = saves.filter((days) => days > 1).length / saves.length;
  expect(late).toBeGreaterThan(0.02);
  expect(late).toBeLessThan(0.06);
  // One alert is not enough, a negative one is none, and nobody waits for a spectrum of what stays dim.
  expect(scanSource([1, 2, 3], [at(10, 18)])).toEqual({ saveJd: null, triggerJd: null });
  expect(scanSource([1, 2, 3], [at(10, 18), { ...at(11, 18), flux: -1 }]).saveJd).toBeNull();
  expect(scanSource([1, 2, 3], [at(10, 18.6), at(11, 18.6)]).triggerJd).toBeNull();
});
