import { readFileSync } from "node:fs";
import { parseAlerts } from "@btsbot/alert";
import type { Alert } from "@btsbot/alert";
import { createScorer } from "@btsbot/core";
import type { ScoreOutcome, Scorer } from "@btsbot/core";
import { writeFits } from "@btsbot/cutout";
import { BtsbotError } from "@btsbot/errors";
import { createModel, initializeWeights, mmCnn } from "@btsbot/model";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { stubEngine } from "../../../test/support/stubEngine.js";
import { describeWithData } from "../../../test/support/testData.js";

const POINT = {
  jd: 2461000.5,
  fid: 1,
  candid: 3n,
  isdiffpos: "t",
  magpsf: 18.2,
  sigmapsf: 0.1,
  programid: 1,
  drb: 0.9,
};
const stampData = writeFits({ width: 63, height: 63, pixels: new Float32Array(3969).fill(1) });
const cutout = { fileName: "stamp.fits.gz", stampData };
const ALERT: Alert = {
  objectId: "ZTF26aaaaaaa",
  candid: 3n,
  candidate: POINT,
  prv_candidates: [{ ...POINT, jd: 2460999.5, candid: 2n }],
  fp_hists: [{ jd: 2460998.5, fid: 2, forcediffimflux: 5, forcediffimfluxunc: 1 }],
  cutoutScience: cutout,
  cutoutTemplate: cutout,
  cutoutDifference: cutout,
};

/** Values of every type, of which an alert has another at any of its places. */
const VALUES = [null, undefined, 5, NaN, -999, "x", "", true, 5n, [], [null], {}, new Map(), new Date(0)];
const GIVEN = [...VALUES, () => 1, Symbol("x"), new Uint8Array(3), new Proxy({}, {})];

const ENGINE = stubEngine(async (_, count) => new Float32Array(count).fill(0.5));

let scorer: Scorer;
beforeAll(async () => {
  const model = await createModel(mmCnn("mm", "7"), initializeWeights(mmCnn(), 1));
  scorer = await createScorer({ models: [model], engine: ENGINE });
});

/** Every place in an alert, from the whole to the fields of its points; what holds bytes is one place. */
function placesOf(value: unknown, place: readonly string[] = []): (readonly string[])[] {
  const isLeaf = typeof value !== "object" || value === null || ArrayBuffer.isView(value);
  if (isLeaf) return [place];
  return [place, ...Object.entries(value).flatMap(([key, inner]) => placesOf(inner, [...place, key]))];
}

function replace(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by;
  const inner = replace((value as Record<string, unknown>)[key], rest, by);
  if (!Array.isArray(value)) return { ...(value as object), [key]: inner };
  return value.map((each, index) => (String(index) === key ? inner : (each as unknown)));
}

async function score(alerts: readonly unknown[]): Promise<ScoreOutcome[]> {
  const outcomes: ScoreOutcome[] = [];
  for await (const outcome of scorer.scoreAlerts(alerts as Alert[])) outcomes.push(outcome);
  return outcomes;
}

/** The wrong one has a result or an error of ours, and those beside it what they have alone. */
async function expectApart(alert: Alert, places: readonly (readonly string[])[]): Promise<void> {
  const [alone] = await score([alert]);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...places), fc.constantFrom(...GIVEN), async (place, by) => {
      const [before, wrong, after, ...more] = await score([alert, replace(alert, place, by), alert]);
      expect([before.success && before.data, after.success && after.data]).toEqual(
        [alone, alone].map((each) => each.success && each.data),
      );
      expect(more).toEqual([]);
      if (wrong.success) expect(["scored", "unscored"]).toContain(wrong.data.scores.mm.status);
      else expect(wrong.error).toBeInstanceOf(BtsbotError);
    }),
    { numRuns: 300 },
  );
}

describe("an alert of wrong types, as JavaScript makes them", () => {
  it.each<readonly [string, readonly string[], unknown, string, string]>([
    ["no number for its date", ["candidate", "jd"], 2461000n, "alert-invalid", "candidate.jd"],
    ["a text for its history", ["prv_candidates"], "none", "alert-invalid", "prv_candidates"],
    ["null in its history", ["prv_candidates", "0"], null, "alert-invalid", "prv_candidates[0]"],
    ["a text for a past date", ["prv_candidates", "0", "jd"], "2460999.5", "alert-invalid", "prv_candidates[0].jd"],
    ["a Map of forced photometry", ["fp_hists"], new Map(), "alert-invalid", "fp_hists"],
    ["a number for its name", ["objectId"], 5, "alert-invalid", "objectId"],
    ["a list for its detection", ["candidate"], [], "alert-invalid", "candidate.jd"],
    ["nothing for its detection", ["candidate"], null, "input-invalid", ""],
  ])("with %s gets its error, and the others score", async (_, place, by, code, path) => {
    const [before, wrong, after] = await score([ALERT, replace(ALERT, place, by), ALERT]);
    expect([before.success, after.success]).toEqual([true, true]);
    expect(wrong.success).toBe(false);
    const { error } = wrong as Extract<ScoreOutcome, { success: false }>;
    expect([error.code, error.path ?? ""]).toEqual([code, path]);
  });

  it.each([5, "x", [], {}, { stampData: "x" }, { stampData: 5n }, { stampData: [1, 2] }, true])(
    "with the stamp %o gets a reason",
    async (stamp) => {
      const [wrong] = await score([replace(ALERT, ["cutoutTemplate"], stamp)]);
      expect(wrong).toMatchObject({ success: true, data: { scores: { mm: { status: "unscored" } } } });
      const { reasons } = (wrong as Extract<ScoreOutcome, { success: true }>).data.scores.mm as { reasons?: object[] };
      expect(reasons).toContainEqual(expect.objectContaining({ path: "cutoutTemplate" }));
    },
  );

  it("never touches the alerts beside it, whatever is wrong and wherever", () => expectApart(ALERT, placesOf(ALERT)));
});

describeWithData("a real alert of wrong types", (folder) => {
  it("never touches the alerts beside it, whatever is wrong and wherever", async () => {
    const [alert] = parseAlerts(readFileSync(`${folder}/alerts/2695378462115010012.avro`));
    await expectApart(alert, placesOf(alert));
  });
});
