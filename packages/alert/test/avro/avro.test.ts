import { createRandom } from "@btsbot/chance";
import { BtsbotError } from "@btsbot/errors";
import { describe, expect, it } from "vitest";
import { avroType } from "../../src/avro/avroType.js";
import { ByteSink } from "../../src/avro/ByteSink.js";
import { Tap } from "../../src/avro/Tap.js";
import { unsnappy } from "../../src/avro/unsnappy.js";
import { writeValue } from "../../src/avro/writeValue.js";
import { avscType, varint } from "../support/avscOracle.js";
import { compress } from "snappyjs";

function tap(bytes: Iterable<number>): Tap {
  return new Tap(Uint8Array.from(bytes), { describe: (at) => `byte ${at}`, mayLack: 0 });
}

function failure(run: () => unknown): BtsbotError {
  try {
    run();
  } catch (error) {
    if (error instanceof BtsbotError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

const EVERY_TYPE = {
  type: "record",
  name: "top",
  namespace: "test.space",
  fields: [
    { name: "n", type: "null" },
    { name: "b", type: "boolean" },
    { name: "i", type: "int" },
    { name: "l", type: { type: "long", logicalType: "timestamp-millis" } },
    { name: "f", type: "float" },
    { name: "d", type: { type: "double" } },
    { name: "by", type: "bytes" },
    { name: "s", type: "string" },
    { name: "fx", type: { type: "fixed", name: "four", size: 4 } },
    { name: "fx2", type: "four" },
    { name: "e", type: { type: "enum", name: "color", symbols: ["g", "r", "i"] } },
    {
      name: "a",
      type: {
        type: "array",
        items: ["null", { type: "record", name: "inner", fields: [{ name: "e2", type: "test.space.color" }] }],
      },
    },
    { name: "m", type: { type: "map", values: ["long", "string", "null"] } },
    {
      name: "tree",
      type: {
        type: "record",
        name: "tree",
        fields: [
          { name: "leaf", type: "int" },
          { name: "next", type: ["tree", "null"] },
        ],
      },
    },
    { name: "__proto__", type: "string" },
    { name: "constructor", type: ["null", "float"] },
  ],
};

function makeRecord(random: () => number): object {
  const int = (): number => Math.floor((random() - 0.5) * 2 ** Math.floor(random() * 32));
  const long = (): bigint =>
    BigInt.asIntN(64, BigInt(Math.floor(random() * 2 ** 52)) ** 2n) >> BigInt(Math.floor(random() * 64));
  const text = (): string => ["", "ZTF", "ä€😀", "\ufeffmark", "x".repeat(300)][Math.floor(random() * 5)];
  const many = <T>(make: () => T): T[] => Array.from({ length: Math.floor(random() * 4) }, make);
  const bytes = (length: number): Buffer => Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)));
  const record = {
    n: null,
    b: random() < 0.5,
    i: int(),
    l: long(),
    f: Math.fround(random()),
    d: [random(), NaN, Infinity, -0][Math.floor(random() * 4)],
    by: bytes(Math.floor(random() * 200)),
    s: text(),
    fx: bytes(4),
    fx2: bytes(4),
    e: ["g", "r", "i"][Math.floor(random() * 3)],
    a: many(() => (random() < 0.5 ? null : { e2: "r" })),
    m: Object.fromEntries(many(() => [text(), [long(), text(), null][Math.floor(random() * 3)]])),
    tree: { leaf: int(), next: random() < 0.5 ? null : { leaf: int(), next: null } },
    constructor: random() < 0.5 ? null : 1.5,
  };
  return Object.defineProperty(record, "__proto__", {
    value: "own",
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

/** Own fields in order, with byte arrays as plain ones. */
function flat(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return ["bytes", ...(value as Uint8Array)];
  if (Array.isArray(value)) return value.map(flat);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .map(([name, entry]) => [name, flat(entry)])
    .sort(([a], [b]) => ((a as string) < (b as string) ? -1 : 1));
}

describe("the codec, against avsc", () => {
  // avsc cannot make a class with a field `__proto__`: the oracle reads the others.
  const withoutProto = { ...EVERY_TYPE, fields: EVERY_TYPE.fields.filter(({ name }) => name !== "__proto__") };
  const theirs = avscType(withoutProto);
  const ours = avroType(withoutProto);

  it("writes the same bytes and reads the same values, for every type, 300 random records", () => {
    const random = createRandom(20230101);
    for (let i = 0; i < 300; i++) {
      const record = makeRecord(random);
      delete (record as Record<string, unknown>)["__proto__"];
      const bytes = theirs.toBuffer(record);
      const sink = new ByteSink();
      const problems: [] = [];
      writeValue(ours.node, record, sink, "", problems);
      expect(problems).toEqual([]);
      expect(Buffer.from(sink.toBytes()).equals(bytes)).toBe(true);
      const source = tap(bytes);
      expect(flat(ours.read(source))).toEqual(flat(record));
      expect(source.pos).toBe(bytes.length);
    }
  });

  it("keeps a field named __proto__ a field", () => {
    const type = avroType(EVERY_TYPE);
    const record = makeRecord(createRandom(5));
    const sink = new ByteSink();
    writeValue(type.node, record, sink, "", []);
    const read = type.read(tap(sink.toBytes())) as object;
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
    expect(Object.getOwnPropertyDescriptor(read, "__proto__")?.value).toBe("own");
  });

  it("fails with a code and a place wherever the bytes end", () => {
    const bytes = theirs.toBuffer(
      ((record) => (delete (record as Record<string, unknown>)["__proto__"], record))(makeRecord(createRandom(7))),
    );
    for (let length = 0; length < bytes.length; length++) {
      const error = failure(() => ours.read(tap(bytes.subarray(0, length))));
      expect(["avro-truncated", "avro-length-invalid"]).toContain(error.code);
      expect(error.path).toMatch(/^byte \d+$/);
    }
  });
});

describe("the reading of longs", () => {
  it.each([
    0n,
    -1n,
    1n,
    63n,
    64n,
    -64n,
    -65n,
    2n ** 31n,
    -(2n ** 31n),
    2n ** 32n - 1n,
    2n ** 53n + 1n,
    2n ** 62n,
    2n ** 63n - 1n,
    -(2n ** 63n),
  ])("is exact for %s", (value) => {
    expect(tap(varint(value)).readLong()).toBe(value);
    expect(tap(varint(value)).readSize()).toBe(Number(value));
  });

  it("refuses more than 64 bits", () => {
    expect(failure(() => tap([...Array<number>(9).fill(255), 2]).readLong()).code).toBe("avro-datum-invalid");
    expect(failure(() => tap(Array<number>(11).fill(255)).readLong()).code).toBe("avro-datum-invalid");
  });

  it("refuses an int of more than 32 bits", () => {
    expect(tap(varint(-(2 ** 31))).readInt()).toBe(-(2 ** 31));
    expect(failure(() => tap(varint(2 ** 31)).readInt()).code).toBe("avro-datum-invalid");
  });
});

describe("bad data", () => {
  const read = (schema: object | string, bytes: Iterable<number>): BtsbotError =>
    failure(() => avroType(schema).read(tap(bytes)));

  it("names the place of a union index that is out of range", () => {
    const error = read(["null", "int", "string"], [6]);
    expect(error).toMatchObject({ code: "avro-datum-invalid", path: "byte 0", expected: "0 to 2", got: "3" });
    expect(read(["null", "int"], [4])).toMatchObject({ code: "avro-datum-invalid", got: "2" });
    expect(read(["null", "int"], [1])).toMatchObject({ code: "avro-datum-invalid", got: "-1" });
  });

  it("names an enum's symbol that is out of range", () => {
    expect(read({ type: "enum", name: "e", symbols: ["a"] }, [2])).toMatchObject({
      code: "avro-datum-invalid",
      path: "byte 0",
      got: "1",
    });
  });

  it("refuses negative lengths and those above the data", () => {
    expect(read("string", varint(-5))).toMatchObject({ code: "avro-length-invalid", path: "byte 0", got: "-5" });
    expect(read("bytes", [...varint(2 ** 40), 1, 2])).toMatchObject({
      code: "avro-length-invalid",
      got: `${2 ** 40} bytes`,
    });
  });

  it("refuses counts above the data before it allocates", () => {
    expect(read({ type: "array", items: "double" }, varint(2 ** 40))).toMatchObject({
      code: "avro-length-invalid",
      got: `${2 ** 40} items`,
    });
    expect(read({ type: "array", items: "double" }, varint(-(2n ** 62n))).code).toBe("avro-truncated");
    expect(read({ type: "map", values: "null" }, varint(1e12)).code).toBe("avro-length-invalid");
  });

  it("limits items that take no bytes", () => {
    expect(read({ type: "array", items: "null" }, [...varint(2 ** 40), 0]).code).toBe("limit-exceeded");
    expect(avroType({ type: "array", items: "null" }).read(tap([...varint(3), 0]))).toEqual([null, null, null]);
    const nothing = { type: "record", name: "nothing", fields: [] };
    const list = { type: "array", items: { type: "array", items: nothing } };
    const inner = [...varint(70_000), 0];
    expect(read(list, [...varint(2), ...inner, ...inner, 0]).code).toBe("limit-exceeded");
  });

  it.each([
    ["bytes of no length", "bytes"],
    ["fixed values of no length", { type: "fixed", name: "nothing", size: 0 }],
  ])("limits %s, each of which is an array in memory", (_, items) => {
    const list = (count: number) => [...varint(count), ...(items === "bytes" ? Array<number>(count).fill(0) : []), 0];
    expect(read({ type: "array", items }, list(20_000)).code).toBe("limit-exceeded");
    expect(avroType({ type: "array", items }).read(tap(list(1000)))).toHaveLength(1000);
  });

  /** Each record holds the one before it twice: 2^count leaves of no bytes. */
  const doubling = (count: number): object[] =>
    Array.from({ length: count }, (_, i) => {
      const type = i === 0 ? "null" : `r${i - 1}`;
      return {
        type: "record",
        name: `r${i}`,
        fields: [
          { name: "a", type },
          { name: "b", type },
        ],
      };
    });
  /** The same, each defined behind an array or a union, of which a datum needs none. */
  const define = (records: object[], last: object | string): object => ({
    type: "record",
    name: "top",
    fields: [
      ...records.map((record, i) => ({
        name: `f${i}`,
        type: i % 2 ? { type: "array", items: record } : ["null", record],
      })),
      { name: "last", type: last },
    ],
  });

  it.each<[string, object | string, number[]]>([
    ["a field", "r39", []],
    ["an array", { type: "array", items: "r39" }, [2]],
    ["a map", { type: "map", values: "r39" }, [2, 0]],
    ["a union", ["null", "r39"], [2]],
  ])("limits records in records that take no bytes: %s", (_, last, bytes) => {
    expect(read(define(doubling(40), last), [...Array<number>(40).fill(0), ...bytes])).toMatchObject({
      code: "limit-exceeded",
      expected: "at most 131072",
    });
  });

  it("limits fields that take no bytes, and reads those that a schema can mean", () => {
    const wide = {
      type: "record",
      name: "wide",
      fields: [
        { name: "b", type: "boolean" },
        ...Array.from({ length: 1000 }, (_, i) => ({ name: `n${i}`, type: "null" })),
      ],
    };
    expect(read({ type: "array", items: wide }, [...varint(12), ...Array<number>(12).fill(0)]).code).toBe(
      "limit-exceeded",
    );
    expect(
      avroType({ type: "array", items: wide }).read(tap([...varint(10), ...Array<number>(10).fill(0), 0])),
    ).toHaveLength(10);
    expect(avroType(define(doubling(3), "r2")).read(tap([0, 0, 0]))).toMatchObject({
      last: { a: { a: { a: null } }, b: { b: { b: null } } },
    });
  });

  it("makes and measures a chain of many thousand records without recursing through it", () => {
    const chain = Array.from({ length: 8_000 }, (_, i) => ({
      type: "record",
      name: `r${i}`,
      fields: [{ name: "a", type: i === 0 ? "null" : `r${i - 1}` }],
    }));
    const schema = define(chain, "r7999") as { fields: object[] };
    schema.fields.unshift({ name: "self", type: { type: "array", items: "top" } });
    expect(read(schema, Array<number>(8_001).fill(0))).toMatchObject({
      code: "limit-exceeded",
      expected: "at most 64 levels",
    });
  });

  it("reads blocks of an array that state their length", () => {
    expect(
      avroType({ type: "array", items: "int" }).read(tap([...varint(-2), ...varint(2), 2, 4, ...varint(1), 6, 0])),
    ).toEqual([1, 2, 3]);
  });

  it("refuses endless nesting, of lists and maps as of records", () => {
    const list = { type: "record", name: "list", fields: [{ name: "next", type: ["null", "list"] }] };
    expect(read(list, Array<number>(1e6).fill(2)).code).toBe("limit-exceeded");
    const self = { type: "record", name: "self", fields: [{ name: "self", type: "self" }] };
    expect(read(self, []).code).toBe("limit-exceeded");
    const lists = {
      type: "record",
      name: "lists",
      fields: [{ name: "in", type: { type: "array", items: { type: "map", values: "lists" } } }],
    };
    // A list of one map, which has one entry with an empty key: 22 times three levels.
    expect(read(lists, Array.from({ length: 22 }, () => [2, 2, 0]).flat())).toMatchObject({
      code: "limit-exceeded",
      expected: "at most 64 levels",
    });
  });

  it("refuses strings that are not UTF-8 and booleans that are none", () => {
    expect(read("string", [2, 0xff])).toMatchObject({ code: "avro-datum-invalid", path: "byte 1" });
    expect(read("boolean", [2])).toMatchObject({ code: "avro-datum-invalid", path: "byte 0" });
  });
});

describe("avroType", () => {
  const text = (name: string, length = 0): string =>
    JSON.stringify({ type: "record", name, doc: "x".repeat(length), fields: [] });

  it("makes the type of an object once, and writes its text once", () => {
    let written = 0;
    const schema = {
      type: "record",
      name: "watched",
      fields: [],
      toJSON: () => ((written += 1), { type: "record", name: "watched", fields: [] }),
    };
    expect(avroType(schema)).toBe(avroType(schema));
    expect(written).toBe(1);
  });

  it("keeps the types used last, and few of long texts", () => {
    const first = avroType(text("first"));
    for (let i = 0; i < 31; i++) avroType(text(`other${i}`));
    expect(avroType(text("first"))).toBe(first);
    for (let i = 31; i < 62; i++) avroType(text(`other${i}`));
    expect(avroType(text("first"))).toBe(first);
    for (let i = 62; i < 94; i++) avroType(text(`other${i}`));
    expect(avroType(text("first"))).not.toBe(first);
    expect(avroType(text("long", 1e6))).not.toBe(avroType(text("long", 1e6)));
    // What long texts make takes memory: of five of 80 thousand characters three are kept.
    const long = ["a", "b", "c", "d", "e"].map((name) => avroType(text(name, 80_000)));
    expect(avroType(text("c", 80_000))).toBe(long[2]);
    expect(avroType(text("a", 80_000))).not.toBe(long[0]);
  });
});

describe("bad schemas", () => {
  it.each([
    ["not JSON", "{", "schema"],
    ["an unknown name", '"ztf.nothing"', "schema"],
    ["no type", "{}", "schema.type"],
    ["a record without fields", '{"type":"record","name":"r"}', "schema"],
    ["a record without a name", '{"type":"record","fields":[]}', "schema"],
    ["a field without a type", '{"type":"record","name":"r","fields":[{"name":"a"}]}', "schema.fields[0].type"],
    [
      "a field without a name",
      '{"type":"record","name":"r","fields":[{"name":"a","type":"int"},{"type":"int"}]}',
      "schema.fields[1]",
    ],
    ["a name twice", '[{"type":"fixed","name":"a","size":1},{"type":"fixed","name":"a","size":1}]', "schema[1]"],
    ["a fixed of negative size", '{"type":"fixed","name":"a","size":-1}', "schema"],
    ["an enum without symbols", '{"type":"enum","name":"a"}', "schema"],
    ["items of no type", '{"type":"array"}', "schema.items"],
  ])("are refused with their place: %s", (_, schema, path) => {
    expect(failure(() => avroType(schema))).toMatchObject({ code: "avro-schema-invalid", path });
  });

  it("are refused when they nest without end", () => {
    const schema = `${'{"type":"array","items":'.repeat(5000)}"int"${"}".repeat(5000)}`;
    expect(failure(() => avroType(schema)).code).toBe("avro-schema-invalid");
  });
});

describe("unsnappy", () => {
  const none = (): void => undefined;

  it("unpacks what snappyjs packs", () => {
    const random = createRandom(3);
    for (const length of [0, 1, 59, 60, 61, 300, 70_000, 200_000]) {
      const plain = Uint8Array.from({ length }, () => Math.floor(random() * random() * 8));
      expect(Buffer.from(unsnappy(compress(plain), none) ?? []).equals(Buffer.from(plain))).toBe(true);
    }
  });

  it("ends on any bytes", () => {
    const random = createRandom(4);
    for (let i = 0; i < 2000; i++)
      unsnappy(
        Uint8Array.from({ length: 40 }, () => Math.floor(random() * 256)),
        none,
      );
    // A literal of 2^32 - 5 bytes, on which snappyjs does not come back.
    expect(unsnappy(Uint8Array.of(10, 63 << 2, 0xfa, 0xff, 0xff, 0xff, 1, 2, 3), none)).toBeUndefined();
  });

  it("refuses a claim that the bytes cannot keep", () => {
    const claims: number[] = [];
    expect(
      unsnappy(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0), (claimed) => claims.push(claimed)),
    ).toBeUndefined();
    expect(claims).toEqual([2 ** 32 - 1]);
    expect(unsnappy(Uint8Array.of(5, 0, 65), none)).toBeUndefined();
  });
});
