import { readFileSync } from "node:fs";
import {
  encodeAlerts,
  LSST,
  parseAlert,
  parseAlertJson,
  safeParseAlert,
  schemaOf,
  toAlert,
  toJson,
  toLightCurve,
  ZTF,
} from "@btsbot/alert";
import type { Alert, AvroSchema, PacketFields } from "@btsbot/alert";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { frameRubin, makeRubinPacket } from "../../../test/support/rubin.js";
import { describeWithData } from "../../../test/support/testData.js";
import { avscType } from "./support/avscOracle.js";

const surveys = [LSST];
const ID = 170_032_890_044_678_150n;
const OBJECT = 170_055_001_640_894_469n;
const read = (packet: PacketFields): Alert => toAlert(packet, { surveys });

const PACKET = makeRubinPacket({
  diaSourceId: ID,
  diaObjectId: OBJECT,
  mjd: 61000.25,
  band: "i",
  flux: -3630.78,
  fluxErr: 36.3078,
  before: [
    { diaSourceId: ID - 2n, mjd: 60998.25, band: "r", flux: 36307.8 },
    { diaSourceId: ID - 1n, mjd: 60999.25, band: "y", flux: 1 },
  ],
  forced: [
    // The night of a detection, one that shows nothing, one that detects.
    { mjd: 60998.25, band: "r", flux: 100, fluxErr: 100 },
    { mjd: 60990.25, band: "u", flux: 499, fluxErr: 100 },
    { mjd: 60991.25, band: "z", flux: -501, fluxErr: 100 },
  ],
});

describe("an alert of Rubin's", () => {
  const alert = read(PACKET);
  const { candidate } = alert;

  it("has the survey, the ids in all digits, and the date in UTC", () => {
    expect(alert).toMatchObject({ survey: "lsst", objectId: `${OBJECT}`, candid: ID });
    expect(Math.abs(candidate.jd - (61000.25 + 2400000.5 - 37 / 86400))).toBeLessThan(1e-9);
  });

  it("has AB magnitudes of nJy, the sign, the band and the real/bogus score", () => {
    // 3631 Jy are magnitude 0, so that 3.631e3 nJy are 22.5.
    expect(candidate.magpsf).toBeCloseTo(22.5, 3);
    expect(candidate.sigmapsf).toBeCloseTo(0.010857, 5);
    expect(candidate).toMatchObject({ fid: 14, isdiffpos: "f", drb: 0.75, ra: 55.75, dec: -32.25 });
    expect(LSST.filters[14]).toBe("i");
  });

  it("keeps Rubin's own fields, and what it says of the object", () => {
    expect(candidate).toMatchObject(PACKET.diaSource as object);
    expect(candidate).toMatchObject({ ndethist: 3 });
    expect(candidate.jdstarthist).toBe(alert.prv_candidates![0].jd);
    expect(alert.extra).toMatchObject({
      diaObject: PACKET.diaObject,
      observation_reason: "field_survey",
      mpc_orbits: null,
    });
    expect(alert.cutoutScience!.stampData).toEqual(PACKET.cutoutScience);
  });

  it("has a history of detections, and limits where forced photometry finds nothing", () => {
    const { detections, nondetections } = toLightCurve(alert);
    expect(detections.map(({ fid, positive, candid }) => [fid, positive, candid])).toEqual([
      [13, true, ID - 2n],
      [16, true, ID - 1n],
      [14, false, ID],
    ]);
    expect(detections[0].magpsf).toBeCloseTo(20, 3);
    expect(nondetections).toHaveLength(1);
    expect(nondetections[0]).toMatchObject({ fid: 11 });
    expect(nondetections[0].diffmaglim).toBeCloseTo(31.4 - 2.5 * Math.log10(500), 6);
    expect(alert.fp_hists).toHaveLength(3);
    expect(alert.fp_hists![2]).toMatchObject({ fid: 15, forcediffimflux: -501, magzpsci: 31.4, visit: 2086991250n });
  });

  it("is told apart from ZTF's only if it is asked for, and then says what to do", () => {
    const file = encodeAlerts([alert], { survey: LSST });
    const outcome = safeParseAlert(file);
    expect(outcome.success ? "" : `${outcome.error}`).toMatch(/Rubin.*surveys: \[LSST\]/s);
    const framed = safeParseAlert(frameRubin(alert));
    expect(framed.success ? "" : framed.error.problems[0].hint).toMatch(/surveys: \[LSST\]/);
    expect(
      parseAlert(encodeAlerts([{ objectId: "ZTF1", candid: 1n, candidate: { jd: 2461000, fid: 1 } }]), { surveys }),
    ).not.toHaveProperty("survey");
  });
});

describe("what is absent or null in Rubin's packet", () => {
  const change = (fields: PacketFields, top: PacketFields = {}) =>
    read({ ...PACKET, ...top, diaSource: { ...(PACKET.diaSource as object), ...fields } });

  it.each([
    ["a null flux", { psfFlux: null, isNegative: null }, { magpsf: null, sigmapsf: null, isdiffpos: null }],
    ["NaN", { psfFlux: NaN, isNegative: null }, { magpsf: null, sigmapsf: null, isdiffpos: null }],
    ["a flux of 0", { psfFlux: 0, isNegative: null }, { magpsf: null, sigmapsf: null, isdiffpos: null }],
    ["a null error", { psfFluxErr: null }, { sigmapsf: null, isdiffpos: "f" }],
    ["no sign but the flux's", { isNegative: null }, { isdiffpos: "f" }],
    ["a sign of its own", { isNegative: false }, { isdiffpos: "t" }],
    ["no band", { band: null }, { fid: 10 }],
    ["no score", { reliability: null }, { drb: null }],
  ])("%s", (_, fields, expected) => {
    expect(change(fields).candidate).toMatchObject(expected);
  });

  it("names the alert by the body of the Solar System where it belongs to no object", () => {
    expect(change({ diaObjectId: null, ssObjectId: 23n }, { diaObject: null }).objectId).toBe("23");
    expect(change({ diaObjectId: 0n, ssObjectId: 23n }, { diaObject: null }).objectId).toBe("23");
    expect(() => change({ diaObjectId: null, ssObjectId: 0n }, { diaObject: null })).toThrow(/diaSource\.diaObjectId/);
  });

  it("takes an alert without history, object and stamps", () => {
    const { prvDiaSources: _, ...rest } = PACKET;
    const alert = read({ ...rest, prvDiaForcedSources: null, diaObject: null, cutoutScience: null });
    expect(alert).not.toHaveProperty("prv_candidates");
    expect(alert).toMatchObject({ fp_hists: null, cutoutScience: null });
    expect(alert.candidate).not.toHaveProperty("ndethist");
    expect(toLightCurve(alert).detections).toHaveLength(1);
  });

  it("names what is wrong as the packet has it", () => {
    expect(() => change({ midpointMjdTai: null })).toThrow(/diaSource\.midpointMjdTai/);
    expect(() => change({ psfFlux: "bright" })).toThrow(/diaSource\.psfFlux/);
    expect(() => read({ ...PACKET, prvDiaSources: [{ visit: 1.5 }] })).toThrow(/prvDiaSources\[0\]\.visit/);
  });
});

describe("writing", () => {
  it("gives a packet of the survey's own schemas, framed, that another implementation wrote the same", () => {
    const alert = read(PACKET);
    const bytes = avscType(LSST.schemas!(1100)).toBuffer(withNulls(LSST.schemas!(1100)!, "alert", PACKET));
    expect(frameRubin(alert).subarray(5)).toEqual(new Uint8Array(bytes));
  });

  it("makes a packet of an alert that never was Rubin's", () => {
    const alert: Alert = {
      objectId: "23",
      candid: 5n,
      candidate: {
        jd: 2461000.25,
        fid: 13,
        magpsf: 20,
        sigmapsf: 0.1,
        isdiffpos: "f",
        drb: 0.5,
        ndethist: 3,
        jdstarthist: 2460990.25,
      },
      prv_candidates: [
        { jd: 2460990.25, fid: 12, magpsf: 21, candid: 4n },
        { jd: 2460995.25, fid: 11, diffmaglim: 23.5 },
      ],
    };
    const again = parseAlert(encodeAlerts([alert], { survey: LSST }), { surveys });
    expect(again).toMatchObject({ objectId: "23", candid: 5n, survey: "lsst" });
    expect(again.candidate).toMatchObject({ fid: 13, isdiffpos: "f", drb: 0.5, ndethist: 3 });
    expect(again.candidate.magpsf).toBeCloseTo(20, 6);
    expect(again.candidate.sigmapsf).toBeCloseTo(0.1, 6);
    expect(again.candidate.psfFlux).toBeCloseTo(-(10 ** (11.4 / 2.5)), 1);
    const { detections, nondetections } = toLightCurve(again);
    expect(detections.map(({ candid }) => candid)).toEqual([4n, 5n]);
    expect(nondetections).toHaveLength(1);
    expect(nondetections[0].diffmaglim).toBeCloseTo(23.5, 6);
    expect(Math.abs(again.candidate.jdstarthist! - 2460990.25)).toBeLessThan(1e-9);
  });

  it("names what its schema lacks, and does not drop it", () => {
    const alert = { objectId: "23", candid: 5n, candidate: { jd: 2461000.25, fid: 13, diffmaglim: 24 } };
    expect(() => encodeAlerts([alert], { survey: LSST })).toThrow(/diaSource\.diffmaglim/);
    expect(() => encodeAlerts([read(PACKET)], { survey: ZTF })).toThrow(/diaObject|survey/);
  });

  it.each([900, 1000, 1100] as const)(
    "and reading again gives the same, by the schema %i, framed and in JSON",
    (id) => {
      const schema = LSST.schemas!(id)!;
      fc.assert(
        fc.property(arbitraryPacket(schema), (packet) => {
          const alert = read(packet);
          const file = encodeAlerts([alert], { survey: LSST, schema });
          expect(parseAlert(file, { surveys })).toEqual(alert);
          expect(parseAlert(frameRubin(alert, id), { surveys })).toEqual(alert);
          const loose = encodeAlerts([alert], { survey: LSST });
          expect(withoutNull(parseAlert(loose, { surveys }))).toEqual(withoutNull(alert));
          const text = JSON.stringify(toJson(alert));
          expect(parseAlertJson(text)).toEqual(alert);
          // What another implementation wrote is read the same.
          const bytes = Buffer.concat([Buffer.from([0, 0, 0, id >> 8, id & 255]), avscType(schema).toBuffer(packet)]);
          expect(parseAlert(bytes, { surveys })).toEqual(alert);
        }),
        { numRuns: 25 },
      );
    },
  );
});

describe("schemas of framed messages", () => {
  it("goes by what the caller gives first", () => {
    const alert = read(PACKET);
    const framed = frameRubin(alert, 1100);
    const asked: number[] = [];
    const schemas = (id: number) => {
      asked.push(id);
      return LSST.schemas!(id);
    };
    expect(parseAlert(framed, { surveys, schemas })).toEqual(parseAlert(framed, { surveys }));
    expect(asked).toEqual([1100]);
    // A registry that has another schema for the id is believed; one that has none leaves it to the survey.
    const odd: AvroSchema = { type: "record", name: "odd", fields: [{ name: "diaSourceId", type: "long" }] };
    expect(safeParseAlert(framed, { surveys, schemas: odd })).toMatchObject({ success: false });
    expect(parseAlert(framed, { surveys, schemas: new Map() })).toEqual(parseAlert(framed, { surveys }));
    expect(safeParseAlert(Uint8Array.from([0, 0, 0, 3, 0x85, 1]), { surveys })).toMatchObject({
      error: { code: "confluent-schema-unknown" },
    });
  });
});

describeWithData("the schemas and packets of the data folder", (folder) => {
  it.each([
    [9, 900],
    [10, 1000],
    [11, 1100],
  ])("schema %i has the same records, fields, order and types", (version, id) => {
    const parts = JSON.parse(readFileSync(`${folder}/brokers/rubin-schemas/${version}_0.json`, "utf8")) as Part[];
    const theirs = new Map(parts.map((part) => [part.name, part.fields.map(wordOf)]));
    const ours = new Map<string, string[]>();
    collect(LSST.schemas!(id) as unknown as Part, ours);
    expect(ours.size).toBeGreaterThanOrEqual(6);
    for (const [name, fields] of ours) expect(fields, name).toEqual(theirs.get(name));
  });

  it("a real alert, framed, is read without a schema", () => {
    const alert = parseAlert(readFileSync(`${folder}/brokers/rubin-confluent-900.avro`), { surveys });
    expect(alert.survey).toBe("lsst");
    expect(alert.candid).toBe(alert.candidate.diaSourceId);
    expect(alert.candidate.magpsf).toBeCloseTo(31.4 - 2.5 * Math.log10(Math.abs(alert.candidate.psfFlux as number)), 9);
    expect(alert.cutoutDifference!.stampData.subarray(0, 6)).toEqual(new TextEncoder().encode("SIMPLE"));
    const again = parseAlert(frameRubin(alert, 900), { surveys });
    expect(again).toEqual(alert);
    expect(frameRubin(alert, 900)).toEqual(new Uint8Array(readFileSync(`${folder}/brokers/rubin-confluent-900.avro`)));
  });

  it.each(["10_0", "11_0"])("the sample of schema %s is read, and written again the same", (version) => {
    const bytes = readFileSync(`${folder}/brokers/rubin-${version}-sample.avro`);
    const alert = parseAlert(bytes, { surveys });
    expect(alert.survey).toBe("lsst");
    const again = parseAlert(encodeAlerts([alert], { survey: LSST, schema: schemaOf(bytes) }), { surveys });
    expect(again).toEqual(alert);
  });
});

interface Part {
  readonly name: string;
  readonly fields: readonly { readonly name: string; readonly type: unknown }[];
}

/** A field's name and type; a record is its name. */
function wordOf({ name, type }: Part["fields"][number]): string {
  const word = (each: unknown): string => {
    if (Array.isArray(each)) return each.map(word).join("|");
    if (typeof each === "string") return each.split(".").at(-1)!;
    const { type: kind, items, name: own, logicalType } = each as Record<string, string>;
    if (kind === "array") return `[${word(items)}]`;
    return own ?? `${kind}${logicalType ? `:${logicalType}` : ""}`;
  };
  return `${name} ${word(type)}`;
}

/** The records of a schema by name. */
function collect(node: unknown, into: Map<string, string[]>): void {
  if (Array.isArray(node)) for (const each of node) collect(each, into);
  else if (typeof node === "object" && node !== null) {
    const { name, type, fields, items } = node as Partial<Part> & { type?: unknown; items?: unknown };
    if (fields !== undefined) into.set(name!, fields.map(wordOf));
    for (const field of fields ?? []) collect(field.type, into);
    collect(items, into);
    if (typeof type === "object") collect(type, into);
  }
}

type Node =
  | string
  | readonly Node[]
  | {
      readonly type: Node;
      readonly items?: Node;
      readonly name?: string;
      readonly fields?: readonly { readonly name: string; readonly type: Node }[];
    };

/** The same with null for each field that the schema has and the packet lacks, as avsc wants it. */
function withNulls(schema: AvroSchema, _: string, packet: PacketFields): PacketFields {
  const records = new Map<string, readonly { readonly name: string; readonly type: Node }[]>();
  const visit = (node: Node, value: unknown): unknown => {
    if (typeof node === "string")
      return records.has(node) ? visitRecord(records.get(node)!, value as PacketFields) : (value ?? null);
    if (Array.isArray(node)) {
      const rest = (node as readonly Node[]).find((each) => each !== "null")!;
      // Named records are learnt even where there is none.
      if (value === null || value === undefined) {
        learn(rest);
        return null;
      }
      return visit(rest, value);
    }
    const { type, items, name, fields } = node as Exclude<Node, string | readonly Node[]>;
    if (fields) {
      records.set(name!, fields);
      return visitRecord(fields, value as PacketFields);
    }
    if (type === "array") return (value as readonly unknown[]).map((each) => visit(items!, each));
    return value ?? null;
  };
  const learn = (node: Node): void => {
    if (typeof node !== "object" || Array.isArray(node)) return;
    const { name, fields, items } = node as Exclude<Node, string | readonly Node[]>;
    if (fields) records.set(name!, fields);
    if (items) learn(items);
  };
  const visitRecord = (
    fields: readonly { readonly name: string; readonly type: Node }[],
    value: PacketFields,
  ): PacketFields =>
    Object.fromEntries(fields.map((field) => [field.name, toBuffer(visit(field.type, value[field.name]))]));
  return visit(schema as Node, packet) as PacketFields;
}

/** avsc takes bytes as Node's buffers alone. */
function toBuffer(value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value) : value;
}

/** Packets of a schema, any value in each field; the fields without which there is no alert have good ones. */
function arbitraryPacket(schema: AvroSchema): fc.Arbitrary<PacketFields> {
  const records = new Map<string, fc.Arbitrary<PacketFields>>();
  const id = fc.bigInt({ min: 1n, max: 2n ** 63n - 1n });
  const long = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  const plain: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
    long,
    int: fc.integer(),
    float: fc.float(),
    double: fc.double(),
    string: fc.string(),
    boolean: fc.boolean(),
    bytes: fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
    null: fc.constant(null),
  };
  const named: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
    midpointMjdTai: fc.double({ min: 59000, max: 64000, noNaN: true }),
    band: fc.constantFrom("u", "g", "r", "i", "z", "y", null),
    diaSourceId: id,
    diaObjectId: id,
  };
  const of = (node: Node): fc.Arbitrary<unknown> => {
    if (typeof node === "string") return plain[node] ?? records.get(node)!;
    if (Array.isArray(node)) return fc.oneof(...(node as readonly Node[]).map(of));
    const { type, items, name, fields } = node as Exclude<Node, string | readonly Node[]>;
    if (type === "array") return fc.array(of(items!), { maxLength: 3 });
    if (fields === undefined) return of(type);
    const record = fc.record(
      Object.fromEntries(fields.map((field) => [field.name, named[field.name] ?? of(field.type)])),
    );
    records.set(name!, record);
    return record;
  };
  return of(schema as Node) as fc.Arbitrary<PacketFields>;
}

/** Without nulls, which the schema of all versions writes where a field is absent. */
function withoutNull(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNull);
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, entry]) => entry !== null)
      .map(([name, entry]) => [name, withoutNull(entry)]),
  );
}
