import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { ALERCE, BROKER_FORMS, LSST, parseAlert, parseLightCurves, toLightCurve } from "@btsbot/alert";
import { expect, it } from "vitest";
import { run } from "../packages/btsbot/test/support/runInProcess.js";
import { describeWithData } from "./support/testData.js";

const SCORE = ["score", "--model", "btsbot-mini", "--format", "jsonl"];
const OPTIONS = { forms: BROKER_FORMS, surveys: [LSST] };

interface Line {
  readonly candid?: string;
  readonly scores?: Readonly<
    Record<
      string,
      { readonly score?: number; readonly flags?: readonly string[]; readonly reasons?: readonly Reason[] }
    >
  >;
  readonly error?: Reason;
}

interface Reason {
  readonly code: string;
  readonly message: string;
}

async function score(...args: readonly string[]): Promise<{ lines: Line[]; status: number }> {
  const { lines, status } = await run([...SCORE, ...args]);
  return { lines: lines() as Line[], status };
}

/** What each file of `data/brokers` does, by its name. */
type Rules = Readonly<Record<string, (path: string) => Promise<void>>>;

/** Scores the input: these alerts, with these flags among theirs. */
const scores =
  (
    candids: readonly string[],
    flags: readonly string[] = [],
    options: (path: string) => readonly string[] = () => [],
  ) =>
  async (path: string): Promise<void> => {
    const { lines, status } = await score(...options(path), path);
    expect(lines.map(({ candid }) => candid)).toEqual(candids);
    for (const { scores: all } of lines) {
      const { score: value, flags: got } = all!["btsbot-mini"];
      expect(value).toBeGreaterThanOrEqual(0);
      expect(got).toEqual(expect.arrayContaining([...flags]));
    }
    expect(status).toBe(0);
  };

/** Reads the alerts, and says why there is no score: one of these reasons, and a message that says this. */
const leavesUnscored =
  (candids: readonly string[], codes: readonly string[], message: RegExp) =>
  async (path: string): Promise<void> => {
    const { lines } = await score(path);
    expect(lines.map(({ candid }) => candid)).toEqual(candids);
    for (const { scores: all } of lines) {
      const { score: value, reasons = [] } = all!["btsbot-mini"];
      expect(value).toBeUndefined();
      expect([...new Set(reasons.map(({ code }) => code))]).toEqual(codes);
      expect(reasons[0].message).toMatch(message);
    }
  };

/** Refuses the input with one line on each command that reads alerts: whose it is and what is missing. */
const refuses =
  (code: string, message: RegExp) =>
  async (path: string): Promise<void> => {
    const { lines, status } = await score(path);
    expect(lines.map(({ error }) => error?.code)).toEqual([code]);
    expect(lines[0].error!.message).toMatch(message);
    expect(lines[0].error!.message).not.toMatch(/objectId: a field/);
    expect(status).toBe(1);
    for (const command of [
      ["inspect"],
      ["decide", "--model", "btsbot-mini", "--filter", "none"],
      ["golden", "--model", "btsbot-mini"],
    ]) {
      const { stdout, stderr } = await run([...command, path]);
      expect(stdout + stderr, command[0]).toMatch(message);
    }
  };

/** The document says what its light curve is. */
const curves = (path: string) => parseLightCurves(readFileSync(path));

const all =
  (...rules: readonly ((path: string) => unknown)[]) =>
  async (path: string): Promise<void> => {
    for (const rule of rules) await rule(path);
  };

const RULES: Rules = {
  "boom-object.json": all(scores(["3005432622415015012"], ["isdiffpos-assumed"]), async (path) => {
    const { stdout } = await run(["inspect", path]);
    expect(stdout).toMatch(/Scores of the sender[^]*btsbot {2}0\.98320/);
  }),
  "fritz-api.json": scores(["1127561445515015011"]),
  "babamul-ztf.avro": all(
    leavesUnscored(["3458293962815015016"], ["stamp-absent"], /Babamul sends no stamps.*cutouts/),
    (path) => {
      const alert = parseAlert(readFileSync(path), OPTIONS);
      // Its own magnitude stands beside its flux, which is an ulp of single precision off.
      const { magpsf, psfFlux } = alert.candidate;
      expect(23.9 - 2.5 * Math.log10(Math.abs(psfFlux as number) * 1e-9)).toBeCloseTo(magpsf!, 5);
      const { detections, nondetections } = toLightCurve(alert);
      expect(detections.every((point) => point.magpsf > 10 && point.magpsf < 22)).toBe(true);
      expect(nondetections.every(({ diffmaglim }) => diffmaglim > 15 && diffmaglim < 23)).toBe(true);
      expect(alert.form!.flags).toContain("magnitude-from-flux");
    },
  ),
  "fink-kafka-value.bin": all(
    refuses("confluent-schema-unknown", /bare datum.*Fink.*--schema FILE/),
    scores(["3367463101415010117"], [], (path) => ["--schema", path.replace("value.bin", "key.json")]),
  ),
  "fink-kafka-key.json": async (path) => {
    const value = readFileSync(path.replace("key.json", "value.bin"));
    const alert = parseAlert(value, { key: readFileSync(path) });
    expect([alert.candid, alert.publisher]).toEqual([3367463101415010117n, "Fink"]);
    expect(parseAlert(value, { key: readFileSync(path, "utf8") })).toEqual(alert);
  },
  "fink-ztf.parquet": async (path) => {
    const { lines, status } = await score(path);
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.every(({ scores: of }) => of?.["btsbot-mini"] !== undefined)).toBe(true);
    expect(status).toBe(0);
  },
  "fink-api-rows.json": all(
    leavesUnscored(
      ["3072410265715010069", "2889095235715010034", "2123204965715010022"],
      ["stamp-absent"],
      /Fink's API gives rows without stamps/,
    ),
    (path) =>
      expect(curves(path).map(({ objectId, points }) => [objectId, points.length])).toEqual([["ZTF19aaosfcb", 3]]),
  ),
  "alerce-api.json": all(refuses("alert-incomplete", /ALeRCE/), (path) => {
    const [{ form, points }] = curves(path);
    expect([form, points.length]).toEqual([ALERCE.name, 2]);
    expect(points[0]).toMatchObject({ jd: 2458288.8778704, fid: 1, candid: 534377870115010099n, magpsf: 18.770634 });
  }),
  "antares-locus.json": all(refuses("alert-incomplete", /ANTARES/), (path) => {
    const [{ objectId, points }] = curves(path);
    expect(objectId).toBe("ZTF26abeuijw");
    expect(points.map(({ magpsf, diffmaglim }) => (magpsf ?? diffmaglim!).toFixed(2))).toEqual([
      "18.74",
      "18.53",
      "15.43",
    ]);
  }),
  "lasair-cone.json": all(refuses("alert-incomplete", /Lasair/), (path) =>
    expect(() => curves(path)).toThrow(/Lasair.*without light curves/),
  ),
  "winter.avro": async (path) => {
    const alert = parseAlert(readFileSync(path), OPTIONS);
    expect([alert.objectId, alert.candid, alert.survey]).toEqual(["WNTR24awati", 3608694n, "winter"]);
    expect(alert.prv_candidates!.length).toBeGreaterThan(0);
    expect(alert.cutoutScience!.stampData.slice(0, 2)).toEqual(Uint8Array.of(0x1f, 0x8b));
    await leavesUnscored(["3608694"], ["survey-unsupported"], /winter/i)(path);
  },
  "rubin-confluent-900.avro": async (path) => {
    const { lines } = await score(path);
    const reasons = lines.map(({ scores: of }) => of?.["btsbot-mini"].reasons?.map(({ code }) => code));
    expect(reasons).toEqual([["survey-unsupported"]]);
  },
  "rubin-10_0-sample.avro": async (path) => {
    const { lines } = await score(path);
    expect(lines.every(({ error }) => error === undefined)).toBe(true);
  },
  "rubin-11_0-sample.avro": async (path) => {
    const { lines } = await score(path);
    expect(lines.every(({ error }) => error === undefined)).toBe(true);
  },
  // Facts to write schemas from, and no alerts.
  "rubin-schemas": async (path) => {
    for (const name of readdirSync(path)) {
      const { lines, status } = await score(join(path, name));
      expect(lines.every(({ error }) => error !== undefined)).toBe(true);
      expect(status).toBe(1);
    }
  },
};

/** What is not yet so: it fails, and one that passes is taken off the list. */
const NOT_YET: readonly string[] = [];

describeWithData("what brokers send", (data) => {
  const root = join(data, "brokers");

  it("is all here", () => {
    const names = readdirSync(root).filter((name) => !name.startsWith("README"));
    expect(names.toSorted()).toEqual(Object.keys(RULES).toSorted());
    expect(NOT_YET.filter((name) => !Object.hasOwn(RULES, name))).toEqual([]);
  });

  it.each(Object.keys(RULES).filter((name) => !NOT_YET.includes(name)))("%s", (name) => RULES[name](join(root, name)));

  it.each(NOT_YET.map((name) => [name]))("%s is not yet read", async (name) => {
    await expect(RULES[name](join(root, basename(name)))).rejects.toThrow();
  });
});
