import {
  BABAMUL,
  BOOM,
  BOOM_RESULTS,
  BROKER_FORMS,
  DEFAULT_FORMS,
  encodeAlerts,
  FINK_ROWS,
  parseAlertJson,
  readAlerts,
  safeParseAlertJson,
  toAlert,
  toJson,
  toLightCurve,
} from "@btsbot/alert";
import { toSafe } from "@btsbot/errors";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const CANDID = 1127495406315015005n;
const ALERT = `{"objectId": "ZTF20aajcdad", "candid": ${CANDID}, "candidate": {"jd": 2458881, "fid": 1, "magpsf": 18}}`;
const forms = BROKER_FORMS;
const failureOf = (text: string) => {
  const outcome = safeParseAlertJson(text, { forms });
  return outcome.success ? undefined : { code: outcome.error.code, message: outcome.error.message };
};
const outcomesOf = (text: string) => [...readAlerts(new TextEncoder().encode(text), { forms })];
/** The flux of a magnitude, as BOOM writes it for ZTF. */
const fluxOf = (magnitude: number): number => 10 ** ((23.9 - magnitude) / 2.5 + 9);

describe("answers of an API", () => {
  it.each([
    ["a list", `{"status": "success", "data": [${ALERT}]}`],
    ["one alert", `{"status": "success", "message": "found", "data": ${ALERT}}`],
    [
      "a search around positions",
      `{"status": "success", "data": {"ZTF_alerts": {"10, 20": [${ALERT}], "11, 21": []}}}`,
    ],
    ["an answer in an answer", `{"status": "success", "data": {"status": "ok", "data": [${ALERT}]}}`],
  ])("are opened: %s", (_, text) => {
    expect(parseAlertJson(text, { forms }).candid).toBe(CANDID);
    expect(parseAlertJson(ALERT, { forms })).toEqual(parseAlertJson(text, { forms }));
  });

  it("give all their alerts, and one that is bad does not hide the others", () => {
    const text = `{"status": "success", "data": [${ALERT}, {"objectId": 5}, ${ALERT}, 7]}\n${ALERT}`;
    expect(outcomesOf(text).map(({ success }) => success)).toEqual([true, false, true, false, true]);
    expect(failureOf(`{"status": "success", "data": [${ALERT}, ${ALERT}]}`)?.code).toBe("alert-count");
    expect(failureOf(`{"status": "success", "data": []}`)?.code).toBe("alert-count");
  });

  it("that are errors say so", () => {
    expect(failureOf(`{"status": "error", "message": "no such object"}`)).toEqual({
      code: "alert-incomplete",
      message: expect.stringMatching(/error.*no such object/) as string,
    });
  });
});

describe("BOOM's documents", () => {
  it("are read with bands for filters", () => {
    const candidate = { jd: 10, band: "r", magpsf: 18, isdiffpos: false };
    const prv_candidates = [{ jd: 9, band: "g", magpsf: 19, sigmapsf: 0.1 }];
    const prv_nondetections = [{ jd: 8, band: "i", diffmaglim: 20.5 }];
    const alert = toAlert({ _id: 5, objectId: "a", candidate, prv_candidates, prv_nondetections, cutoutScience: "" });
    expect([alert.candid, alert.candidate.fid, alert.candidate.isdiffpos]).toEqual([5n, 2, false]);
    const { detections, nondetections } = toLightCurve(alert);
    expect(detections.map(({ fid, positive }) => [fid, positive])).toEqual([
      [1, true],
      [2, false],
    ]);
    expect(nondetections).toEqual([{ jd: 8, fid: 3, diffmaglim: 20.5 }]);
    expect(alert.form).toEqual({ name: "boom", flags: ["isdiffpos-assumed"] });
  });

  it("say which band they do not know", () => {
    const candidate = { jd: 10, band: "w", magpsf: 18 };
    const result = toSafe(() => toAlert({ _id: 5, objectId: "a", candidate }));
    expect(result.success ? [] : result.error.problems.map(({ path }) => path)).toEqual(["candidate.fid"]);
  });

  it("of Rubin keep its filters, and its survey", () => {
    const candidate = { jd: 10, band: "r", diaSourceId: 3, psfFlux: 3631, psfFluxErr: 36.31 };
    const alert = toAlert({ candid: 3, objectId: "7", candidate });
    expect(alert.candidate.fid).toBe(13);
    expect(alert.candidate.magpsf).toBeCloseTo(22.5, 3);
    expect(alert.survey ?? alert.extra?.survey).toBe("lsst");
  });
});

describe("fluxes", () => {
  const magnitudes = fc.double({ min: 12, max: 23, noNaN: true });
  const errors = fc.double({ min: 0.001, max: 1, noNaN: true });

  it("become the magnitudes, errors, signs and limits that they were made of", () => {
    fc.assert(
      fc.property(magnitudes, magnitudes, errors, fc.boolean(), (own, magnitude, error, positive) => {
        const psfFlux = fluxOf(magnitude) * (positive ? 1 : -1);
        const psfFluxErr = (Math.abs(psfFlux) * error * Math.LN10) / 2.5;
        const alert = toAlert(
          {
            candid: 1,
            objectId: "a",
            candidate: { jd: 10, fid: 1, band: "g", magpsf: own, psfFlux: fluxOf(own), isdiffpos: true },
            prv_candidates: [{ jd: 9, band: "r", psfFlux, psfFluxErr }],
            prv_nondetections: [{ jd: 8, band: "i", psfFluxErr: fluxOf(magnitude) / 5 }],
            survey_matches: {},
          },
          { forms: [BABAMUL] },
        );
        const [detection] = toLightCurve(alert).detections;
        expect(detection.magpsf).toBeCloseTo(magnitude, 9);
        expect(detection.sigmapsf).toBeCloseTo(error, 9);
        expect(detection.positive).toBe(positive);
        expect(toLightCurve(alert).nondetections[0].diffmaglim).toBeCloseTo(magnitude, 9);
        expect(alert.form).toMatchObject({ name: "babamul", flags: ["magnitude-from-flux", "limit-from-flux-error"] });
      }),
    );
  });

  it("are read by the zero point that the alert's own magnitude shows, should BOOM mend its unit", () => {
    const mended = fluxOf(19) / 1e6;
    const candidate = { jd: 10, fid: 1, band: "g", magpsf: 19, psfFlux: mended };
    const prv_candidates = [{ jd: 9, band: "g", psfFlux: mended }];
    const alert = toAlert({ candid: 1, objectId: "a", candidate, prv_candidates }, { forms: [BABAMUL] });
    expect(alert.prv_candidates![0].magpsf).toBeCloseTo(19, 9);
  });

  it("that are not there give nothing", () => {
    const candidate = { jd: 10, fid: 1, band: "g", magpsf: 19, psfFlux: fluxOf(19) };
    const prv_candidates = [
      { jd: 9, band: "g", psfFlux: 0, psfFluxErr: null },
      { jd: 8, band: "g", psfFlux: -99999, psfFluxErr: -99999 },
      { jd: 7, band: "g", psfFlux: NaN, psfFluxErr: NaN },
    ];
    const alert = toAlert({ candid: 1, objectId: "a", candidate, prv_candidates }, { forms: [BABAMUL] });
    expect(toLightCurve(alert)).toMatchObject({ detections: [{ jd: 10 }], nondetections: [] });
  });
});

describe("results of BOOM's filters", () => {
  const point = { band: "g", origin: "Alert", programid: 1, survey: "Ztf", ra: 10, dec: 20 };
  const result = {
    candid: CANDID,
    objectId: "ZTF20aajcdad",
    jd: 2461000.5,
    ra: 10.5,
    dec: 20.5,
    survey: "Ztf",
    filters: [{ filter_id: "7", filter_name: "bright", passed_at: 1, annotations: "{}" }],
    classifications: [
      { classifier: "btsbot", score: 0.5, distance_arcsec: null },
      { classifier: "drb", score: 0.75, distance_arcsec: null },
      { classifier: "sgscore1", score: 0.25, distance_arcsec: 1.5 },
    ],
    photometry: [
      { ...point, jd: 2460998.5, band: "r", flux: -fluxOf(19), flux_err: fluxOf(19) / 10 },
      { ...point, jd: 2460999.5, flux: null, flux_err: fluxOf(20) / 5 },
      { ...point, jd: 2461000.5, flux: fluxOf(18.5), flux_err: fluxOf(18.5) / 10 },
      { ...point, jd: 2460999.5, flux: 5, flux_err: 10, origin: "ForcedPhot" },
      { ...point, jd: 2460999.5, band: "y", flux: 5, flux_err: 10, survey: "Lsst" },
    ],
    cutoutScience: Uint8Array.of(1),
    cutoutTemplate: Uint8Array.of(2),
    cutoutDifference: Uint8Array.of(3),
  };
  const options = { forms: [BOOM_RESULTS] };

  it("become an alert with a history, forced photometry, stamps and the sender's scores", () => {
    const alert = toAlert(result, options);
    expect(alert.candidate).toMatchObject({ candid: CANDID, jd: 2461000.5, ra: 10.5, dec: 20.5, fid: 1, drb: 0.75 });
    expect(alert.candidate.magpsf).toBeCloseTo(18.5, 9);
    const { detections, nondetections } = toLightCurve(alert);
    expect(detections.map(({ fid, positive, programid }) => [fid, positive, programid])).toEqual([
      [2, false, 1],
      [1, true, 1],
    ]);
    expect(nondetections[0].diffmaglim).toBeCloseTo(20, 9);
    expect(alert.fp_hists).toMatchObject([{ jd: 2460999.5, fid: 1, psfFlux: 5 }]);
    expect(alert.classifications).toEqual({ btsbot: 0.5, drb: 0.75, sgscore1: 0.25 });
    expect(alert.cutoutDifference!.stampData).toEqual(Uint8Array.of(3));
    expect(alert.extra).toMatchObject({ filters: [{ filter_name: "bright" }], photometry: [{ survey: "Lsst" }] });
    expect(alert.form!.lacks).toMatch(/no candidate/);
  });

  it("without the alert's own point are refused by name", () => {
    const outcome = toSafe(() => toAlert({ ...result, photometry: [] }, options));
    expect(!outcome.success && outcome.error.message).toMatch(/BOOM's filters/);
  });
});

describe("rows of Fink's API", () => {
  const row = {
    "i:objectId": "ZTF20aajcdad",
    "i:candid": 5,
    "i:jd": 2458881,
    "i:fid": 1,
    "i:magpsf": 18,
    "d:roid": 0,
    "v:lapse": 3,
  };
  const options = { forms: [FINK_ROWS] };

  it("become alerts without a history, flagged, and say where the stamps are", () => {
    const alert = toAlert(row, options);
    expect(alert).toMatchObject({ objectId: "ZTF20aajcdad", candid: 5n, candidate: { magpsf: 18 } });
    expect(alert.extra).toEqual({ "d:roid": 0, "v:lapse": 3 });
    expect(alert.form).toMatchObject({
      flags: ["history-absent"],
      lacks: expect.stringContaining("withcutouts") as string,
    });
  });

  it("with stamps as lists keep them", () => {
    const stamp = [
      [1, null],
      [3, 4],
    ];
    const names = ["Science", "Template", "Difference"].map((plane) => [`b:cutout${plane}_stampData`, stamp]);
    const alert = toAlert({ ...row, ...Object.fromEntries(names) }, options);
    expect(alert.cutoutDifference!.stampData).toHaveLength(5760);
    expect(alert.form).toEqual({ name: "fink-rows", flags: ["history-absent"] });
  });

  it("of upper limits are left out", () => {
    const limit = { ...row, "i:candid": null, "i:magpsf": null, "d:tag": "upperlim" };
    expect(outcomesOf(JSON.stringify([limit, row, limit])).map(({ success }) => success)).toEqual([true]);
  });
});

describe("what is known and is no alert", () => {
  const detection = { tid: "ztf", mjd: 58288.5, fid: 1, magpsf: 18, candid: "5" };
  const resource = { type: "alert", id: "x", attributes: { properties: { ztf_jd: 10, ztf_fid: 1, ztf_magpsf: 18 } } };
  it.each([
    ["ALeRCE", [detection, detection]],
    ["ALeRCE", { detections: [detection], non_detections: [] }],
    ["ALeRCE", { oid: "ZTF20aajcdad", firstmjd: 58288, meanra: 10, meandec: 20 }],
    [
      "Lasair",
      [
        { object: "ZTF20aajcdad", separation: 1.5 },
        { object: "ZTF20aajcdae", separation: 2.5 },
      ],
    ],
    ["Lasair", { objectId: "ZTF20aajcdad", objectData: {}, candidates: [{ jd: 10, fid: 1, magpsf: 18 }] }],
    ["ANTARES", { data: [resource, resource], links: {}, meta: { count: 2 } }],
    ["ANTARES", { data: { ...resource, type: "locus" } }],
  ])("is refused once, with the name of %s, what is missing and where it is", (name, document) => {
    const outcomes = outcomesOf(JSON.stringify(document));
    expect(outcomes).toHaveLength(1);
    const [outcome] = outcomes;
    expect(!outcome.success && outcome.error.code).toBe("alert-incomplete");
    const message = outcome.success ? "" : outcome.error.message;
    expect(message).toContain(name);
    expect(message).not.toContain("objectId");
  });

  it("is anybody's where no form is given: the error says that there are more", () => {
    const outcome = safeParseAlertJson(JSON.stringify({ mjd: 58288.5, fid: 1, tid: "ztf" }));
    expect(!outcome.success && outcome.error.message).toContain("BROKER_FORMS");
    expect(failureOf('{"objectId": "a"}')?.message).not.toContain("BROKER_FORMS");
  });
});

describe("every form", () => {
  it("leaves a packet alone, and what is not its own", () => {
    const packet = { objectId: "a", candid: 1n, candidate: { jd: 10, fid: 1, magpsf: 18 }, prv_candidates: null };
    for (const form of BROKER_FORMS) {
      for (const document of [packet, {}, { data: 5 }, { status: 3, data: [] }, { candidates: {} }]) {
        expect(form.open?.(document), form.name).toBeUndefined();
        expect(form.readCurve?.(document), form.name).toBeUndefined();
        if (form.toPacket) expect(form.toPacket(document), form.name).toBe(document);
      }
    }
  });

  it("is given once where it is given and ready", () => {
    const prv_nondetections = [{ jd: 8, fid: 1, diffmaglim: 20 }];
    const document = { _id: 1, objectId: "a", candidate: { jd: 10, fid: 1 }, prv_nondetections };
    for (const forms of [BROKER_FORMS, DEFAULT_FORMS, [BOOM, BABAMUL]])
      expect(toAlert(document, { forms }).prv_candidates).toHaveLength(1);
  });

  it("is said of an alert that is written as JSON and read again, and not in a packet", () => {
    const candidate = { jd: 10, band: "g", magpsf: 18 };
    const classifications = { btsbot: 0.5 };
    const alert = toAlert({ _id: 1, objectId: "a", classifications, candidate });
    expect(alert.form).toBeDefined();
    expect(toAlert(JSON.parse(JSON.stringify(toJson(alert))))).toEqual(alert);
    const { extra: _, classifications: __, ...packet } = alert;
    expect(() => encodeAlerts([{ ...packet, candidate: { jd: 10, fid: 1 } }])).not.toThrow();
  });

  it.each([
    ["form", { name: 5 }],
    ["form", { name: "a", other: 1 }],
    ["form", { name: "a", flags: ["<b>"] }],
    ["form", "a"],
    ["classifications", [1]],
  ])("is not what a document says under %s in another shape: %j", (name, value) => {
    const alert = toAlert({ objectId: "a", candid: 1n, candidate: { jd: 10, fid: 1 }, [name]: value });
    expect(alert.extra).toEqual({ [name]: value });
  });
});

it("reads of a short answer that holds any number of what are no alerts only so many", () => {
  const text = `{"status": "success", "data": [${Array.from({ length: 30_000 }, () => "{}").join()}]}`;
  const outcomes = outcomesOf(text);
  expect(outcomes.length).toBeLessThan(2000);
  expect(outcomes.at(-1)).toMatchObject({ success: false, error: { code: "limit-exceeded" } });
});
