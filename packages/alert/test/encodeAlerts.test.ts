import { encodeAlerts, parseAlerts, schemaOf, toAlert, ZTF_SCHEMA } from "@btsbot/alert";
import type { Alert } from "@btsbot/alert";
import { BtsbotError } from "@btsbot/errors";
import { describe, expect, it } from "vitest";
import { avroRecord, candidateRecord } from "../../../test/support/avroRecord.js";
import { readWithAvsc, writeWithAvsc } from "./support/avscOracle.js";
import { makeAlert } from "./support/makeAlert.js";
import { withoutNulls } from "./support/withoutNulls.js";

const CODECS = ["null", "deflate", "snappy"] as const;
const alerts = [1, 2, 3, 4].map((seed) => makeAlert(seed, 40_000));

function problemsOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    if (error instanceof BtsbotError) return error.problems.map(({ code, path }) => `${code} ${path}`);
    throw error;
  }
  return [];
}

describe("encodeAlerts", () => {
  it.each(CODECS)("writes what avsc and we read equal, codec %s", async (codec) => {
    const bytes = encodeAlerts(alerts, { codec });
    expect(withoutNulls(parseAlerts(bytes))).toEqual(withoutNulls(alerts));
    const theirs = (await readWithAvsc(bytes)) as Alert[];
    expect(theirs.map(({ candid, objectId }) => ({ candid, objectId }))).toEqual(
      alerts.map(({ candid, objectId }) => ({ candid, objectId })),
    );
    expect(theirs.map(({ candidate }) => ({ ...candidate }))).toEqual(
      parseAlerts(bytes).map(({ candidate }) => candidate),
    );
    expect(theirs.map(({ cutoutScience }) => Buffer.from(cutoutScience?.stampData ?? []).toString("hex"))).toEqual(
      alerts.map(({ cutoutScience }) => Buffer.from(cutoutScience?.stampData ?? []).toString("hex")),
    );
  });

  it("is equal once it has every field of the schema", () => {
    const read = parseAlerts(encodeAlerts(alerts));
    expect(parseAlerts(encodeAlerts(read))).toEqual(read);
  });

  it("gives the same bytes for the same alerts, and others for others", () => {
    const [a, b] = [encodeAlerts(alerts), encodeAlerts(alerts)];
    expect(Buffer.from(a).equals(b)).toBe(true);
    const syncOf = (bytes: Uint8Array): string => Buffer.from(bytes.subarray(-16)).toString("hex");
    expect(syncOf(encodeAlerts([makeAlert(9)]))).not.toBe(syncOf(encodeAlerts([makeAlert(10)])));
  });

  it("uses the marker given, of 16 bytes", () => {
    const sync = new Uint8Array(16).fill(7);
    expect(encodeAlerts(alerts, { sync }).subarray(-16)).toEqual(sync);
    expect(problemsOf(() => encodeAlerts(alerts, { sync: new Uint8Array(3) }))).toEqual(["encode-invalid sync"]);
  });

  it("writes with the schema that an alert was read with, though it has no id at the top", () => {
    const schema = {
      type: "record",
      name: "a",
      fields: [
        { name: "objectId", type: ["string", "null"] },
        {
          name: "candidate",
          type: [
            {
              type: "record",
              name: "c",
              fields: [
                { name: "jd", type: "double" },
                { name: "fid", type: "int" },
                { name: "candid", type: "long" },
              ],
            },
            "null",
          ],
        },
        { name: "broker", type: { type: "map", values: ["null", "double"] } },
      ],
    };
    const bytes = writeWithAvsc(schema, [
      [{ objectId: "ZTF1", candidate: { jd: 1, fid: 2, candid: 3n }, broker: { a: null, b: 1.5 } }],
    ]);
    const read = parseAlerts(bytes);
    expect(read).toEqual([
      {
        objectId: "ZTF1",
        candid: 3n,
        candidate: { jd: 1, fid: 2, candid: 3n },
        extra: { broker: { a: null, b: 1.5 } },
      },
    ]);
    expect(parseAlerts(encodeAlerts(read, { schema: schemaOf(bytes), codec: "deflate" }))).toEqual(read);
    // An id that the schema has no place for is not dropped in silence.
    expect(problemsOf(() => encodeAlerts([{ ...read[0], candid: 4n }], { schema: schemaOf(bytes) }))).toEqual([
      "encode-invalid [0].candid",
    ]);
  });

  it("writes what a broker stores: booleans for signs, single ids", () => {
    const document = {
      _id: 5,
      objectId: "ZTF1",
      candidate: { jd: 1, fid: 1, isdiffpos: true },
      prv_candidates: [{ jd: 0, fid: 1, isdiffpos: 0 }],
    };
    const { extra, ...alert } = toAlert(document);
    expect(extra).toEqual({ _id: 5 });
    expect(withoutNulls(parseAlerts(encodeAlerts([alert])))).toEqual([
      { objectId: "ZTF1", candid: 5n, candidate: document.candidate, prv_candidates: document.prv_candidates },
    ]);
  });

  it("lists every field that does not fit", () => {
    const alert = {
      ...makeAlert(1),
      extra: { coordinates: {} },
      fp_hists: [{ jd: 1, fid: 1, snr: 5 }],
      candidate: { jd: 1, fid: 1.5, psfFlux: 3, ndethist: 2 ** 31, pid: 2n ** 63n },
    };
    expect(problemsOf(() => encodeAlerts([makeAlert(2), alert]))).toEqual([
      "encode-invalid [1].candidate.fid",
      "encode-invalid [1].candidate.pid",
      "encode-invalid [1].candidate.ndethist",
      "encode-invalid [1].candidate.psfFlux",
      "encode-invalid [1].fp_hists[0].snr",
      "encode-invalid [1].coordinates",
    ]);
  });

  it("writes every 32-bit integer, and null for an integer that toAlert read as NaN", () => {
    const document = {
      objectId: "ZTF1",
      candid: 5n,
      candidate: { jd: 1, fid: 1, field: -(2 ** 31), nid: 2 ** 31 - 1, nneg: NaN, magpsf: NaN },
    };
    expect(withoutNulls(parseAlerts(encodeAlerts([toAlert(document)])))).toEqual([
      { ...document, candidate: { jd: 1, fid: 1, field: -(2 ** 31), nid: 2 ** 31 - 1, magpsf: NaN } },
    ]);
    expect(
      problemsOf(() => encodeAlerts([{ ...document, candidate: { jd: 1, fid: NaN, field: -(2 ** 31) - 1 } }])),
    ).toEqual(["encode-invalid [0].candidate.fid", "encode-invalid [0].candidate.field"]);
  });

  it("takes no field of a schema from Object.prototype", () => {
    const schema = avroRecord(
      "a",
      ...["constructor", "__proto__"].map((name) => [name, ["null", "string"]] as const),
      ["objectId", "string"],
      ["candid", "long"],
      ["candidate", candidateRecord()],
    );
    const alert = { objectId: "ZTF1", candid: 5n, candidate: { jd: 1, fid: 1 } };
    expect(withoutNulls(parseAlerts(encodeAlerts([alert], { schema })))).toEqual([{ ...alert, extra: {} }]);
  });

  it("refuses a schema that is none and a codec that is none", () => {
    expect(problemsOf(() => encodeAlerts([], { schema: "{" }))).toEqual(["avro-schema-invalid schema"]);
    expect(problemsOf(() => encodeAlerts([], { codec: "zstandard" as "null" }))).toEqual(["avro-codec-unknown codec"]);
  });

  it("ends a block after 64 KiB", () => {
    const small = Array.from({ length: 200 }, (_, i) => makeAlert(i, 400));
    const bytes = encodeAlerts(small, { sync: new Uint8Array(16).fill(201) });
    const markers = Buffer.from(bytes).toString("latin1").split("\u00c9".repeat(16)).length - 1;
    expect(markers).toBeGreaterThan(2);
    expect(markers).toBeLessThan(20);
    expect(parseAlerts(bytes)).toHaveLength(200);
  });
});

describe("schemaOf", () => {
  it("is the text in the file", () => {
    expect(schemaOf(encodeAlerts(alerts))).toBe(JSON.stringify(ZTF_SCHEMA));
    expect(schemaOf(encodeAlerts([], { schema: ' "string" ' }))).toBe(' "string" ');
  });

  it("needs a container", () => {
    expect(problemsOf(() => schemaOf(new TextEncoder().encode("{}")))).toEqual(["input-unrecognized byte 0"]);
    expect(problemsOf(() => schemaOf(encodeAlerts(alerts).subarray(0, 100)))).toEqual([
      expect.stringMatching(/^avro-truncated byte \d+$/),
    ]);
  });
});
