import {
  addStamps,
  encodeAlerts,
  parseCutouts,
  parseLightCurves,
  safeParseLightCurves,
  toAlert,
  toLightCurve,
  BABAMUL,
} from "@btsbot/alert";
import type { Alert, StoredPoint } from "@btsbot/alert";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const NAME = "ZTF20aajcdad";
const DETECTION = { jd: 2458878.8778704, fid: 2, candid: 534377870115010099n, magpsf: 18.75, sigmapsf: 0.125 };
const LIMIT = { jd: 2458877.5, fid: 1, diffmaglim: 20.5 };

/** The same history as each broker says it. */
const ANSWERS: readonly (readonly [string, unknown])[] = [
  [
    "alerce",
    {
      detections: [
        {
          tid: "ztf",
          oid: NAME,
          mjd: 58878.3778704,
          fid: 2,
          candid: "534377870115010099",
          magpsf: 18.75,
          sigmapsf: 0.125,
        },
      ],
      non_detections: [{ tid: "ztf", mjd: 58877, fid: 1, diffmaglim: 20.5 }],
      oid: NAME,
    },
  ],
  ["lasair", { objectId: NAME, candidates: [{ ...DETECTION, candid: "534377870115010099" }], noncandidates: [LIMIT] }],
  [
    "antares",
    {
      data: [
        { ztf_jd: LIMIT.jd, ztf_fid: 1, ztf_diffmaglim: 20.5 },
        { ztf_jd: DETECTION.jd, ztf_fid: 2, ztf_candid: DETECTION.candid, ztf_magpsf: 18.75, ztf_sigmapsf: 0.125 },
      ].map((properties) => ({ type: "alert", attributes: { properties: { ...properties, ztf_object_id: NAME } } })),
    },
  ],
  [
    "fink-rows",
    {
      status: "success",
      data: [
        { "i:objectId": NAME, "i:jd": LIMIT.jd, "i:fid": 1, "i:diffmaglim": 20.5, "i:candid": null },
        {
          "i:objectId": NAME,
          "i:jd": DETECTION.jd,
          "i:fid": 2,
          "i:candid": DETECTION.candid,
          "i:magpsf": 18.75,
          "i:sigmapsf": 0.125,
        },
      ],
    },
  ],
  ["fritz", { status: "success", data: { _id: NAME, prv_candidates: [LIMIT, DETECTION], cross_matches: {} } }],
];

describe("parseLightCurves", () => {
  it.each(ANSWERS)("reads the same light curve from %s", (form, answer) => {
    expect(parseLightCurves(answer as object)).toEqual([{ form, objectId: NAME, points: [LIMIT, DETECTION] }]);
  });

  it("gives points that toLightCurve takes, and counts what the packet has already once", () => {
    const alert: Alert = {
      objectId: NAME,
      candid: 7n,
      candidate: { jd: 2458881, fid: 1, magpsf: 18.25 },
      prv_candidates: [DETECTION],
    };
    for (const [, answer] of ANSWERS) {
      const [{ points }] = parseLightCurves(answer as object);
      const { detections, nondetections } = toLightCurve(alert, points);
      expect(detections.map(({ magpsf }) => magpsf)).toEqual([18.75, 18.25]);
      expect(nondetections).toEqual([LIMIT]);
    }
  });

  it("reads text with exact ids, and packets, each source apart", () => {
    const text = `[{"tid": "ztf", "oid": "a", "mjd": 58878, "fid": 1, "candid": 534377870115010099, "magpsf": 18},
      {"tid": "ztf", "oid": "b", "mjd": 58877, "fid": 1, "magpsf": 19}]`;
    expect(parseLightCurves(text).map(({ objectId, points }) => [objectId, points[0].candid])).toEqual([
      ["a", 534377870115010099n],
      ["b", undefined],
    ]);
    const alert = {
      objectId: NAME,
      candid: 7n,
      candidate: { jd: 2458881, fid: 1, magpsf: 18.25 },
      prv_candidates: [LIMIT],
    };
    const [curve] = parseLightCurves(encodeAlerts([alert]));
    expect([curve.form, curve.points.map(({ jd }) => jd)]).toEqual(["packet", [LIMIT.jd, 2458881]]);
  });

  it("has the packet's own dates, whatever an MJD lost of them", () => {
    fc.assert(
      fc.property(fc.integer({ min: 24_580_000_000_000, max: 24_700_000_000_000 }), (tenMillionths) => {
        const jd = tenMillionths / 1e7;
        const [{ points }] = parseLightCurves({
          tid: "ztf",
          mjd: Number((jd - 2400000.5).toFixed(8)),
          fid: 1,
          magpsf: 18,
        });
        expect(points[0].jd).toBe(jd);
      }),
    );
  });

  it("leaves out what is no point", () => {
    const candidates = [
      null,
      5,
      {},
      { jd: 10 },
      { jd: 10, fid: 1 },
      { jd: "x", fid: 1, magpsf: 3 },
      { jd: NaN, fid: 1, magpsf: 3 },
      LIMIT,
    ];
    expect(parseLightCurves({ objectId: NAME, candidates })[0].points).toEqual([LIMIT] satisfies StoredPoint[]);
  });

  it.each([
    [[{ object: NAME, separation: 1.5 }], "alert-incomplete", /Lasair.*names without light curves/],
    [{ oid: NAME, firstmjd: 58288 }, "alert-incomplete", /object of ALeRCE/],
    [{ data: { type: "locus", attributes: { properties: {} } } }, "alert-incomplete", /locus of ANTARES/],
    [{ status: "error", message: "no such object" }, "alert-incomplete", /no such object/],
    [[], "alert-incomplete", /nothing/],
    [{ weather: "fine" }, "alert-invalid", /objectId/],
    [5, "alert-invalid", /an object/],
  ])("refuses %j", (answer, code, message) => {
    const outcome = safeParseLightCurves(JSON.stringify(answer).padStart(1));
    expect(outcome.success).toBe(false);
    if (outcome.success || typeof answer === "number") return;
    expect(outcome.error.code).toBe(code);
    expect(outcome.error.message).toMatch(message);
  });
});

describe("addStamps", () => {
  const answer = {
    candid: 5,
    cutoutScience: "H4sB",
    cutoutTemplate: [31, 139, 2],
    cutoutDifference: { stampData: "H4sD" },
  };
  const candidate = { jd: 10, fid: 1, band: "g", magpsf: 18, psfFlux: 1 };
  const prv_candidates = [{ jd: 9, band: "g", psfFlux: 228811180000, psfFluxErr: 1e9 }];
  const alert = toAlert(
    { candid: 5n, objectId: "a", candidate, prv_candidates, survey_matches: {} },
    { forms: [BABAMUL] },
  );

  it("gives an alert what its broker keeps elsewhere, and says no more that it lacks", async () => {
    expect(alert.form!.lacks).toMatch(/no stamps/);
    const asked: bigint[] = [];
    const whole = await addStamps(alert, async (candid) => {
      asked.push(candid);
      return parseCutouts({ status: "success", data: answer }, candid);
    });
    expect(asked).toEqual([5n]);
    expect(whole.cutoutDifference!.stampData).toEqual(Uint8Array.of(31, 139, 3));
    expect(whole.form).toEqual({ name: "babamul", flags: ["magnitude-from-flux"] });
    expect(await addStamps(whole, () => Promise.reject(new Error("asked again")))).toBe(whole);
  });

  it("throws what the fetching throws, and refuses what are not bytes", async () => {
    await expect(addStamps(alert, () => Promise.reject(new Error("offline")))).rejects.toThrow("offline");
    const texts = { science: "H4s=", template: "H4s=", difference: "H4s=" } as never;
    await expect(addStamps(alert, async () => texts)).rejects.toThrow(/science.*not bytes/);
  });

  it("does not take the stamps of another alert, nor two of three", () => {
    expect(() => parseCutouts({ ...answer, candid: "6" }, 5n)).toThrow(/candid.*stamps of 5/);
    expect(() => parseCutouts({ ...answer, cutoutTemplate: "" }, 5n)).toThrow(/cutoutTemplate/);
    expect(() => parseCutouts("<html>")).toThrow(/an object with three stamps/);
  });
});
