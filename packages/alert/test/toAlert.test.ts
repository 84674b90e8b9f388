import { toAlert } from "@btsbot/alert";
import type { Alert } from "@btsbot/alert";
import { BtsbotError } from "@btsbot/errors";
import type { Problem } from "@btsbot/errors";
import { describe, expect, it } from "vitest";

const CANDID = 1127495406315015005n;
const minimal = { objectId: "ZTF99aaaaaaa", candid: CANDID, candidate: { jd: 2459000.5, fid: 1 } };

function withCandidate(fields: object): Alert {
  return toAlert({ ...minimal, candidate: { ...minimal.candidate, ...fields } });
}

function problemsOf(document: unknown): Pick<Problem, "code" | "path">[] {
  try {
    toAlert(document);
  } catch (error) {
    if (error instanceof BtsbotError) return error.problems.map(({ code, path }) => ({ code, path }));
    throw error;
  }
  return [];
}

const invalid = (...paths: (string | undefined)[]): object[] => paths.map((path) => ({ code: "alert-invalid", path }));

describe("toAlert", () => {
  it("takes the least that is an alert, and adds nothing", () => {
    expect(toAlert(minimal)).toEqual(minimal);
    expect(Object.keys(toAlert(minimal)).sort()).toEqual(["candid", "candidate", "objectId"]);
  });

  it("tells null from absent, and keeps NaN and unknown fields", () => {
    const document = {
      ...minimal,
      prv_candidates: null,
      fp_hists: [],
      cutoutScience: null,
      schemavsn: null,
      candidate: { jd: 1, fid: 1, drb: null, magpsf: NaN, nneg: NaN, psfFlux: 12.5, band: "g" },
    };
    expect(toAlert(document)).toEqual(document);
    expect("publisher" in toAlert(document)).toBe(false);
  });

  it("does not change the document", () => {
    const document = {
      ...minimal,
      candidate: { ...minimal.candidate, pid: "7" },
      prv_candidates: [{ jd: 1, fid: 1, candid: "5" }],
    };
    const before = structuredClone(document);
    const alert = toAlert(document);
    expect(document).toEqual(before);
    expect(alert.candidate.pid).toBe(7n);
    expect(alert.prv_candidates?.[0].candid).toBe(5n);
  });

  it.each<[string, unknown]>([
    ["a bigint", CANDID],
    ["digits", `${CANDID}`],
    ["$numberLong", { $numberLong: `${CANDID}` }],
    ["a driver's Long", { low: Number(BigInt.asIntN(32, CANDID)), high: Number(CANDID >> 32n), unsigned: false }],
  ])("reads an id from %s", (_, value) => {
    expect(toAlert({ ...minimal, candid: value }).candid).toBe(CANDID);
    expect(withCandidate({ objectidps1: value }).candidate.objectidps1).toBe(CANDID);
  });

  it("reads small and negative ids", () => {
    expect(toAlert({ ...minimal, candid: 5 }).candid).toBe(5n);
    expect(toAlert({ ...minimal, candid: { $numberInt: "-5" } }).candid).toBe(-5n);
    expect(toAlert({ ...minimal, candid: { low: -1, high: -1 } }).candid).toBe(-1n);
    expect(toAlert({ ...minimal, candid: Number.MAX_SAFE_INTEGER }).candid).toBe(9007199254740991n);
  });

  it("refuses an id that is a number above 2^53, and says what to do", () => {
    const document = { ...minimal, candid: Number(CANDID), candidate: { ...minimal.candidate, rfid: 2 ** 53 } };
    expect(problemsOf(document)).toEqual([
      { code: "integer-unsafe", path: "candid" },
      { code: "integer-unsafe", path: "candidate.rfid" },
    ]);
    expect(() => toAlert(document)).toThrow(/parseAlertJson/);
  });

  it.each<[string, unknown]>([
    ["text", "12a"],
    ["a fraction", 1.5],
    ["20 digits", "12345678901234567890"],
    ["above 64 bits", 2n ** 63n],
    ["a boolean", true],
    ["an object", {}],
  ])("refuses an id that is %s", (_, candid) => {
    expect(problemsOf({ ...minimal, candid })).toEqual(invalid("candid"));
  });

  it("finds the id in `candidate`, or a numeric `_id`", () => {
    const candidate = { jd: 1, fid: 1, candid: `${CANDID}` };
    expect(toAlert({ objectId: "ZTF1", candidate }).candid).toBe(CANDID);
    expect(toAlert({ objectId: "ZTF1", candid: null, candidate }).candid).toBe(CANDID);
    expect(toAlert({ _id: { $numberLong: `${CANDID}` }, objectId: "ZTF1", candidate: { jd: 1, fid: 1 } }).candid).toBe(
      CANDID,
    );
    expect(problemsOf({ _id: { $oid: "5f" }, objectId: "ZTF1", candidate: { jd: 1, fid: 1 } })).toEqual(
      invalid("candid"),
    );
    expect(problemsOf({ _id: 2 ** 60, objectId: "ZTF1", candidate: { jd: 1, fid: 1 } })).toEqual([
      { code: "integer-unsafe", path: "_id" },
    ]);
  });

  it("reads numbers as databases write them", () => {
    const { candidate } = withCandidate({
      magpsf: { $numberDouble: "18.5" },
      drb: { $numberDouble: "NaN" },
      ndethist: { $numberInt: "7" },
      nid: { $numberLong: "9" },
      ra: { _bsontype: "Double", value: 10.5 },
      rcid: { _bsontype: "Int32", value: 3 },
      isdiffpos: { $numberInt: "1" },
    });
    expect(candidate).toEqual({
      ...minimal.candidate,
      magpsf: 18.5,
      drb: NaN,
      ndethist: 7,
      nid: 9,
      ra: 10.5,
      rcid: 3,
      isdiffpos: 1,
    });
  });

  const bytes = Uint8Array.of(0x1f, 0x8b, 8, 0, 255);
  const base64 = "H4sIAP8=";
  it.each<[string, unknown]>([
    ["base64", base64],
    ["base64 in lines", "H4sI\nAP8=\n"],
    ["$binary, legacy", { $binary: base64, $type: "00" }],
    ["$binary", { $binary: { base64, subType: "00" } }],
    ["a Uint8Array", bytes],
    ["a Buffer", Buffer.from(bytes)],
    ["an ArrayBuffer", bytes.buffer],
    ["numbers", [...bytes]],
    ["a Buffer through JSON", JSON.parse(JSON.stringify(Buffer.from(bytes)))],
    ["a driver's Binary", { _bsontype: "Binary", buffer: Buffer.from([...bytes, 0, 0]), position: bytes.length }],
  ])("reads a stamp from %s, with or without a record around it", (_, data) => {
    const alert = toAlert({
      ...minimal,
      cutoutScience: data,
      cutoutTemplate: { stampData: data },
      cutoutDifference: { fileName: "d.fits.gz", stampData: data },
    });
    expect(alert.cutoutScience).toEqual({ stampData: bytes });
    expect(alert.cutoutTemplate).toEqual({ stampData: bytes });
    expect(alert.cutoutDifference).toEqual({ fileName: "d.fits.gz", stampData: bytes });
    expect(Buffer.isBuffer(alert.cutoutScience?.stampData)).toBe(false);
  });

  it("refuses stamps that are none, each with its path", () => {
    const document = {
      ...minimal,
      cutoutScience: "not base64!",
      cutoutTemplate: { fileName: 3, stampData: [1, 256] },
      cutoutDifference: { $binary: "H4sIAP8" },
    };
    expect(problemsOf(document)).toEqual(invalid("cutoutScience", "cutoutTemplate.stampData", "cutoutDifference"));
  });

  it("takes a record without bytes for no stamp", () => {
    expect(toAlert({ ...minimal, cutoutScience: { fileName: null, stampData: null } }).cutoutScience).toBeNull();
  });

  it("reads a document of BOOM: the id in `_id`, upper limits apart, signs as booleans, coordinates beside", () => {
    const alert = toAlert({
      _id: CANDID,
      objectId: "ZTF99aaaaaaa",
      created_at: 2460000.5,
      coordinates: { l: 1, b: 2 },
      candidate: { jd: 10, fid: 1, isdiffpos: true, magpsf: 18, psfFlux: 1, band: "g" },
      prv_candidates: [{ jd: 9, fid: 1, magpsf: 19, isdiffpos: false }],
      prv_nondetections: [{ jd: 8, fid: 2, diffmaglim: 20 }],
    });
    expect(alert.prv_candidates).toEqual([
      { jd: 9, fid: 1, magpsf: 19, isdiffpos: false },
      { jd: 8, fid: 2, diffmaglim: 20 },
    ]);
    expect(alert.extra).toEqual({ _id: CANDID, created_at: 2460000.5, coordinates: { l: 1, b: 2 } });
    expect(alert.form).toEqual({ name: "boom", lacks: expect.stringContaining("/surveys/ZTF/cutouts") as string });
  });

  it("reads a document of Kowalski: an ObjectId, classifications, bytes in a record", () => {
    const alert = toAlert({
      _id: { $oid: "5e6f7a" },
      candid: { $numberLong: `${CANDID}` },
      objectId: "ZTF99aaaaaaa",
      schemavsn: "3.3",
      publisher: "x",
      candidate: { jd: 10, fid: 1, isdiffpos: "t" },
      classifications: { braai: 0.9, when: { $numberLong: "5" } },
      cutoutScience: { fileName: "a", stampData: { $binary: base64, $type: "00" } },
    });
    expect(alert.cutoutScience).toEqual({ fileName: "a", stampData: bytes });
    expect(alert.classifications).toEqual({ braai: 0.9, when: 5n });
    expect(alert.extra).toEqual({ _id: { $oid: "5e6f7a" } });
  });

  it("says all that is wrong at once", () => {
    const document = {
      objectId: 7,
      schemavsn: 4,
      candidate: { jd: "yesterday", magpsf: "18", fid: 1.5, programpi: 3, isdiffpos: [] },
      prv_candidates: [{ jd: 1, fid: 1 }, null, { jd: NaN, fid: 2 }, 5, { fid: 1, candid: {} }],
      fp_hists: {},
    };
    expect(problemsOf(document)).toEqual(
      invalid(
        "schemavsn",
        "objectId",
        "candid",
        "candidate.jd",
        "candidate.magpsf",
        "candidate.fid",
        "candidate.programpi",
        "candidate.isdiffpos",
        "prv_candidates[2].jd",
        "prv_candidates[3]",
        "prv_candidates[4].candid",
        "prv_candidates[4].jd",
        "fp_hists",
      ),
    );
  });

  it("says a hundred things that are wrong with a hundred thousand bad entries, without delay", () => {
    const started = performance.now();
    const found = problemsOf({
      objectId: "ZTF1",
      candid: 1n,
      candidate: { jd: 1, fid: 1 },
      prv_candidates: Array.from({ length: 100_000 }, () => ({})),
    });
    expect(found).toHaveLength(100);
    expect(found[99]).toEqual(invalid("prv_candidates[49].fid")[0]);
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it.each<[string, unknown]>([
    ["null", null],
    ["a number", 7],
    ["text", "ZTF"],
    ["an array", []],
    ["bytes", new Uint8Array(3)],
  ])("refuses %s", (_, document) => {
    expect(problemsOf(document)).toEqual(invalid(undefined));
  });

  it("refuses a document without `candidate`", () => {
    expect(problemsOf({ objectId: "ZTF1", candid: 1n })).toEqual(invalid("candidate"));
    expect(problemsOf({ objectId: "ZTF1", candid: 1n, candidate: [] })).toEqual(invalid("candidate"));
  });
});
