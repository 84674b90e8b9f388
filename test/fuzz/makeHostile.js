import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { tarHeader } from "./tarHeader.js";
import { concat, sized, varint, writeContainer } from "./avroBytes.js";
import { makeRandom } from "./random.js";

/** Bytes of one form that unpack to more than anybody wants. */
const MOST_PLAIN = 20_000_000;

/**
 * Makes an input that claims to hold, or packs, far more than a packet: of every form that is read, of every
 * type that costs more than it takes.
 *
 * @param {number} seed
 * @returns {{ what: string, bytes: Uint8Array, as?: "stamp" | "text" | "archive", schemas?: object, survey?: "lsst" }}
 */
export function makeHostile(seed) {
  const random = makeRandom(seed);
  return random.pick(FORMS)(random);
}

const FORMS = [
  avroItems,
  avroItems,
  avroItems,
  avroRecords,
  avroRecords,
  avroHead,
  avroSchema,
  framed,
  json,
  json,
  json,
  stamp,
  stamp,
  rubin,
  archive,
  archive,
];

/** Types of one item each, and its bytes: the fewer bytes, the more items. */
function makeItem(random, depth = 0) {
  const simple = [
    ["null", []],
    ["boolean", [0]],
    ["int", [0]],
    ["string", [0]],
    ["bytes", [0]],
    [{ type: "fixed", name: `f${random.integer(0, 1e9)}`, size: 0 }, []],
    [{ type: "enum", name: `e${random.integer(0, 1e9)}`, symbols: ["a"] }, [0]],
    [["null", "string"], [0]],
  ];
  if (depth > 2 || random.chance(0.3)) return random.pick(simple);
  const [type, bytes] = makeItem(random, depth + 1);
  switch (random.integer(0, 4)) {
    case 0:
      return [{ type: "array", items: type }, [0]];
    case 1:
      return [{ type: "map", values: type }, [0]];
    case 2:
      return [{ type: "array", items: type }, [2, ...bytes, 0]];
    case 3:
      return [{ type: "map", values: type }, [2, 0, ...bytes, 0]];
    default: {
      const count = random.magnitude(300);
      const fields = Array.from({ length: count }, (_, i) => ({
        name: `n${i}`,
        type: i > 0 && typeof type === "object" && !Array.isArray(type) ? "null" : type,
      }));
      const plain =
        typeof type !== "object" || Array.isArray(type) ? Array(count).fill(bytes).flat() : count > 0 ? bytes : [];
      return [{ type: "record", name: `r${random.integer(0, 1e9)}`, fields }, plain];
    }
  }
}

/** The fields of an alert, of no stamps, and its bytes. */
const ALERT = [
  { name: "objectId", type: "string" },
  { name: "candid", type: "long" },
  {
    name: "candidate",
    type: {
      type: "record",
      name: "candidate",
      fields: [
        { name: "jd", type: "double" },
        { name: "fid", type: "int" },
      ],
    },
  },
];
const ALERT_BYTES = concat([sized(Buffer.from("ZTF20aajcdad")), varint(5), new Uint8Array(8), varint(1)]);

/** One record with a list or map of very many items. */
function avroItems(random) {
  const [items, item] = makeItem(random);
  const isMap = random.chance(0.3);
  const length = item.length + (isMap ? 1 : 0);
  const most = length === 0 ? random.pick([1e6, 1e9, 2 ** 40]) : Math.floor(MOST_PLAIN / length);
  const count = Math.floor(most * random.pick([1, 1, 0.5, 0.1, 0.03]));
  const filled = new Uint8Array(length * (length === 0 ? 0 : count));
  const one = isMap ? [0, ...item] : item;
  if (one.some((byte) => byte !== 0)) for (let at = 0; at < filled.length; at += length) filled.set(one, at);
  const isAlert = random.chance(0.5);
  const schema = {
    type: "record",
    name: "a",
    fields: [
      ...(isAlert ? ALERT : []),
      { name: "junk", type: isMap ? { type: "map", values: items } : { type: "array", items } },
    ],
  };
  const plain = concat([...(isAlert ? [ALERT_BYTES] : []), varint(count), filled, Uint8Array.of(0)]);
  const bytes = writeContainer(headOf(schema, random), [{ count: 1, plain }]);
  return { what: `avro items ${isMap ? "map" : "array"} of ${JSON.stringify(items).slice(0, 60)} x ${count}`, bytes };
}

/** Very many records, alerts or not. */
function avroRecords(random) {
  const isAlert = random.chance(0.3);
  const [type, item] = makeItem(random);
  const fields = [...(isAlert ? ALERT : []), { name: "junk", type }];
  const one = concat([...(isAlert ? [ALERT_BYTES] : []), Uint8Array.from(item)]);
  const count = Math.floor((one.length === 0 ? 1e9 : MOST_PLAIN / one.length) * random.pick([1, 0.3, 0.1]));
  const plain = new Uint8Array(one.length === 0 ? 0 : count * one.length);
  if (one.some((byte) => byte !== 0)) for (let at = 0; at < plain.length; at += one.length) plain.set(one, at);
  const schema = { type: "record", name: "a", fields };
  const blocks = Array.from({ length: random.magnitude(3) }, () => ({ count, plain }));
  return {
    what: `avro records ${isAlert ? "alerts" : "no alerts"} of ${one.length} bytes x ${count} x ${blocks.length}`,
    bytes: writeContainer(headOf(schema, random), blocks),
    isAlert,
  };
}

function headOf(schema, random) {
  return {
    "avro.schema": JSON.stringify(schema),
    "avro.codec": random.pick(["deflate", "deflate", "deflate", "snappy"]),
  };
}

/** A head with very much in it. */
function avroHead(random) {
  const schema = '{"type":"record","name":"a","fields":[]}';
  const count = random.magnitude(1_000_000);
  const bytes = random.chance(0.5)
    ? concat(["Obj\x01", varint(count), new Uint8Array(2 * count), Uint8Array.of(0), new Uint8Array(16)])
    : writeContainer(
        random.pick([
          { "avro.schema": schema, "avro.codec": "x".repeat(count) },
          { "avro.schema": schema, [`k${"y".repeat(count)}`]: "z" },
          { "avro.schema": " ".repeat(count) + schema },
        ]),
        [],
      );
  const heads = random.chance(0.2) ? random.magnitude(2000) : 1;
  return {
    what: `avro head ${count} x ${heads}`,
    bytes: heads === 1 ? bytes : concat(Array(heads).fill(writeContainer({ "avro.schema": schema }, []))),
  };
}

/** A schema with very much in it. */
function avroSchema(random) {
  const count = random.magnitude(60_000);
  const list = (make) => Array.from({ length: count }, (_, i) => make(i));
  const deep = (open, close) => `${open.repeat(count)}"int"${close.repeat(count)}`;
  const schema = random.pick([
    () => JSON.stringify(list(() => "null")),
    () => `[${list(() => "[]").join()}]`,
    () => JSON.stringify({ type: "enum", name: "e", symbols: list((i) => `s${i}`) }),
    () => JSON.stringify({ type: "record", name: "r", fields: list((i) => ({ name: `f${i}`, type: "null" })) }),
    () =>
      JSON.stringify({
        type: "record",
        name: "r",
        fields: list((i) => ({ name: `f${i}`, type: i ? `q${i - 1}` : "null" })),
      }),
    () =>
      JSON.stringify(
        list((i) => ({
          type: "record",
          name: `q${i}`,
          fields: [
            { name: "a", type: i ? `q${i - 1}` : "null" },
            { name: "b", type: i ? `q${i - 1}` : "null" },
          ],
        })),
      ),
    () => deep('{"type":"array","items":', "}"),
    () => deep('{"type":', "}"),
    () => deep("[", "]"),
    () => JSON.stringify({ type: "fixed", name: "f", size: 2 ** random.integer(20, 52) }),
    () => "[".repeat(count),
    () => `{"type":"record","name":"r","fields":[{"name":"self","type":"r"}],"doc":"${"d".repeat(count)}"}`,
  ])();
  const blocks = [{ count: random.pick([1, 1e6]), plain: new Uint8Array(random.magnitude(200_000)) }];
  return {
    what: `avro schema ${schema.slice(0, 50)} x ${count}`,
    bytes: writeContainer({ "avro.schema": schema }, blocks),
  };
}

/** A framed message by a schema in which a byte or none is a value. */
function framed(random) {
  const [type, item] = makeItem(random);
  const schemas = random.pick([
    { type: "record", name: "a", fields: [...ALERT, { name: "junk", type: { type: "array", items: type } }] },
    { type: "record", name: "list", fields: [{ name: "next", type: ["null", { type: "array", items: "list" }] }] },
    { type: "record", name: "tree", fields: [{ name: "a", type: { type: "array", items: "tree" } }] },
  ]);
  const body = random.pick([
    () => concat([ALERT_BYTES, varint(1e6), Uint8Array.from(Array(20_000).fill(item).flat())]),
    () => new Uint8Array(100_000).fill(2),
    () => concat([varint(50_000), new Uint8Array(50_000), Uint8Array.of(0)]),
  ])();
  return {
    what: `framed ${JSON.stringify(schemas).slice(0, 60)}`,
    bytes: concat([Uint8Array.of(0, 0, 0, 0, 1), body]),
    schemas,
  };
}

/** JSON that takes more memory than text. */
function json(random) {
  const most = random.pick([100_000, 1_000_000, 5_000_000]);
  let count = 0;
  const piece = random.pick([
    () => "[]",
    () => "{}",
    () => "0",
    () => "[0]",
    () => '""',
    () => '{"a":0}',
    () => `{"k${count++}":0}`,
    () => "1e9",
    () => "NaN",
    () => "12345678901234567",
    () => "[[[[]]]]",
    () => '{"objectId":1,"candid":"x","candidate":{"jd":[],"fid":{},"ra":"a","dec":"b"}}',
    () => '"\\u0000\\n\\""',
  ]);
  const parts = [];
  for (let length = 0; length < most;) {
    const part = piece();
    parts.push(part);
    length += part.length + 1;
  }
  const alert = (rest) => `{"objectId":"a","candid":1,"candidate":{"jd":1,"fid":1},${rest}}`;
  const [name, text] = random.pick([
    () => ["array", `[${parts.join()}]`],
    () => ["lines", parts.join("\n")],
    () => ["bad first line", `{\n${parts.join("\n")}`],
    () => ["extra", alert(`"x":[${parts.join()}]`)],
    () => ["members", alert(parts.map((part, i) => `"k${i}":${part}`).join())],
    () => ["history", alert(`"prv_candidates":[${parts.join()}]`)],
    () => ["stamp", alert(`"cutoutScience":[${parts.join()}]`)],
    () => ["rows", alert(`"cutoutScience":[[${parts.join()}],[${parts.join()}]]`)],
    () => [
      "candidate",
      `{"objectId":"a","candid":1,"candidate":{${parts.map((part, i) => `"k${i}":${part}`).join()}}}`,
    ],
    () => ["long text", alert(`"x":"${"é".repeat(most / 2)}"`)],
    () => ["long stamp", alert(`"cutoutScience":"${"A".repeat(most)}"`)],
    () => ["long number", alert(`"x":${"1".repeat(most)}`)],
    () => ["slashes", alert(`"x":"${'\\"\\\\'.repeat(most / 4)}"`)],
    () => ["open", alert(`"x":[${parts.join()}`)],
    () => ["deep", `${random.pick(["[", '{"a":'])}`.repeat(most / 5)],
    () => ["deep in alert", alert(`"x":${"[".repeat(most / 2)}${"]".repeat(most / 2)}`)],
    () => ["blank lines", `${alert('"x":1')}${random.pick(["\n", " ", "\r\n", "\t"]).repeat(most / 2)}`],
    () => ["blank", random.pick(["\n", " ", "\r\n"]).repeat(most / 2)],
    () => [
      "same key",
      alert(
        Array(Math.floor(most / 12))
          .fill('"key":[{}]')
          .join(),
      ),
    ],
    () => [
      "wrapped",
      alert(
        `"x":[${Array(Math.floor(most / 24))
          .fill('{"$numberLong":"1"}')
          .join()}]`,
      ),
    ],
  ])();
  return {
    what: `json ${name}, ${parts[0].slice(0, 20)}, ${text.length}`,
    bytes: new Uint8Array(Buffer.from(text)),
    as: random.chance(0.2) ? "text" : undefined,
  };
}

/** Archives of very many members that hold nothing or next to it, one in the other, and what claims to be one. */
function archive(random) {
  const plain = (length) => new Uint8Array(length);
  const inside = plain(random.pick([0, 0, 1, 100]));
  const name = (i) => `${i}.${random.pick(["avro", "avro", "json", "avro.gz", "txt"])}`;
  const many = (length, make) => Array.from({ length }, (_, i) => make(i));
  const members = (bytes, count) => concat(Array(count).fill(bytes));
  const tarOf = (files) =>
    concat(
      files
        .flatMap((bytes, i) => [tarHeader(name(i), bytes.length), bytes, plain(-bytes.length & 511)])
        .concat(plain(1024)),
    );
  const [kind, made] = random.pick([
    () => ["members", members(gzipSync(inside), random.magnitude(200_000))],
    () => ["tar of nothing", tarOf(many(random.magnitude(10_000), () => inside))],
    () => ["tar of members", tarOf(many(random.magnitude(100), () => members(gzipSync(inside), 1000)))],
    () => ["tar of lists", tarOf(Array(random.magnitude(50)).fill(avroItems(random).bytes.slice(0, 100_000)))],
    () => ["tar of bombs", tarOf(many(random.magnitude(100), () => gzipSync(plain(900_000))))],
    () => ["zip of nothing", zipSync(Object.fromEntries(many(random.magnitude(20_000), (i) => [name(i), inside])))],
    () => ["zip of bombs", zipSync(Object.fromEntries(many(random.magnitude(100), (i) => [name(i), plain(900_000)])))],
    () => ["zip of claims", concat([Uint8Array.of(0x50, 0x4b, 5, 6), plain(18).fill(random.integer(0, 255))])],
    () => ["bomb", gzipSync(plain(random.magnitude(50_000_000)))],
  ])();
  let bytes = made;
  const layers = random.integer(0, 3);
  for (let layer = 0; layer < layers; layer += 1) bytes = gzipSync(bytes);
  return {
    what: `archive ${kind} of ${inside.length}, ${layers} layers, ${bytes.length}`,
    bytes: new Uint8Array(bytes),
    as: "archive",
  };
}

/** What should be a stamp. */
function stamp(random) {
  const zeros = (length) => new Uint8Array(length);
  const card = (text) => text.padEnd(80);
  const header = (width, height, more = "") =>
    `${card("SIMPLE  =                    T")}${card("BITPIX  =                  -32")}${card("NAXIS   =                    2")}${card(`NAXIS1  = ${width}`)}${card(`NAXIS2  = ${height}`)}${more}${card("END")}`;
  const fits = (...header_) => {
    const text = header(...header_);
    return Buffer.from(text.padEnd(Math.ceil(text.length / 2880) * 2880));
  };
  const [name, bytes] = random.pick([
    () => ["bomb", gzipSync(zeros(random.magnitude(50_000_000)))],
    () => ["members", concat(Array(random.magnitude(20_000)).fill(gzipSync(zeros(random.pick([0, 1, 10])))))],
    () => ["padded", concat([gzipSync(zeros(10)), zeros(random.magnitude(2_000_000))])],
    () => [
      "name",
      concat([Uint8Array.of(0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 0), zeros(random.magnitude(300_000)).fill(65)]),
    ],
    () => ["claims", gzipSync(fits(2 ** random.integer(6, 40), 2 ** random.integer(6, 40)))],
    () => ["cards", gzipSync(fits(63, 63, card("COMMENT x").repeat(random.magnitude(4000))))],
    () => [
      "keys",
      gzipSync(
        fits(63, 63, Array.from({ length: random.magnitude(3000) }, (_, i) => card(`K${i}= 1`.padEnd(10))).join("")),
      ),
    ],
    () => ["large", fits(1024, 1024)],
    () => [
      "stored",
      gzipSync(
        random.chance(0.5)
          ? zeros(400_000)
          : Buffer.from(Array.from({ length: 300_000 }, () => random.integer(0, 255))),
        { level: 0 },
      ),
    ],
    () => ["huge", concat([fits(1024, 1024), zeros(4 * 1024 * 1024)])],
  ])();
  return { what: `stamp ${name}, ${bytes.length}`, bytes: new Uint8Array(bytes), as: "stamp" };
}

/** A history of Rubin's as long as a packet's limits let it be, or longer, of records of few fields. */
function rubin(random) {
  const count = random.pick([3000, 9000, 11_000, 40_000]);
  const [isForced, isFramed] = [random.chance(0.5), random.chance(0.3)];
  const source = {
    diaObjectId: "long",
    diaSourceId: "long",
    midpointMjdTai: "double",
    psfFlux: "float",
    psfFluxErr: "float",
  };
  const record = (name, fields) => ({
    type: "record",
    name,
    fields: Object.entries(fields).map(([field, type]) => ({ name: field, type })),
  });
  const entry = isForced ? record("forced", { midpointMjdTai: "double", psfFluxErr: "float" }) : "source";
  const schemas = record("alert", {
    diaSource: record("source", source),
    [isForced ? "prvDiaForcedSources" : "prvDiaSources"]: { type: "array", items: entry },
  });
  const bytesOf = (place) => {
    const view = new DataView(new ArrayBuffer(16));
    view.setFloat64(0, 61000 + place, true);
    view.setFloat32(8, 1, true);
    view.setFloat32(12, 10, true);
    return new Uint8Array(view.buffer);
  };
  const item = (place) => {
    const bytes = bytesOf(place);
    return isForced ? bytes.subarray(0, 12) : concat([varint(5), varint(place + 1), bytes]);
  };
  const plain = concat([
    concat([varint(5), varint(1), bytesOf(0)]),
    varint(count),
    ...Array.from({ length: count }, (_, place) => item(place)),
    Uint8Array.of(0),
  ]);
  return {
    what: `Rubin's, ${count} ${isForced ? "forced" : "earlier"} measurements`,
    bytes: isFramed
      ? concat([Uint8Array.of(0, 0, 0, 4, 76), plain])
      : writeContainer(headOf(schemas, random), [{ count: 1, plain }]),
    ...(isFramed && { schemas }),
    survey: "lsst",
  };
}
