import {
  BROKER_FORMS,
  encodeAlerts,
  parseAlert,
  parseAlertJson,
  parseAlerts,
  readAlerts,
  readAlertStream,
  SURVEYS,
  toAlert,
  toJson,
  ZTF,
} from "@btsbot/alert";
import type { Alert, BrokerForm, PacketFields, Survey } from "@btsbot/alert";
import { toSafe } from "@btsbot/errors";
import type { BtsbotError } from "@btsbot/errors";
import { describe, expect, it } from "vitest";
import { SKYHUB, SKYWATCH } from "../../../test/support/skywatch.js";
import { makeAlert } from "./support/makeAlert.js";

const OBJECT = 7_000_000_000_000_000_001n;
const ID = 9_007_199_254_740_993n;
const surveys = [SKYWATCH];
const forms = [SKYHUB];
const stamp = (value: number) => ({ stampData: Uint8Array.of(0x1f, 0x8b, value) });

/** An alert of the made-up survey, as it is read. */
const ALERT: Alert = {
  objectId: `SKY${OBJECT}`,
  candid: ID,
  candidate: {
    skyObjectId: OBJECT,
    candid: ID + 2n,
    jd: 2461000.71234567,
    fid: 3,
    magpsf: 18.123456789,
    isdiffpos: true,
    sigmapsf: 0.1,
    drbversion: "d6_m7",
  },
  prv_candidates: [
    { skyObjectId: OBJECT, candid: ID + 4n, jd: 2460998.7, fid: 1, magpsf: 19, isdiffpos: false },
    { skyObjectId: null, candid: null, jd: 2460999.7, fid: 2, magpsf: null, isdiffpos: null, diffmaglim: 20.5 },
  ],
  fp_hists: [{ jd: 2460997.7, fid: 2, forcediffimflux: 12.5, forcediffimfluxunc: 3.25 }],
  cutoutScience: stamp(1),
  cutoutTemplate: stamp(2),
  cutoutDifference: stamp(3),
  extra: { site: "north" },
};

/** What the made-up broker makes of it, as text: the ids have all their digits. */
const DOCUMENT = `{"status": "ok", "payload": {
  "hubId": ${ID}, "site": "north",
  "source": {"skyObjectId": ${OBJECT}, "mjd": 61000.21234567, "band": "i", "mag": 18.123456789,
    "positive": true, "sigmapsf": 0.1, "drbversion": "d6_m7"},
  "pastSources": [{"skyObjectId": "${OBJECT}", "sourceId": ${ID + 4n}, "mjd": 60998.2, "band": "g", "mag": 19, "positive": false}],
  "upperLimits": [{"skyObjectId": null, "sourceId": null, "mjd": 60999.2, "band": "r", "mag": null, "positive": null, "diffmaglim": 20.5}],
  "forcedSources": [{"mjd": 60997.2, "band": "r", "flux": 12.5, "fluxErr": 3.25}],
  "images": {"science": {"hex": "1f8b01"}, "reference": {"hex": "1f8b02"}, "difference": {"hex": "1f8b03"}}}}`;

/** Without nulls, which the schema writes where a field is absent. */
function compact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(compact);
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, entry]) => entry !== null)
      .map(([name, entry]) => [name, compact(entry)]),
  );
}

function problemsOf(run: () => unknown): (string | undefined)[] {
  const outcome = toSafe(run);
  return outcome.success ? [] : outcome.error.problems.map(({ path }) => path);
}

describe("a survey of one's own", () => {
  const bytes = encodeAlerts([ALERT, ALERT], { survey: SKYWATCH, codec: "deflate" });

  it("is written with its own names, by its own schema", () => {
    const [packet] = readAlerts(bytes);
    // Nobody else knows what that is.
    expect(packet.success ? undefined : packet.error.problems.map(({ path }) => path)).toEqual([
      "objectId",
      "candid",
      "candidate",
    ]);
  });

  it("is read back equal, by every reader", async () => {
    const expected = compact(ALERT);
    for (const alert of parseAlerts(bytes, { surveys })) expect(compact(alert)).toEqual(expected);
    for (const outcome of readAlerts(bytes, { surveys })) {
      expect(outcome.success && compact(outcome.data)).toEqual(expected);
    }
    for await (const outcome of readAlertStream(bytes, { surveys })) {
      expect(outcome.success && compact(outcome.data)).toEqual(expected);
    }
    expect(compact(parseAlert(encodeAlerts([ALERT], { survey: SKYWATCH }), { surveys }))).toEqual(expected);
  });

  it("is read from what toJson writes, with and without being told, as an alert has one form", () => {
    const text = JSON.stringify(toJson(ALERT));
    expect(parseAlertJson(text)).toEqual(ALERT);
    expect(parseAlertJson(text, { surveys, forms })).toEqual(ALERT);
  });

  it("says what is wrong in its own words", () => {
    const packet = {
      alertId: ID,
      source: { mjd: null, sourceId: 2 ** 60 },
      pastSources: [{ mjd: 1 }, { mjd: "today", band: 7 }],
    };
    expect(problemsOf(() => toAlert(packet, { surveys }))).toEqual([
      "source.sourceId",
      "source.mjd",
      "pastSources[1].mjd",
      "pastSources[1].band",
    ]);
  });

  it("never makes an alert that is none, whatever its function gives", () => {
    const source = { mjd: 61000, band: "g" };
    const to = (made: unknown): Survey => ({ ...SKYWATCH, toAlert: () => made as PacketFields });
    const fails = (survey: Survey) => problemsOf(() => toAlert({ source }, { surveys: [survey] }));
    expect(fails(to({ objectId: "A", candid: 1n, candidate: { jd: "1", fid: NaN, magpsf: {} } }))).toEqual([
      "candidate.jd",
      "candidate.magpsf",
      "candidate.fid",
    ]);
    expect(fails(to({ objectId: "A", candid: 1n, candidate: { jd: 1, fid: 1 }, prv_candidates: [{}] }))).toEqual([
      "prv_candidates[0].jd",
      "prv_candidates[0].fid",
    ]);
    expect(fails(to(undefined))).toEqual([undefined]);
    expect(fails(to([1]))).toEqual([undefined]);
  });

  it("leaves the packets of others to others", () => {
    const packets = encodeAlerts([makeAlert(1), makeAlert(2)]);
    expect(parseAlerts(packets, { surveys, forms })).toEqual(parseAlerts(packets));
  });

  it("may be one that keeps an alert's names and has fields of its own", () => {
    const candidate = { fields: { ...ZTF.records.candidate.fields, cameraId: "long" } } as const;
    const narrow: Survey = { ...ZTF, name: "narrow", records: { candidate } };
    const read = (survey: Survey[]) =>
      toAlert(
        { objectId: "N1", candid: 1n, candidate: { jd: 1, fid: 1, cameraId: "12" }, fp_hists: [{ jd: 1, fid: 2 }] },
        { surveys: survey },
      );
    expect(read([narrow]).candidate.cameraId).toBe(12n);
    expect(read([]).candidate.cameraId).toBe("12");
    expect(read([narrow]).fp_hists).toEqual([{ jd: 1, fid: 2 }]);
    expect(problemsOf(() => toAlert({ objectId: "N1", candid: 1n, candidate: {} }, { surveys: [narrow] }))).toEqual([
      "candidate.jd",
      "candidate.fid",
    ]);
  });
});

describe("a broker's form of one's own", () => {
  it("is undone before the packet is read, in all that reads documents", () => {
    // The broker has the id of the detection in one place alone.
    const { candid: _, ...candidate } = ALERT.candidate;
    const expected = compact({ ...ALERT, candidate, extra: { site: "north", hubId: ID } });
    expect(compact(parseAlertJson(DOCUMENT, { surveys, forms }))).toEqual(expected);
    expect(compact(parseAlert(new TextEncoder().encode(DOCUMENT), { surveys, forms }))).toEqual(expected);
    const lines = new TextEncoder().encode(`${DOCUMENT.replaceAll("\n", " ")}\n`.repeat(3));
    expect(parseAlerts(lines, { surveys, forms }).map(compact)).toEqual([expected, expected, expected]);
    const [first] = parseAlerts(new TextEncoder().encode(`[${DOCUMENT}]`), { surveys, forms });
    expect(compact(first)).toEqual(expected);
  });

  it("says what is wrong with its own lists by their names", () => {
    const payload = { hubId: 2 ** 60, source: { mjd: 1, band: "g", skyObjectId: 1 }, upperLimits: [{ mjd: "x" }] };
    const read = (document: object) => problemsOf(() => toAlert(document, { surveys, forms }));
    expect(read({ payload })).toEqual(["upperLimits[0].mjd"]);
    expect(read({ payload: { ...payload, upperLimits: null } })).toEqual(["hubId"]);
  });

  it("works for the packets of a ready survey too, and for what else is done to them", () => {
    const ztf = {
      objectId: "ZTF1",
      candid: 5n,
      candidate: { jd: 1, fid: 1 },
      prv_nondetections: [{ jd: 0, fid: 1, diffmaglim: 20 }],
      cutoutScience: [[1]],
      cutoutTemplate: { hex: "1f8b" },
    };
    const alert = toAlert({ payload: ztf }, { forms });
    expect(alert).toEqual({
      ...toAlert({ ...ztf, cutoutTemplate: null }),
      cutoutTemplate: { stampData: Uint8Array.of(0x1f, 0x8b) },
    });
    expect(alert.prv_candidates).toHaveLength(1);
  });

  it("is checked in what it makes, whatever the schema says of what it was given", () => {
    const text: BrokerForm = {
      name: "text",
      toPacket: ({ candidate, ...rest }) => ({ ...rest, candidate: { ...(candidate as object), magpsf: "18" } }),
    };
    const bytes = encodeAlerts([makeAlert(1)]);
    expect(problemsOf(() => parseAlert(bytes, { forms: [text] }))).toEqual(["candidate.magpsf"]);
  });

  it("that fails at one document is the error of that document", () => {
    const failing: BrokerForm = {
      name: "failing",
      toPacket: (document) => {
        if (document.objectId === "B") throw new RangeError("no B");
        return document;
      },
    };
    const line = (objectId: string) => JSON.stringify({ objectId, candid: 1, candidate: { jd: 1, fid: 1 } });
    const bytes = new TextEncoder().encode([line("A"), line("B"), line("C")].join("\n"));
    const outcomes = [...readAlerts(bytes, { forms: [failing] })];
    expect(outcomes.map(({ success }) => success)).toEqual([true, false, true]);
    const [, { error }] = outcomes as { readonly error: BtsbotError }[];
    expect(error.code).toBe("alert-invalid");
    expect(error.message).toMatch(/the form "failing" failed on this document.*RangeError: no B/);
  });
});

describe("what is given", () => {
  it.each<[string, object, RegExp]>([
    ["a survey with a misspelt field", { surveys: [{ ...SKYWATCH, detecton: "x" }] }, /`detecton`.*`detection`/],
    ["a form with a misspelt field", { forms: [{ name: "f", list: {} }] }, /`list`.*`lists`/],
    ["a survey without a name", { surveys: [{ ...SKYWATCH, name: undefined }] }, /`name` to be a string, got nothing/],
    ["a survey without records", { surveys: [{ ...SKYWATCH, records: null }] }, /"skywatch".*`records`/],
    ["a survey whose detection is no record", { surveys: [{ ...SKYWATCH, detection: "x" }] }, /`records.x`/],
    ["a survey with other names and no way to an alert", { surveys: [{ ...SKYWATCH, toAlert: undefined }] }, /toAlert/],
    ["a survey that is text", { surveys: ["ztf"] }, /as an object, got "ztf"/],
    ["a form that is nothing", { forms: [null] }, /as an object, got null/],
  ])("is refused where it is %s, before anything is read", (_, options, message) => {
    expect(() => toAlert({}, options)).toThrow(TypeError);
    expect(() => parseAlert(new Uint8Array(0), options)).toThrow(message);
    expect(() => readAlerts(new Uint8Array(0), options)).toThrow(message);
  });

  it("may be what is ready: the lists hold objects as any other", () => {
    const alert = { objectId: "ZTF1", candid: 1n, candidate: { jd: 1, fid: 1 } };
    expect(toAlert(alert, { surveys: SURVEYS, forms: BROKER_FORMS })).toEqual(alert);
    expect([...encodeAlerts([alert], { survey: ZTF })]).toEqual([...encodeAlerts([alert])]);
  });
});
