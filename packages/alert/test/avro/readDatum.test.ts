import { toSafe } from "@btsbot/errors";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { avroType } from "../../src/avro/avroType.js";
import { ByteSink } from "../../src/avro/ByteSink.js";
import { readDatum } from "../../src/avro/readDatum.js";
import { Tap } from "../../src/avro/Tap.js";
import { writeValue } from "../../src/avro/writeValue.js";
import { READ_LIMITS } from "../../src/index.js";

const POINT = {
  type: "record",
  name: "point",
  fields: [
    { name: "id", type: ["null", "long", "string"] },
    { name: "stamp", type: ["null", "bytes"] },
    { name: "tags", type: { type: "map", values: "double" } },
    { name: "__proto__", type: { type: "enum", name: "band", symbols: ["g", "r"] } },
  ],
};
const type = avroType({ type: "array", items: POINT });

/** So many points, each of about 32 values. */
function write(count: number): Uint8Array {
  const sink = new ByteSink();
  const points = Array.from({ length: count }, (_, i) =>
    JSON.parse(
      `{ "id": ${i % 3 === 0 ? `"ä${i}"` : "null"}, "tags": { "__proto__": ${i}, "a": 1 }, "__proto__": "r" }`,
    ),
  ).map((point: object) => ({ ...point, stamp: Uint8Array.of(1, 2) }));
  writeValue(type.node, points, sink, "points", []);
  return sink.toBytes();
}

const tapOf = (bytes: Uint8Array): Tap =>
  new Tap(bytes, { describe: (at) => `byte ${at}`, mayLack: bytes.length }, { ...READ_LIMITS, bytes: 90_000 });

/** What comes out, or what is said of it. */
function outcome(read: () => unknown): unknown {
  const result = toSafe(read);
  return result.success ? result.data : result.error.problems.map(({ code, message }) => [code, message]);
}

describe("readDatum", () => {
  it("gives what reading at once gives, however many values a record has and wherever it is damaged", () => {
    const sizes = [50, 650, 1000, 6000].map(write);
    fc.assert(
      fc.property(
        fc.constantFrom(...sizes),
        fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
        fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 255 })), {
          maxLength: 2,
        }),
        (whole, cut, changes) => {
          const bytes = whole.slice(0, cut === null ? whole.length : Math.floor(cut * whole.length));
          for (const [at, byte] of changes) bytes[Math.floor(at * (bytes.length - 1))] = byte;
          const [once, twice] = [tapOf(bytes), tapOf(bytes)];
          expect(outcome(() => readDatum(type.read, twice, READ_LIMITS.values))).toEqual(
            outcome(() => type.read(once)),
          );
          expect([twice.pos, twice.depth, twice.valuesLeft]).toEqual([once.pos, once.depth, once.valuesLeft]);
        },
      ),
      { numRuns: 60, examples: sizes.map((bytes): [Uint8Array, null, []] => [bytes, null, []]) },
    );
  });

  it("makes little of a large record that is cut short", () => {
    const slice = vi.spyOn(Uint8Array.prototype, "slice");
    const whole = write(2500);
    slice.mockClear();
    expect(outcome(() => readDatum(type.read, tapOf(whole.subarray(0, -1)), READ_LIMITS.values))).toEqual([
      ["avro-truncated", expect.stringContaining("end before they should")],
    ]);
    expect(slice.mock.calls.length).toBeLessThan(1000);
  });
});
