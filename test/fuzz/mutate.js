import { gunzipSync, gzipSync, inflateRawSync } from "node:zlib";
import { uncompress } from "snappyjs";
import { concat, pack, varint, writeContainer } from "./avroBytes.js";

/** Longs that readers stumble over. */
const LONGS = [
  0,
  1,
  -1,
  2,
  63,
  64,
  -64,
  127,
  2 ** 31 - 1,
  -(2 ** 31),
  2 ** 31,
  2 ** 32,
  2 ** 53,
  2n ** 63n - 1n,
  -(2n ** 63n),
];
const BYTES = [0, 1, 2, 0x7f, 0x80, 0xff, 0x5b, 0x7b, 0x22, 0x5c];
const WORDS = [
  "null",
  "NaN",
  "-Infinity",
  "1e999",
  "-0",
  "[]",
  "{}",
  '""',
  "12345678901234567890",
  "true",
  '{"$numberLong":"1"}',
  '{"$binary":"AA=="}',
  "\\u0000",
  "[[1,2],[3,4]]",
];

/** Changes bytes anywhere: one to eight of them flipped, cut out, doubled, put in, or cut off. */
export function mutateBytes(bytes, random) {
  let result = bytes;
  for (let times = random.magnitude(7) + 1; times > 0; times--) result = mutateOnce(result, random);
  return result;
}

function mutateOnce(bytes, random) {
  const at = random.integer(0, bytes.length);
  const end = Math.min(bytes.length, at + random.magnitude(40));
  switch (random.integer(0, 7)) {
    case 0:
    case 1: {
      const copy = bytes.slice();
      if (at < copy.length) copy[at] ^= 1 << random.integer(0, 7);
      return copy;
    }
    case 2: {
      const copy = bytes.slice();
      if (at < copy.length) copy[at] = random.pick(BYTES);
      return copy;
    }
    case 3:
      return concat([bytes.subarray(0, at), bytes.subarray(end)]);
    case 4:
      return concat([bytes.subarray(0, end), bytes.subarray(at)]);
    case 5:
      return concat([bytes.subarray(0, at), varint(random.pick(LONGS)), bytes.subarray(at)]);
    case 6:
      return concat([
        bytes.subarray(0, at),
        varint(random.pick(LONGS)),
        bytes.subarray(Math.min(bytes.length, at + 1)),
      ]);
    default:
      return bytes.slice(0, at);
  }
}

/** Takes a sound container apart. */
export function takeApart(bytes) {
  let at = 4;
  const long = () => {
    let [value, shift] = [0, 1];
    for (let byte = 128; byte > 127; shift *= 128) value += ((byte = bytes[at++]) & 127) * shift;
    return value % 2 ? -(value + 1) / 2 : value / 2;
  };
  const take = (length) => bytes.subarray(at, (at += length));
  const metadata = {};
  for (let count = long(); count > 0; count = long())
    for (; count > 0; count--) {
      const key = Buffer.from(take(long())).toString();
      metadata[key] = Buffer.from(take(long())).toString();
    }
  const sync = take(16);
  const blocks = [];
  while (at < bytes.length) {
    const count = long();
    const packed = take(long());
    blocks.push({ count, plain: unpack(packed, metadata["avro.codec"]) });
    take(16);
  }
  return { metadata, sync, blocks };
}

function unpack(packed, codec) {
  if (codec === "deflate") return new Uint8Array(inflateRawSync(packed));
  if (codec === "snappy") return new Uint8Array(uncompress(packed.subarray(0, -4)));
  return packed;
}

/**
 * Changes a container in one of its parts, and puts it together again.
 *
 * @param {{ bytes: Uint8Array, parts: ReturnType<typeof takeApart> }} container
 */
export function mutateContainer({ bytes, parts: { metadata, sync, blocks } }, random) {
  const write = (changes) =>
    writeContainer(changes.metadata ?? metadata, changes.blocks ?? blocks, changes.sync ?? sync);
  const change = (make) => blocks.map((block, i) => (i === changed ? { ...block, ...make(block) } : block));
  const changed = random.integer(0, Math.max(0, blocks.length - 1));
  switch (random.integer(0, 10)) {
    case 0:
      return mutateBytes(bytes, random);
    case 1:
      return write({ metadata: { ...metadata, "avro.schema": mutateSchema(metadata["avro.schema"], random) } });
    case 2:
      return write({
        metadata: { ...metadata, "avro.codec": random.pick(["null", "deflate", "snappy", "zstandard", "", "\u0000"]) },
      });
    case 3:
      return write({ blocks: change(({ count }) => ({ count: random.pick([...LONGS, count + 1, count - 1]) })) });
    case 4:
      return write({
        blocks: change(({ plain }) => ({ packed: mutateBytes(pack(plain, metadata["avro.codec"]), random) })),
      });
    case 5:
      return concat([
        bytes,
        random.pick([bytes, bytes.subarray(0, random.integer(0, bytes.length)), Uint8Array.of(0x4f)]),
      ]);
    case 6:
      return write({ blocks: [...blocks, ...blocks] });
    case 7:
      return bytes.slice(0, random.integer(0, bytes.length));
    default:
      return write({ blocks: change(({ plain }) => ({ plain: mutateBytes(plain, random) })) });
  }
}

/** Changes the tree of a schema, or its text. */
function mutateSchema(text, random) {
  if (random.chance(0.2)) return Buffer.from(mutateBytes(new Uint8Array(Buffer.from(text)), random)).toString();
  const nodes = [];
  const collect = (node) => {
    if (typeof node !== "object" || node === null) return;
    for (const key of Object.keys(node)) {
      nodes.push([node, key]);
      collect(node[key]);
    }
  };
  const schema = JSON.parse(text);
  collect(schema);
  for (let times = random.integer(1, 3); times > 0; times--) {
    const [node, key] = random.pick(nodes);
    const [other, otherKey] = random.pick(nodes);
    node[key] = random.pick([
      () => other[otherKey],
      () => random.pick(["null", "int", "long", "string", "bytes", "double", "boolean", "alert", ""]),
      () => ({ type: "array", items: node[key] }),
      () => ({ type: "map", values: node[key] }),
      () => ["null", node[key]],
      () => [],
      () => random.pick([-1, 0, 1e9, null, {}]),
    ])();
  }
  try {
    return JSON.stringify(schema);
  } catch {
    // It holds itself now.
    return text;
  }
}

/** Changes JSON at its tokens, or anywhere. */
export function mutateJson(text, random) {
  const bytes = new Uint8Array(Buffer.from(text));
  if (random.chance(0.3)) return mutateBytes(bytes, random);
  let result = text;
  for (let times = random.integer(1, 3); times > 0; times--) {
    const at = result.search(new RegExp(random.pick([",", ":", "\\[", "\\{", '"', "\\d", "\\}", "\\]"]), "g"));
    const from = nextAt(result, random.integer(0, result.length), at);
    const word = random.pick(WORDS);
    result = random.pick([
      () => `${result.slice(0, from + 1)}${word}${result.slice(from + 1)}`,
      () => result.slice(0, from) + result.slice(from + 1),
      () => `${result.slice(0, from)},"k":${word}${result.slice(from)}`,
      () => `${result.slice(0, from)}\n${result.slice(from)}`,
      () => result.replace(/:[^,{}[\]"]+/g, (value) => (random.chance(0.02) ? `:${word}` : value)),
      () => `${result}\n${result.slice(0, from)}`,
      () => result.slice(0, from) + "[".repeat(random.magnitude(200)) + result.slice(from),
    ])();
  }
  return new Uint8Array(Buffer.from(result));
}

/** A place of structure near a random one. */
function nextAt(text, from, otherwise) {
  for (let at = from; at < Math.min(text.length, from + 200); at++) if (',:[]{}"'.includes(text[at])) return at;
  return Math.max(0, otherwise);
}

/** Changes a stamp: its gzip stream, its header, its pixels or its end. */
export function mutateStamp(stampData, random) {
  if (random.chance(0.4) || stampData[0] !== 0x1f) return mutateBytes(stampData, random);
  const fits = new Uint8Array(gunzipSync(stampData));
  const changed = random.pick([
    () => mutateCards(fits, random),
    () => mutateBytes(fits, random),
    () => fits.slice(0, random.integer(0, fits.length)),
    () => concat([fits, new Uint8Array(random.magnitude(300_000))]),
  ])();
  return random.pick([
    () => changed,
    () => new Uint8Array(gzipSync(changed)),
    () => new Uint8Array(gzipSync(changed, { level: 0 })),
    () => concat([gzipSync(changed.subarray(0, 100)), gzipSync(changed.subarray(100))]),
    () => concat([gzipSync(changed), random.pick([Uint8Array.of(0, 0), Uint8Array.of(1), stampData])]),
  ])();
}

function mutateCards(fits, random) {
  const text = Buffer.from(fits.subarray(0, 2880)).toString("latin1");
  const cards = text.match(/.{80}/gs) ?? [];
  const index = random.integer(0, Math.min(cards.length - 1, 6));
  const value = random.pick([
    "0",
    "1",
    "-1",
    "64",
    "1024",
    "1e3",
    "2147483648",
    "99999999999999999999",
    "T",
    "'T'",
    "",
    "-32",
    "16",
  ]);
  cards[index] = random.pick([
    () => `${cards[index].slice(0, 10)}${value.padStart(20)}`.padEnd(80),
    () => "END".padEnd(80),
    () => "BSCALE  = 2".padEnd(80),
    () => "COMMENT".padEnd(80),
    () => `${cards[index].slice(0, 9)}\u0001`.padEnd(80),
  ])();
  const header = random.chance(0.2) ? [...cards, "X".repeat(2880)].join("") : cards.join("");
  return concat([Buffer.from(header, "latin1"), fits.subarray(2880)]);
}
