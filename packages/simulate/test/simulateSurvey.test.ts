import { gunzipSync } from "node:zlib";
import { encodeAlerts, toLightCurve, ZTF_SCHEMA } from "@btsbot/alert";
import type { Alert } from "@btsbot/alert";
import { measureStamp, readStamps } from "@btsbot/cutout";
import { BtsbotError } from "@btsbot/errors";
import { BTSBOT_V1, extractFeatures } from "@btsbot/features";
import { CLASSES, DEFAULT_SURVEY, simulateSurvey } from "@btsbot/simulate";
import type { SimulatedAlert, SurveyOptions } from "@btsbot/simulate";
import { describe, expect, it } from "vitest";
import { readWithAvsc } from "../../alert/test/support/avscOracle.js";

const SURVEY: SurveyOptions = { nights: 3, sources: 150, seed: 7 };
const simulated = [...simulateSurvey(SURVEY)];
const alerts = simulated.map(({ alert }) => alert);
const STAMPS = ["cutoutScience", "cutoutTemplate", "cutoutDifference"] as const;

function problemsOf(options: unknown): string[] {
  try {
    simulateSurvey(options as SurveyOptions).next();
  } catch (error) {
    if (error instanceof BtsbotError) return error.problems.map(({ code, path }) => `${code} ${path}`);
    throw error;
  }
  return [];
}

function bytesOf(list: readonly SimulatedAlert[]): Buffer {
  return Buffer.from(encodeAlerts(list.map(({ alert }) => alert)));
}

describe("simulateSurvey", () => {
  it("gives the same bytes for the same seed, and others for another", () => {
    const small = { ...SURVEY, sources: 8 };
    const first = bytesOf([...simulateSurvey(small)]);
    expect(bytesOf([...simulateSurvey(small)]).equals(first)).toBe(true);
    expect(bytesOf([...simulateSurvey({ ...small, seed: 8 })]).equals(first)).toBe(false);
  });

  it("does not change a source when there are more of them", () => {
    const few = [...simulateSurvey({ ...SURVEY, sources: 5 })];
    const names = new Set(few.map(({ truth }) => truth.objectId));
    expect(names.size).toBe(5);
    expect(bytesOf(simulated.filter(({ truth }) => names.has(truth.objectId))).equals(bytesOf(few))).toBe(true);
  });

  it("sees every source, and one that is drawn alone is of the class asked for", () => {
    expect(new Set(simulated.map(({ truth }) => truth.objectId)).size).toBe(150);
    for (const { name } of CLASSES) {
      const seen = [...simulateSurvey({ nights: 2, sources: 2, seed: 3, mix: { [name]: 1 } })];
      expect(new Set(seen.map(({ truth }) => truth.objectId)).size, name).toBe(2);
      expect(new Set(seen.map(({ truth }) => truth.class))).toEqual(new Set([name]));
    }
  });

  it("sees its sources in a night of clouds too", () => {
    for (let start = 2458400.5; start < 2459000; start += 61) {
      const seen = [...simulateSurvey({ nights: 1, sources: 2, seed: 1, start })];
      expect(new Set(seen.map(({ truth }) => truth.objectId)).size, `${start}`).toBe(2);
    }
  });

  it("goes night by night and by time, within the nights asked for", () => {
    const days = alerts.map(({ candidate }) => candidate.jd);
    expect(days).toEqual([...days].sort((a, b) => a - b));
    expect(days[0]).toBeGreaterThan(DEFAULT_SURVEY.start);
    expect(days.at(-1)).toBeLessThan(DEFAULT_SURVEY.start + 3);
  });

  it("labels bright extragalactic transients, and nothing else", () => {
    for (const { truth } of simulated) {
      const { kind } = CLASSES.find(({ name }) => name === truth.class)!;
      expect(truth.label).toBe(kind === "transient" && truth.peakmag <= 18.5 ? 1 : 0);
      expect(truth.redshift !== null).toBe(kind === "transient" || truth.class === "AGN");
    }
    expect(CLASSES.reduce((sum, { part }) => sum + part, 0)).toBeCloseTo(1, 12);
  });

  it("says all that is wrong at once", () => {
    expect(problemsOf({ nights: 0, sources: 1.5, seed: -1, start: NaN, mix: { "SN Ia": -1, Kilonova: 1 } })).toEqual(
      ["nights", "sources", "seed", "start", "mix.SN Ia", "mix.Kilonova"].map((path) => `simulation-invalid ${path}`),
    );
    expect(problemsOf({ sources: 10_001 })).toEqual(["simulation-invalid sources"]);
    expect(problemsOf({ mix: {} })).toEqual(["simulation-invalid mix"]);
  });
});

describe("a simulated packet", () => {
  it("is read by avsc field by field", async () => {
    const some = alerts.slice(0, 40);
    const theirs = (await readWithAvsc(encodeAlerts(some))) as unknown as Alert[];
    theirs.forEach((their, index) => {
      const { candidate, prv_candidates: history, objectId } = some[index];
      expect(their.objectId).toBe(objectId);
      for (const [mine, read] of [
        [candidate, their.candidate],
        ...(history ?? []).map((each, at) => [each, their.prv_candidates![at]] as const),
      ] as const) {
        for (const [field, value] of Object.entries(mine)) {
          const got = read[field];
          const same =
            typeof value === "number" && typeof got === "number"
              ? Math.fround(value) === Math.fround(got)
              : value === got;
          expect(same, `${field}: ${String(value)} and ${String(got)}`).toBe(true);
        }
      }
    });
  });

  it("has every field of the survey's candidate", () => {
    const [{ candidate }] = alerts;
    const { fields } = ZTF_SCHEMA as { fields: { name: string; type: { fields: { name: string }[] } }[] };
    const named = fields.find(({ name }) => name === "candidate")!.type.fields.map(({ name }) => name);
    expect(Object.keys(candidate).sort()).toEqual([...named].sort());
    expect(Object.entries(candidate).filter(([, value]) => value === null || Number.isNaN(value))).toEqual([]);
  });

  it("has gzip FITS stamps that any reader reads", () => {
    for (const alert of alerts.slice(0, 30)) {
      const ours = Object.values(readStamps(alert));
      STAMPS.forEach((field, place) => {
        const file = gunzipSync(alert[field]!.stampData);
        expect(alert[field]!.stampData.subarray(4, 8)).toEqual(new Uint8Array(4));
        const { width, height, pixels } = ours[place];
        expect(file.length % 2880).toBe(0);
        for (let at = 0; at < width * height; at += 97) expect(file.readFloatBE(2880 + 4 * at)).toBe(pixels[at]);
      });
    }
  });

  it("has ids that are unique, well-formed and agree", () => {
    expect(new Set(alerts.map(({ candid }) => candid)).size).toBe(alerts.length);
    for (const { objectId, candid, candidate } of alerts) {
      expect(objectId).toMatch(/^ZTF\d{2}[a-z]{7}$/);
      expect(candidate.candid).toBe(candid);
      expect(candid / 1_000_000n).toBe(candidate.pid);
      expect(String(candidate.pid)).toMatch(
        new RegExp(`^${candidate.nid as number}\\d{5}${String(candidate.rcid).padStart(2, "0")}15$`),
      );
      expect(candidate.nid).toBe(Math.floor(candidate.jd - 2457754.5));
    }
  });

  it("has a history of 30 days that other alerts of the source agree with", () => {
    const known = new Map(alerts.map(({ candid, candidate }) => [candid, candidate]));
    let met = 0;
    for (const { candidate, prv_candidates: history } of alerts) {
      const days = (history ?? []).map(({ jd }) => jd);
      expect(days).toEqual([...days].sort((a, b) => a - b));
      for (const point of history ?? []) {
        expect(candidate.jd - point.jd).toBeGreaterThan(0);
        expect(candidate.jd - point.jd).toBeLessThanOrEqual(30);
        const other = point.candid == null ? undefined : known.get(point.candid);
        if (other === undefined) continue;
        met += 1;
        for (const field of ["jd", "magpsf", "sigmapsf", "ra", "fwhm", "sky", "scorr", "distnr", "rb"])
          expect(point[field]).toBe(other[field]);
      }
    }
    expect(met).toBeGreaterThan(50);
  });

  it("counts what its history shows", () => {
    for (const alert of alerts) {
      const { candidate } = alert;
      const { detections, nondetections } = toLightCurve(alert);
      expect(candidate.ndethist).toBeGreaterThanOrEqual(detections.length);
      expect(candidate.ncovhist).toBeGreaterThanOrEqual(candidate.ndethist! + nondetections.length);
      expect(candidate.jdstarthist).toBeLessThanOrEqual(detections[0].jd);
      expect(candidate.jdendhist).toBe(candidate.jd);
      // Packets forget after 30 days what their counts remember.
      if (candidate.jd - candidate.jdstarthist! < 30) expect(candidate.jdstarthist).toBe(detections[0].jd);
    }
  });

  it("states measurements that agree with one another", () => {
    for (const { candidate: c } of alerts.map((alert) => ({ candidate: alert.candidate as Record<string, number> }))) {
      expect(c.magfromlim).toBeCloseTo(c.diffmaglim - c.magpsf, 9);
      expect(c.magap + c.magdiff).toBeCloseTo(c.magpsf, 9);
      expect(c.aimagerat).toBeCloseTo(c.aimage / c.fwhm, 9);
      expect(c.dsdiff).toBeCloseTo(c.dsnrms - c.ssnrms, 9);
      expect(c.elong).toBeGreaterThanOrEqual(1);
      expect(c.scorr).toBeGreaterThanOrEqual(5);
      expect(c.drb >= 0 && c.drb <= 1 && c.rb >= 0 && c.rb <= 1).toBe(true);
      const near = [1, 2, 3].map((rank) => c[`distpsnr${rank}`]).filter((distance) => distance >= 0);
      expect(near).toEqual([...near].sort((a, b) => a - b));
      expect(near).toHaveLength(Math.min(3, c.nmtchps));
      expect(near.every((distance) => distance < 30)).toBe(true);
    }
  });

  it("puts the nearest source of the template where its distance says", () => {
    for (const { candidate: c } of alerts.map((alert) => ({ candidate: alert.candidate as Record<string, number> }))) {
      const east = (((c.ranr - c.ra + 540) % 360) - 180) * Math.cos((c.dec * Math.PI) / 180);
      // 1.012 arcsec a pixel; a thousandth of a pixel for the cosine at one declination or the other.
      expect(Math.hypot(east, c.decnr - c.dec) * (3600 / 1.012)).toBeCloseTo(c.distnr, 2);
    }
  });

  it("gives all 25 features of BTSbot", () => {
    for (const alert of alerts)
      expect(extractFeatures(BTSBOT_V1, { alert, history: toLightCurve(alert) }).reasons).toEqual([]);
  });

  it("knows minor planets, once each", () => {
    const asteroids = [...simulateSurvey({ nights: 2, sources: 40, seed: 2, mix: { Asteroid: 1 } })];
    expect(new Set(asteroids.map(({ truth }) => truth.objectId)).size).toBe(asteroids.length);
    const known = asteroids.filter(({ alert }) => (alert.candidate.ssdistnr as number) >= 0);
    expect(known.length / asteroids.length).toBeGreaterThan(0.7);
    for (const { alert } of known)
      expect(Math.abs((alert.candidate.ssmagnr as number) - alert.candidate.magpsf!)).toBeLessThan(2);
    for (const { alert } of asteroids) expect(toLightCurve(alert).detections).toHaveLength(1);
  });

  it("is cut off at the edges of a channel, and masked where there is nothing", () => {
    const stamps = [...simulateSurvey({ nights: 2, sources: 250, seed: 12 })].map(({ alert }) => readStamps(alert));
    const small = stamps.filter(({ science }) => science.width < 63 || science.height < 63);
    expect(small.length / stamps.length).toBeGreaterThan(0.01);
    expect(small.length / stamps.length).toBeLessThan(0.12);
    expect(stamps.some(({ science }) => measureStamp(science).nanCount > 0)).toBe(true);
  });
});
