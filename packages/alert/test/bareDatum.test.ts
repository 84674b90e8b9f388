import { encodeAlerts, parseAlert, readAlerts, readAlertStream, safeParseAlert, ZTF_SCHEMA } from "@btsbot/alert";
import type { Alert, AvroSchema } from "@btsbot/alert";
import avsc from "avsc";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { avroRecord, candidateRecord } from "../../../test/support/avroRecord.js";

const SCHEMA = {
  type: "record",
  name: "alert",
  fields: [
    { name: "candid", type: ["long", "null"] },
    { name: "objectId", type: ["string", "null"] },
    {
      name: "candidate",
      type: {
        type: "record",
        name: "candidate",
        fields: [
          { name: "jd", type: "double" },
          { name: "fid", type: "int" },
          { name: "magpsf", type: ["null", "float"] },
        ],
      },
    },
  ],
};
const key = new TextEncoder().encode(JSON.stringify(SCHEMA));
const type = avsc.Type.forSchema(SCHEMA as avsc.Schema, { wrapUnions: true });
const datum = (candid: number, objectId: string, magpsf: number | null = null) =>
  type.toBuffer({
    candid: { long: candid },
    objectId: { string: objectId },
    candidate: { jd: 2458881.5, fid: 1, magpsf: magpsf === null ? null : { float: magpsf } },
  });

describe("a bare datum", () => {
  it.each<[string, AvroSchema]>([
    ["the key's bytes", key],
    ["its text", JSON.stringify(SCHEMA)],
    ["the schema itself", SCHEMA],
  ])("is read by %s", (_, schema) => {
    const alert = parseAlert(datum(5, "ZTF20aajcdad", 18.5), { key: schema });
    expect(alert).toMatchObject({ candid: 5n, objectId: "ZTF20aajcdad", candidate: { jd: 2458881.5, magpsf: 18.5 } });
  });

  it("is read whatever it begins with, a frame's zero, a brace or a magic among them", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1 - 2 ** 52, max: 2 ** 52 - 1 }),
        fc.string({ minLength: 1 }),
        (candid, objectId) => {
          expect(parseAlert(datum(candid, objectId), { key })).toMatchObject({
            candid: BigInt(candid),
            objectId,
          });
        },
      ),
    );
  });

  it("comes in any pieces", async () => {
    const bytes = datum(5, "a");
    async function* pieces() {
      for (const byte of bytes) yield await Promise.resolve(Uint8Array.of(byte));
    }
    const outcomes = [];
    for await (const outcome of readAlertStream(pieces(), { key })) outcomes.push(outcome);
    expect(outcomes).toEqual([...readAlerts(bytes, { key })]);
  });

  it("without its schema is not taken for a frame", () => {
    const outcome = safeParseAlert(datum(2 ** 40, "ZTF20aajcdad"));
    expect(!outcome.success && outcome.error.message).toMatch(/bare datum.*Fink.*`key`/);
  });

  it("does not hide what carries its own schema, nor a frame, nor JSON", () => {
    const alert: Alert = { objectId: "a", candid: 5n, candidate: { jd: 2458881.5, fid: 1 } };
    expect(parseAlert(encodeAlerts([alert]), { key }).candid).toBe(5n);
    const json = '{"objectId": "a", "candid": 5, "candidate": {"jd": 1, "fid": 1}}';
    expect(parseAlert(new TextEncoder().encode(json), { key }).candid).toBe(5n);
    const framed = Uint8Array.of(0, 0, 0, 0, 7, ...datum(5, "a"));
    expect(parseAlert(framed, { key, schemas: SCHEMA }).candid).toBe(5n);
  });

  it("that does not fit says what is wrong, and a page of HTML what it is", () => {
    const codeOf = (bytes: Uint8Array) => {
      const outcome = safeParseAlert(bytes, { key });
      return outcome.success ? "read" : outcome.error.code;
    };
    expect(codeOf(Uint8Array.of(...datum(5, "a"), 0))).toBe("avro-datum-invalid");
    expect(codeOf(datum(5, "a").subarray(0, 6))).toBe("avro-truncated");
    expect(codeOf(new TextEncoder().encode("<!doctype html><html>"))).toBe("input-unrecognized");
    expect(safeParseAlert(datum(5, "a"), { key: new Uint8Array(300_000) })).toMatchObject({ success: false });
  });
});

describe("fields are read by name", () => {
  const named = [
    { name: "objectId", type: "string" },
    { name: "candid", type: "long" },
    { name: "candidate", type: candidateRecord(["magpsf", ["null", "float"]], ["drb", ["float", "null"]]) },
    { name: "cutoutScience", type: ["null", "bytes"] },
    { name: "someone_elses", type: ["null", "string"] },
  ];
  const alert: Alert = { objectId: "a", candid: 5n, candidate: { jd: 2458881.5, fid: 1, magpsf: 18.5, drb: null } };

  it("in any order, with unknown columns, and null for each that may be", () => {
    const fields = fc.shuffledSubarray(named, { minLength: named.length });
    const inner = fc.shuffledSubarray((named[2].type as { fields: object[] }).fields, { minLength: 4 });
    fc.assert(
      fc.property(fields, inner, fc.constantFrom<null | number>(null, 18.5), (order, measured, magpsf) => {
        const schema = {
          type: "record",
          name: "alert",
          fields: order.map((field) =>
            field.name === "candidate" ? { ...field, type: { ...(field.type as object), fields: measured } } : field,
          ),
        };
        const bytes = encodeAlerts([{ ...alert, candidate: { ...alert.candidate, magpsf } }], { schema });
        expect(parseAlert(bytes)).toEqual({
          ...alert,
          candidate: { ...alert.candidate, magpsf },
          cutoutScience: null,
          extra: { someone_elses: null },
        });
      }),
    );
  });

  it("and of two of one name the last value counts, null too", () => {
    const twice = (first: unknown, second: unknown) => {
      const candidate = avroRecord(
        "candidate",
        ["jd", "double"],
        ["sgmag1", first],
        ["fid", "int"],
        ["sgmag1", second],
      );
      return avroRecord("alert", ["objectId", "string"], ["candid", "long"], ["candidate", candidate]);
    };
    const body = [2, 0x61, 10, 0, 0, 0, 0, 0x80, 0xc2, 0x42, 0x41];
    // "a", 5, a double, a float, an int, then a float or null.
    const both = Uint8Array.of(...body, 0, 0, 0x80, 0x3f, 2, 0, 0, 0, 0x40);
    expect(parseAlert(both, { key: twice("float", "float") }).candidate.sgmag1).toBe(2);
    const none = Uint8Array.of(...body, 0, 0, 0x80, 0x3f, 2, 0);
    expect(parseAlert(none, { key: twice("float", ["null", "float"]) }).candidate.sgmag1).toBeNull();
  });

  it("also where a schema says a name twice in a survey's packet", () => {
    const schema = structuredClone(ZTF_SCHEMA) as { fields: { name: string; type: { fields: object[] } }[] };
    const candidate = schema.fields.find(({ name }) => name === "candidate")!;
    candidate.type.fields.push({ name: "sgmag1", type: ["null", "float"] });
    const whole = { ...alert, candidate: { ...alert.candidate, sgmag1: 18.25 } };
    expect(parseAlert(encodeAlerts([whole], { schema })).candidate.sgmag1).toBe(18.25);
  });
});
