import { encodeAlerts, parseAlertJson, parseAlerts, readAlertStream, toAlert, toJson } from "@btsbot/alert";
import type { Alert } from "@btsbot/alert";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CANDIDATE_FIELDS, PRV_CANDIDATE_FIELDS } from "../src/surveys/ztf/fields.js";
import type { FieldTable } from "../src/surveys/Survey.js";

const long = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
// What a survey writes is single precision.
const float = fc.float();
const text = fc.string({ unit: "grapheme", maxLength: 12 });

/** A value of a kind of field; NaN in an integer stands for none, and is written so. */
const VALUES: Readonly<Record<FieldTable[string], fc.Arbitrary<unknown>>> = {
  double: fc.double(),
  float,
  int: fc.integer(),
  long,
  string: text,
  sign: fc.constantFrom("t", "f", "1", "0", true, false, 1, 0, -1),
};

/** Any of a table's fields, absent, null or of its kind. */
function measurement(table: FieldTable, many: number): fc.Arbitrary<Record<string, unknown>> {
  const others = Object.entries(table).filter(([name]) => name !== "jd" && name !== "fid");
  return fc
    .tuple(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer(),
      fc
        .subarray(others, { maxLength: many })
        .chain((fields) =>
          fc.record(Object.fromEntries(fields.map(([name, kind]) => [name, fc.option(VALUES[kind])]))),
        ),
    )
    .map(([jd, fid, rest]) => ({ jd, fid, ...rest }));
}

const cutout = fc.option(
  fc.record(
    { fileName: fc.option(text), stampData: fc.uint8Array({ maxLength: 60 }) },
    { requiredKeys: ["stampData"] },
  ),
);

const alert = fc.record(
  {
    schemavsn: fc.option(text),
    publisher: fc.option(text),
    objectId: fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }),
    candid: long,
    candidate: measurement(CANDIDATE_FIELDS, 12),
    prv_candidates: fc.option(fc.array(measurement(PRV_CANDIDATE_FIELDS, 6), { maxLength: 4 })),
    cutoutScience: cutout,
    cutoutTemplate: cutout,
  },
  { requiredKeys: ["objectId", "candid", "candidate"] },
) as fc.Arbitrary<unknown> as fc.Arbitrary<Alert>;

/** Brokers' additions: what JSON has, and what it has not. */
const added = fc.dictionary(
  fc.stringMatching(/^[a-z_]{1,8}$/).map((name) => `x_${name}`),
  fc.oneof(
    long,
    fc.double(),
    fc.boolean(),
    text,
    fc.constant(null),
    fc.uint8Array({ maxLength: 8 }),
    fc.array(fc.double()),
  ),
  { maxKeys: 4 },
);

/** Nothing of what is absent or null: a container has null for both. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, entry]) => entry !== null && entry !== undefined)
      .map(([name, entry]) => [name, withoutNulls(entry)]),
  );
}

describe("what is written can be read", () => {
  it("as a container, in every codec, ids exact", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(alert, { maxLength: 3 }),
        fc.constantFrom("null", "deflate", "snappy"),
        async (alerts, codec) => {
          const bytes = encodeAlerts(alerts, { codec });
          const read = parseAlerts(bytes);
          expect(withoutNulls(read)).toEqual(withoutNulls(alerts));
          expect(read.map(({ candid }) => candid)).toEqual(alerts.map(({ candid }) => candid));
          // And once more the same bytes.
          expect(encodeAlerts(read, { codec })).toEqual(bytes);
          const streamed = [];
          for await (const outcome of readAlertStream(bytes)) streamed.push(outcome);
          expect(streamed).toEqual(read.map((data) => ({ success: true, data })));
        },
      ),
      { numRuns: 150 },
    );
  });

  it("as JSON, with what no survey has, ids exact", () => {
    fc.assert(
      fc.property(alert, added, (given, extra) => {
        const all = { ...given, ...(Object.keys(extra).length > 0 && { extra }) };
        const text = JSON.stringify(toJson(all));
        expect(parseAlertJson(text)).toEqual(all);
        expect(toAlert(JSON.parse(text))).toEqual(all);
        // Once more, with white space and in an array.
        const again = JSON.stringify(toJson(parseAlertJson(text)), null, 2);
        expect(parseAlertJson(` [\n${again}\n]\n`)).toEqual(all);
        expect(parseAlerts(new TextEncoder().encode(`${text}\n${text}`))).toEqual([all, all]);
      }),
      { numRuns: 300 },
    );
  });

  it("as JSON of numbers alone: an id beyond 2^53 is exact where the text has its digits", () => {
    fc.assert(
      fc.property(long, (candid) => {
        const text = `{"objectId":"ZTF1","candid":${candid},"candidate":{"jd":1,"fid":1,"pid":${candid}}}`;
        expect(parseAlertJson(text)).toMatchObject({ candid, candidate: { pid: candid } });
      }),
    );
  });

  it("or refused before JSON.stringify breaks on it", () => {
    const nest = (levels: number): unknown => {
      let value: unknown = 1;
      for (let level = 0; level < levels; level++) value = level % 2 ? [value] : { value };
      return value;
    };
    const of = (extra: unknown): Alert => ({
      objectId: "ZTF1",
      candid: 1n,
      candidate: { jd: 1, fid: 1 },
      extra: { extra },
    });
    expect(JSON.stringify(toJson(of(nest(60))))).toContain("value");
    const self: { self?: unknown } = {};
    self.self = self;
    for (const deep of [nest(70), nest(100_000), self]) {
      expect(() => toJson(of(deep))).toThrow(expect.objectContaining({ code: "limit-exceeded", path: "extra" }));
      expect(() => toAlert({ ...of(undefined), extra: undefined, deep })).toThrow(
        expect.objectContaining({ code: "limit-exceeded", path: "deep" }),
      );
      expect(() => toAlert({ objectId: "ZTF1", candid: 1n, candidate: { jd: 1, fid: 1, deep } })).toThrow(
        expect.objectContaining({ code: "limit-exceeded", path: "candidate.deep" }),
      );
    }
  });
});
