import { encodeAlerts, MAX_BLOCK_BYTES, parseAlerts, READ_LIMITS, readAlerts, toJson, ZTF_SCHEMA } from "@btsbot/alert";
import type { Alert, ReadOptions } from "@btsbot/alert";
import { createRandom } from "@btsbot/chance";
import { deflateSync } from "fflate";
import { describe, expect, it } from "vitest";
import { avroRecord, candidateRecord } from "../../../test/support/avroRecord.js";
import { avroType } from "../src/avro/avroType.js";
import { ByteSink } from "../src/avro/ByteSink.js";
import { writeValue } from "../src/avro/writeValue.js";
import { SYNC, varint, writeContainer, writeWithAvsc } from "./support/avscOracle.js";
import { makeAlert } from "./support/makeAlert.js";
import { withoutNulls } from "./support/withoutNulls.js";

const CODECS = ["null", "deflate", "snappy"] as const;
// Large enough for a block each.
const alerts = [1, 2, 3, 4, 5].map((seed) => makeAlert(seed, 40_000));

/** What each outcome is: an id, or a code. */
function outcomes(bytes: Uint8Array, options?: ReadOptions): (bigint | string)[] {
  return [...readAlerts(bytes, options)].map((outcome) => (outcome.success ? outcome.data.candid : outcome.error.code));
}

function first(bytes: Uint8Array, options?: ReadOptions): object {
  const [outcome] = readAlerts(bytes, options);
  return outcome.success ? outcome.data : outcome.error;
}

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const ids = alerts.map(({ candid }) => candid);

/** The datum of an alert by our own schema. */
function datum(alert: Alert): Uint8Array {
  const sink = new ByteSink();
  writeValue(avroType(ZTF_SCHEMA).node, alert, sink, "", []);
  return sink.toBytes();
}

const metadata = (codec: string, schema: unknown = ZTF_SCHEMA): Record<string, string> => ({
  "avro.schema": JSON.stringify(schema),
  "avro.codec": codec,
});

describe("readAlerts, Avro containers", () => {
  it.each(CODECS)("reads codec %s", (codec) => {
    expect(outcomes(encodeAlerts(alerts, { codec }))).toEqual(ids);
  });

  it("reads several records a block and several blocks, as avsc writes them", () => {
    const schema = {
      type: "record",
      name: "a",
      fields: [
        { name: "objectId", type: "string" },
        {
          name: "candidate",
          type: [
            {
              type: "record",
              name: "c",
              fields: [
                { name: "jd", type: ["double", "null"] },
                { name: "fid", type: "int" },
                { name: "candid", type: ["long", "null"] },
              ],
            },
            "null",
          ],
        },
        {
          name: "prv_candidates",
          type: [
            {
              type: "array",
              items: [
                "null",
                {
                  type: "record",
                  name: "p",
                  fields: [
                    { name: "jd", type: "double" },
                    { name: "fid", type: "int" },
                  ],
                },
              ],
            },
            "null",
          ],
        },
      ],
    };
    const record = (candid: bigint): object => ({
      objectId: "ZTF99aaaaaaa",
      candidate: { jd: 1, fid: 1, candid },
      prv_candidates: [null, { jd: 0.5, fid: 2 }],
    });
    for (const codec of CODECS) {
      const bytes = writeWithAvsc(schema, [[record(1n), record(2n ** 60n + 1n)], [record(3n)], []], codec);
      expect(outcomes(bytes)).toEqual([1n, 2n ** 60n + 1n, 3n]);
      expect(parseAlerts(bytes)[0].prv_candidates).toEqual([{ jd: 0.5, fid: 2 }]);
    }
  });

  it("reads a file without a codec and one without records", () => {
    const { "avro.schema": schema } = metadata("null");
    expect(outcomes(writeContainer({ "avro.schema": schema }, [{ count: 1, bytes: datum(alerts[0]) }]))).toEqual([
      ids[0],
    ]);
    expect(outcomes(writeContainer({ "avro.schema": schema }, []))).toEqual([]);
  });

  it("gives an alert bytes of its own", () => {
    const bytes = Buffer.from(encodeAlerts([alerts[0]]));
    const [alert] = parseAlerts(bytes);
    bytes.fill(0);
    expect(alert.cutoutScience).toEqual(alerts[0].cutoutScience);
    expect(Buffer.isBuffer(alert.cutoutScience?.stampData)).toBe(false);
    expect(alert.cutoutScience?.stampData.buffer.byteLength).toBe(40_000);
  });

  it("goes on after a record that is not an alert", () => {
    const candidate = candidateRecord();
    const schema = avroRecord("a", ["objectId", ["null", "string"]], ["candid", "long"], ["candidate", candidate]);
    const record = (objectId: string | null, candid: bigint): object => ({
      objectId,
      candid,
      candidate: { jd: 1, fid: 1 },
    });
    expect(outcomes(writeWithAvsc(schema, [[record("ZTF1", 1n), record(null, 2n), record("ZTF1", 3n)]]))).toEqual([
      1n,
      "alert-invalid",
      3n,
    ]);
  });

  it("refuses a schema without `candidate`", () => {
    const schema = {
      type: "record",
      name: "a",
      fields: [
        { name: "objectId", type: "string" },
        { name: "candid", type: "long" },
      ],
    };
    expect(first(writeWithAvsc(schema, [[{ objectId: "ZTF1", candid: 1n }]]))).toMatchObject({
      code: "alert-invalid",
      path: "candidate",
    });
  });
});

describe("readAlerts, damaged containers", () => {
  it("refuses an empty input and one of another kind", () => {
    expect(outcomes(new Uint8Array(0))).toEqual(["input-empty"]);
    expect(outcomes(text("SIMPLE  =                    T"))).toEqual(["input-unrecognized"]);
    expect(first(Uint8Array.of(0x1f, 0x8b, 8))).toMatchObject({ code: "input-unrecognized", got: "0x1f 0x8b 0x08" });
  });

  describe.each(CODECS)("cut short, codec %s", (codec) => {
    const sync = Uint8Array.from(SYNC);
    const bytes = encodeAlerts(alerts, { codec, sync });
    // Where each marker ends: the head, then the blocks.
    const boundaries: number[] = [];
    for (let at = Buffer.from(bytes).indexOf(sync); at >= 0; at = Buffer.from(bytes).indexOf(sync, at + 1))
      boundaries.push(at + sync.length);

    it("at a block's boundary gives the alerts before it: such a file is whole", () => {
      expect(boundaries).toHaveLength(1 + alerts.length);
      for (const [i, boundary] of boundaries.entries())
        expect(outcomes(bytes.subarray(0, boundary))).toEqual(ids.slice(0, i));
    });

    it("beside a block's boundary, or at 200 random bytes, gives the alerts before it and the error", () => {
      const random = createRandom(200);
      const cuts = Array.from({ length: 200 }, () => 1 + Math.floor(random() * (bytes.length - 1)));
      const beside = boundaries
        .flatMap((boundary) => [boundary - 1, boundary + 1, boundary + 2])
        .filter((cut) => cut < bytes.length);
      for (const cut of [...beside, ...cuts.filter((at) => !boundaries.includes(at))]) {
        const whole = Math.max(0, boundaries.filter((boundary) => boundary <= cut).length - 1);
        expect([cut, ...outcomes(bytes.subarray(0, cut))]).toEqual([cut, ...ids.slice(0, whole), "avro-truncated"]);
      }
    });

    it("never throws anything untyped when a byte is changed", () => {
      const random = createRandom(300);
      for (let i = 0; i < 200; i++) {
        const damaged = bytes.slice();
        damaged[4 + Math.floor(random() * (bytes.length - 4))] ^= 1 + Math.floor(random() * 255);
        for (const outcome of readAlerts(damaged)) expect(outcome.success || outcome.error.code).toBeTruthy();
      }
    });
  });

  it("says where a marker is wrong, after the alerts before", () => {
    const [a, b] = [datum(alerts[0]), datum(alerts[1])];
    const bytes = writeContainer(metadata("null"), [
      { count: 1, bytes: a },
      { count: 1, bytes: b, sync: new Uint8Array(16) },
    ]);
    const results = [...readAlerts(bytes)];
    expect(outcomes(bytes)).toEqual([ids[0], "avro-sync-mismatch"]);
    expect(results[1]).toMatchObject({ error: { path: `byte ${bytes.length - 16}` } });
  });

  it("names an unknown codec", () => {
    expect(first(writeContainer(metadata("zstandard"), []))).toMatchObject({
      code: "avro-codec-unknown",
      path: "avro.codec",
      got: '"zstandard"',
    });
  });

  it("refuses a schema that is absent or no schema", () => {
    expect(outcomes(writeContainer({ "avro.codec": "null" }, []))).toEqual(["avro-schema-invalid"]);
    expect(outcomes(writeContainer(metadata("null", { type: "record" }), []))).toEqual(["avro-schema-invalid"]);
  });

  it("checks the CRC of a snappy block", () => {
    const bytes = encodeAlerts([alerts[0]], { codec: "snappy" });
    bytes[bytes.length - 17] ^= 1;
    expect(first(bytes)).toMatchObject({
      code: "avro-crc-mismatch",
      expected: expect.stringMatching(/^[0-9a-f]{8}$/) as string,
    });
  });

  it("refuses compressed bytes that are none", () => {
    const block = { count: 1, bytes: Uint8Array.from({ length: 50 }, (_, i) => 255 - i) };
    expect(outcomes(writeContainer(metadata("deflate"), [block]))).toEqual(["avro-block-corrupt"]);
    expect(outcomes(writeContainer(metadata("snappy"), [block]))).toEqual(["avro-block-corrupt"]);
    expect(outcomes(writeContainer(metadata("snappy"), [{ count: 1, bytes: Uint8Array.of(0) }]))).toEqual([
      "avro-block-corrupt",
    ]);
  });

  it("refuses counts and lengths that claim gigabytes, at once", () => {
    const bytes = datum(alerts[0]);
    const huge = 2 ** 40;
    expect(first(writeContainer(metadata("null"), [{ count: huge, bytes }]))).toMatchObject({
      code: "avro-length-invalid",
      got: `${huge} items`,
    });
    expect(first(writeContainer(metadata("null"), [{ count: 1, size: huge, bytes }]))).toMatchObject({
      code: "avro-length-invalid",
      got: `${huge}`,
    });
    expect(outcomes(writeContainer(metadata("null"), [{ count: -1, bytes }]))).toEqual(["avro-length-invalid"]);
    expect(outcomes(writeContainer(metadata("null"), [{ count: 1, size: -1, bytes }]))).toEqual([
      "avro-length-invalid",
    ]);
    // The head's own map: a count, and the length of a key.
    expect(outcomes(Uint8Array.from([...text("Obj\x01"), ...varint(huge)]))).toEqual(["avro-length-invalid"]);
    expect(outcomes(Uint8Array.from([...text("Obj\x01"), ...varint(1), ...varint(huge)]))).toEqual([
      "avro-length-invalid",
    ]);
    // A snappy block that claims 4 GB.
    const liar = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0, 0, 0, 0, 0);
    expect(outcomes(writeContainer(metadata("snappy"), [{ count: 1, bytes: liar }]))).toEqual(["avro-length-invalid"]);
  });

  it("stops a deflate bomb at the limit", () => {
    const bomb = deflateSync(new Uint8Array(5_000_000));
    const bytes = writeContainer(metadata("deflate"), [{ count: 1, bytes: bomb }]);
    expect(bomb.length).toBeLessThan(10_000);
    expect(first(bytes, { maxBlockBytes: 100_000 })).toMatchObject({
      code: "avro-length-invalid",
      expected: "at most 100000 bytes",
      problems: [{ hint: expect.stringContaining("Raise `maxBlockBytes`") as string }],
    });
    // A few packed bytes pay for few unpacked ones, and the first of them for fewer: nobody waits for the rest.
    expect(first(bytes)).toMatchObject({
      code: "avro-length-invalid",
      expected: `at most ${READ_LIMITS.bytes / 8 + 16 * 512} bytes`,
      got: `more, from the first 512 of ${bomb.length} packed bytes`,
      problems: [{ hint: expect.stringContaining("Raise `limits.bytes`") as string }],
    });
    expect(outcomes(bytes, { limits: { bytes: 1e9 } })).toEqual(["alert-invalid", "avro-datum-invalid"]);
    expect(MAX_BLOCK_BYTES).toBeGreaterThan(5_000_000);
  });

  it("refuses bytes behind a block's last record, after its alerts", () => {
    const bytes = writeContainer(metadata("null"), [
      { count: 1, bytes: Buffer.concat([datum(alerts[0]), Uint8Array.of(0)]) },
    ]);
    expect(outcomes(bytes)).toEqual([ids[0], "avro-datum-invalid"]);
  });

  it("says where in an unpacked block a value is wrong", () => {
    const bytes = deflateSync(Uint8Array.of(9));
    expect(first(writeContainer(metadata("deflate"), [{ count: 1, bytes }]))).toMatchObject({
      path: expect.stringMatching(/^block at byte \d+, unpacked byte 0$/) as string,
    });
  });
});

describe("readAlerts, framed messages", () => {
  const frame = (id: number, body: Uint8Array): Uint8Array =>
    Uint8Array.from([0, id >>> 24, (id >> 16) & 255, (id >> 8) & 255, id & 255, ...body]);
  const message = frame(0x80000007, datum(alerts[0]));

  it.each<[string, ReadOptions]>([
    ["one schema", { schemas: ZTF_SCHEMA }],
    ["its text", { schemas: JSON.stringify(ZTF_SCHEMA) }],
    ["a map", { schemas: new Map([[0x80000007, ZTF_SCHEMA]]) }],
    ["a function", { schemas: (id) => (id === 0x80000007 ? ZTF_SCHEMA : undefined) }],
  ])("are read with %s", (_, options) => {
    expect(withoutNulls(first(message, options))).toEqual(withoutNulls(alerts[0]));
  });

  it("need a schema that is known", () => {
    expect(first(message)).toMatchObject({ code: "confluent-schema-unknown", got: "id 2147483655" });
    expect(outcomes(message, { schemas: new Map() })).toEqual(["confluent-schema-unknown"]);
  });

  it("are refused when cut short or too long", () => {
    expect(outcomes(Uint8Array.of(0, 0, 0, 1), { schemas: ZTF_SCHEMA })).toEqual(["confluent-frame-invalid"]);
    for (let length = 5; length < message.length; length += 997)
      expect(outcomes(message.subarray(0, length), { schemas: ZTF_SCHEMA })).toEqual(["avro-truncated"]);
    expect(outcomes(frame(7, Buffer.concat([datum(alerts[0]), Uint8Array.of(1)])), { schemas: ZTF_SCHEMA })).toEqual([
      "avro-datum-invalid",
    ]);
  });
});

describe("readAlerts, JSON", () => {
  const documents = [1, 2].map((seed) => JSON.stringify(toJson(makeAlert(seed))));
  const both = [1, 2].map((seed) => makeAlert(seed).candid);

  it.each([
    ["one document", `\n  ${documents[0]}`, both.slice(0, 1)],
    ["an array", `[${documents.join(", ")}]`, both],
    ["JSON Lines", `${documents.join("\r\n")}\n\n`, both],
    ["a byte order mark", `\ufeff${documents[0]}`, both.slice(0, 1)],
    ["an empty array", "[]", []],
  ])("reads %s", (_, json, expected) => {
    expect(outcomes(text(json))).toEqual(expected);
  });

  it("goes on after a bad line or a bad document", () => {
    expect(outcomes(text(`${documents[0]}\n{"a":\n${documents[1]}\n{}`))).toEqual([
      both[0],
      "json-invalid",
      both[1],
      "alert-invalid",
    ]);
    expect([...readAlerts(text(`${documents[0]}\n{"a":`))][1]).toMatchObject({ error: { path: "line 2" } });
    expect(outcomes(text(`[${documents[0]}, 7]`))).toEqual([both[0], "alert-invalid"]);
  });

  it("reads on behind a bad first line, each bad line its own error", () => {
    expect(outcomes(text(`{"objectId": "ZT\n${documents[0]}\n{"a":\n${documents[1]}\n`))).toEqual([
      "json-invalid",
      both[0],
      "json-invalid",
      both[1],
    ]);
    expect(first(text(`\n\n{"objectId": "ZT\n${documents[0]}`))).toMatchObject({ path: "line 3" });
    // What breaks off before any line is a document is one.
    expect(outcomes(text(JSON.stringify(JSON.parse(documents[0]), null, 2).slice(0, -10)))).toEqual(["json-invalid"]);
  });

  it("gives every document of arrays that stand a line each", () => {
    expect(outcomes(text(`[${documents.join(", ")}]\n\n`))).toEqual(both);
    expect(outcomes(text(`[${documents[0]}]\n[]\n[${documents[1]}, 7]`))).toEqual([...both, "alert-invalid"]);
  });

  it("says that a line is not UTF-8, and reads on", () => {
    const bytes = Uint8Array.from([...text(`${documents[0]}\n{"objectId": "`), 0xff, ...text(`"}\n${documents[1]}`)]);
    expect(outcomes(bytes)).toEqual([both[0], "json-invalid", both[1]]);
    expect([...readAlerts(bytes)][1]).toMatchObject({ error: { message: "line 2: the text is not UTF-8" } });
  });

  it("limits a document and a line, not the text", () => {
    const limit = { maxBlockBytes: Math.max(...documents.map(({ length }) => length)) + 1 };
    expect(outcomes(text(`${documents.join("\n")}\n`.repeat(5)), limit)).toEqual(
      Array.from({ length: 5 }, () => both).flat(),
    );
    expect(outcomes(text(`[\n${documents.join()}]`), limit)).toEqual(both);
    const long = `{"a": "${"x".repeat(limit.maxBlockBytes)}"}`;
    expect(outcomes(text(`${documents[0]}\n${long}\n${documents[1]}`), limit)).toEqual([
      both[0],
      "input-too-large",
      both[1],
    ]);
    expect([...readAlerts(text(`${documents[0]}\n${long}\n${documents[1]}`), limit)][1]).toMatchObject({
      error: { path: "line 2" },
    });
  });

  it("does not say of valid text above the limit of strings that it is not UTF-8", () => {
    // Zeros that nobody writes to take no memory.
    const bytes = new Uint8Array(600_000_000);
    bytes.set(text('{"'));
    bytes.set(text('"}'), bytes.length - 2);
    expect(first(bytes)).toMatchObject({ code: "input-too-large", expected: `at most ${MAX_BLOCK_BYTES} bytes` });
    expect(first(bytes, { maxBlockBytes: 1e9 })).toMatchObject({
      code: "input-too-large",
      expected: "at most 2097152 bytes",
    });
    expect(first(bytes, { maxBlockBytes: 1e9, limits: { bytes: 1e9 } })).toMatchObject({
      code: "input-too-large",
      got: "600000000 bytes",
    });
  });

  it("refuses nesting that JSON.stringify could not write", () => {
    const nest = (levels: number): string => `${"[".repeat(levels)}${"]".repeat(levels)}`;
    const alert = (x: string): string =>
      `{"objectId":"ZTF1","candid":1,"candidate":{"jd":1,"fid":1,"x":${x}},"y":${x}}`;
    expect(outcomes(text(alert(nest(62))))).toEqual([1n]);
    expect(first(text(alert(nest(63))))).toMatchObject({ code: "limit-exceeded", expected: "at most 64 levels" });
    expect(outcomes(text(`${alert(nest(50_000))}\n${alert("1")}`))).toEqual(["limit-exceeded", 1n]);
  });

  it("counts what a document would take before it is parsed, and says which limit to raise", () => {
    const of = (list: string, count: number): Uint8Array =>
      text(`{"objectId":"ZTF1","candid":1,"candidate":{"jd":1,"fid":1},"x":[${Array(count).fill(list).join()}]}`);
    // Empty lists take more than numbers, and what has to be replaced takes more than both.
    for (const [item, most] of [
      ["1", 131_000],
      ["[]", 26_200],
      ['{"a":1}', 21_800],
      ["12345678901234567", 11_900],
      ["NaN", 11_900],
    ] as const) {
      expect(outcomes(of(item, most)), item).toEqual([1n]);
      expect(first(of(item, most + 200)), item).toMatchObject({
        code: "limit-exceeded",
        problems: [{ hint: expect.stringContaining("`limits.values`") as string }],
      });
      expect(outcomes(of(item, most + 200), { limits: { values: 140_000 } }), item).toEqual([1n]);
    }
  });

  it("passes over lines of empty arrays, as many as an input of its length may hold", () => {
    const lines = (count: number): Uint8Array => text(`${"[ ]\n".repeat(count)}${documents[0]}`);
    expect(outcomes(lines(1000))).toEqual([both[0]]);
    expect(outcomes(lines(3000))).toEqual(["limit-exceeded"]);
    expect(outcomes(lines(3000), { limits: { values: 300_000 } })).toEqual([both[0]]);
  });

  it("reads an array document by document, as far as it is whole", () => {
    expect(outcomes(text(`[\n${documents[0]},\n${documents[1]}`))).toEqual([...both, "json-invalid"]);
    expect(outcomes(text(`[${documents[0]}, {"a" 1}, ${documents[1]}]`))).toEqual([both[0], "json-invalid", both[1]]);
    expect(outcomes(text(`[${documents[0]} ${documents[1]}]`))).toEqual([both[0], "json-invalid"]);
    expect(outcomes(text(`[${documents[0]},]`))).toEqual([both[0], "json-invalid"]);
    expect(outcomes(text(`[${documents[0]}] 7\n${documents[1]}`))).toEqual([both[0], "alert-invalid", both[1]]);
    expect([...readAlerts(text(`[\n${documents[0]}\n]\n{`))][1]).toMatchObject({ error: { path: "line 4" } });
  });

  it("refuses what is not JSON, or no alert", () => {
    expect(outcomes(text("{"))).toEqual(["json-invalid"]);
    expect(outcomes(text(documents[0].slice(0, -10)))).toEqual(["json-invalid"]);
    expect(outcomes(Uint8Array.of(0x7b, 0xff))).toEqual(["json-invalid"]);
    expect(first(text('{"status": "success"}'))).toMatchObject({
      code: "alert-invalid",
      problems: [{ path: "objectId" }, { path: "candid" }, { path: "candidate" }],
    });
  });
});
