import { readAlerts, toAlert } from "@btsbot/alert";
import { toSafe } from "@btsbot/errors";
import { describe, expect, it } from "vitest";
import { findInForm } from "../../src/packet/findInForm.js";
import { prepareSurvey } from "../../src/packet/prepareSurvey.js";
import { ZTF } from "../../src/surveys/ztf/ztf.js";
import { parseSchema } from "../../src/avro/parseSchema.js";
import type { AvroNode, RecordNode } from "../../src/avro/parseSchema.js";
import { writeWithAvsc } from "../support/avscOracle.js";

/** A type of a schema, and values of it; records of several kinds, so that a wrong trust in one shows. */
const TYPES: Readonly<Record<string, readonly [type: unknown, values: readonly unknown[]]>> = {
  null: ["null", [null]],
  boolean: ["boolean", [true, false]],
  int: ["int", [3, -7]],
  long: ["long", [9007199254740993n, 0n]],
  float: ["float", [1.5, Number.NaN, Number.POSITIVE_INFINITY]],
  double: ["double", [2458881.25, Number.NaN]],
  string: ["string", ["t", "", "1.5", "12"]],
  bytes: ["bytes", [Uint8Array.of(1, 2)]],
  enum: [{ type: "enum", name: "sign", symbols: ["t", "f"] }, ["t"]],
  fixed: [{ type: "fixed", name: "eight", size: 2 }, [Uint8Array.of(1, 2)]],
  map: [{ type: "map", values: "string" }, [{ $numberLong: "12" }, {}]],
  array: [{ type: "array", items: "double" }, [[1, 2]]],
  record: [
    {
      type: "record",
      name: "inner",
      fields: [
        { name: "high", type: "int" },
        { name: "low", type: "int" },
      ],
    },
    [{ high: 0, low: 12 }],
  ],
  nullableFloat: [
    ["null", "float"],
    [null, 0.5],
  ],
  nullableLong: [
    ["null", "long"],
    [null, 12n],
  ],
  floatOrString: [
    ["null", "float", "string"],
    [null, 0.5, "0.5"],
  ],
};

/** A field of each kind, one that no table has, and one named as a member of every object. */
const FIELDS = ["magpsf", "scorr", "nneg", "pid", "rbversion", "isdiffpos", "brokerField", "constructor", "jd", "fid"];

function packetSchema(field: string, type: unknown): object {
  const others = ["jd", "fid"]
    .filter((name) => name !== field)
    .map((name) => ({ name, type: name === "jd" ? "double" : "int" }));
  const measurement = (name: string) => ({
    type: "record",
    name,
    fields: [
      ...others,
      { name: field, type: name === "candidate" ? type : (JSON.parse(JSON.stringify(type), renamed(name)) as unknown) },
    ],
  });
  return {
    type: "record",
    name: "alert",
    fields: [
      { name: "objectId", type: "string" },
      { name: "candid", type: "long" },
      { name: "candidate", type: measurement("candidate") },
      { name: "prv_candidates", type: ["null", { type: "array", items: measurement("prv_candidate") }] },
      { name: "fp_hists", type: { type: "array", items: measurement("fp_hist") } },
    ],
  };
}

/** Names of types are given once in a schema. */
const renamed =
  (suffix: string) =>
  (key: string, value: unknown): unknown =>
    key === "name" && ["sign", "eight", "inner"].includes(value as string) ? `${value as string}_${suffix}` : value;

describe("a packet whose schema is known", () => {
  const cases = FIELDS.flatMap((field) => Object.keys(TYPES).map((type) => [field, type] as const));

  it.each(cases)("is the same as its document: %s as %s", (field, name) => {
    const [type, values] = TYPES[name];
    for (const value of values) {
      const measurement = { jd: 2458881, fid: 1, [field]: value };
      const document = {
        objectId: "ZTF1",
        candid: 5n,
        candidate: measurement,
        prv_candidates: [measurement, measurement],
        fp_hists: [measurement],
      };
      const written = { ...measurement, [field]: value instanceof Uint8Array ? Buffer.from(value) : value };
      const packet = { ...document, candidate: written, prv_candidates: [written, written], fp_hists: [written] };
      const [outcome] = readAlerts(writeWithAvsc(packetSchema(field, type), [[packet]]));
      const expected = toSafe(() => toAlert(document));
      expect(outcome.success).toBe(expected.success);
      if (outcome.success && expected.success) expect(outcome.data).toEqual(expected.data);
      else if (!outcome.success && !expected.success) expect(outcome.error.problems).toEqual(expected.error.problems);
    }
  });
});

describe("findInForm", () => {
  const all = ["candidate", "prv_candidates", "fp_hists"];

  // Forced photometry has no magpsf of the survey's, so that anything plain is right there.
  it.each([
    ["magpsf", "nullableFloat", all],
    ["magpsf", "nullableLong", ["fp_hists"]],
    ["pid", "nullableLong", all],
    ["brokerField", "map", []],
  ])("of %s as %s is %j", (field, name, inForm) => {
    expect([
      ...findInForm(parseSchema(JSON.stringify(packetSchema(field, TYPES[name][0]))), prepareSurvey(ZTF)),
    ]).toEqual(inForm);
  });

  it("looks at a record once, however often a schema names it", () => {
    const fields = Array.from({ length: 3000 }, (_, i) => ({ name: `f${i}`, type: "double" }));
    const candidate = [
      { type: "record", name: "candidate", fields },
      ...Array.from({ length: 20_000 }, () => "candidate"),
    ];
    const node = parseSchema({ type: "record", name: "alert", fields: [{ name: "candidate", type: candidate }] });
    const { type } = (node as RecordNode).fields[0];
    const [record] = (type as Extract<AvroNode, { kind: "union" }>).branches as RecordNode[];
    const real = record.fields;
    let visits = 0;
    Object.defineProperty(record, "fields", { get: () => ((visits += 1), real) });
    expect([...findInForm(node, prepareSurvey(ZTF))]).toEqual(["candidate"]);
    expect(visits).toBe(1);
  });

  it("is none where there is no packet", () => {
    expect(findInForm({ kind: "string" }, prepareSurvey(ZTF)).size).toBe(0);
  });
});
