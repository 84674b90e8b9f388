import { deflateRawSync, gunzipSync, gzipSync } from "node:zlib";
import { BtsbotError } from "@btsbot/errors";
import crc32 from "crc-32";
import { describe, expect, it } from "vitest";
import { gunzip, MAX_STAMP_BYTES, writeFits } from "../src/index.js";
import { makeStamp } from "./makeStamp.js";

const plain = writeFits(makeStamp());
const packed = new Uint8Array(gzipSync(plain));
const small = new Uint8Array(gzipSync(Uint8Array.of(1, 2, 3)));

/** A gzip stream with every optional part of the header, RFC 1952 section 2.3. */
function withLongHeader(): Uint8Array {
  const text = (value: string): number[] => [...value].map((character) => character.charCodeAt(0)).concat(0);
  const extra = [3, 0, 1, 2, 3];
  const header = [
    0x1f,
    0x8b,
    8,
    2 | 4 | 8 | 16,
    0,
    0,
    0,
    0,
    0,
    3,
    ...extra,
    ...text("stamp.fits"),
    ...text("a comment"),
  ];
  const crc = crc32.buf(header);
  return Uint8Array.from([...header, crc & 255, (crc >> 8) & 255, ...packed.subarray(10)]);
}

/** A stream whose trailer claims a length that the data do not have. */
function claim(stream: Uint8Array, size: number): Uint8Array {
  const changed = stream.slice();
  new DataView(changed.buffer).setUint32(changed.length - 4, size, true);
  return changed;
}

function flip(stream: Uint8Array, at: number): Uint8Array {
  const changed = stream.slice();
  changed[at] ^= 1;
  return changed;
}

describe("gunzip", () => {
  it("gives back what was packed, at every level and from within a larger buffer", () => {
    for (const level of [0, 1, 6, 9])
      expect(gunzip(new Uint8Array(gzipSync(plain, { level })), plain.length)).toEqual(plain);
    const within = new Uint8Array(packed.length + 20);
    within.set(packed, 7);
    expect(gunzip(within.subarray(7, 7 + packed.length), MAX_STAMP_BYTES)).toEqual(plain);
    expect(gunzip(new Uint8Array(gzipSync(new Uint8Array(0))), 0)).toEqual(new Uint8Array(0));
    expect(gunzip(withLongHeader(), MAX_STAMP_BYTES)).toEqual(plain);
  });

  it("says that a stream is truncated wherever it ends", () => {
    // Every length near the ends, every 97th between.
    const lengths = Array.from({ length: packed.length }, (_, length) => length).filter(
      (length) => length < 40 || length > packed.length - 40 || length % 97 === 0,
    );
    for (const length of lengths) {
      expect(() => gunzip(packed.subarray(0, length), MAX_STAMP_BYTES), `${length} bytes`).toThrow(
        expect.objectContaining({ code: "stamp-truncated" }),
      );
    }
    for (let length = 10; length < 40; length += 1) {
      expect(() => gunzip(withLongHeader().subarray(0, length)), `${length} bytes`).toThrow(
        expect.objectContaining({ code: "stamp-truncated" }),
      );
    }
  });

  it("notices one changed bit anywhere after the header", () => {
    for (let at = 10; at < packed.length; at += 61) {
      const changed = packed.slice();
      changed[at] ^= 1 << (at % 8);
      // Whatever the damage makes of the stream, what comes out is an error of ours.
      expect(() => gunzip(changed, MAX_STAMP_BYTES), `byte ${at}`).toThrow(BtsbotError);
    }
    const changed = packed.slice();
    changed[changed.length - 8] ^= 1;
    expect(() => gunzip(changed, MAX_STAMP_BYTES)).toThrow(/CRC-32 .* \(expected [0-9a-f]{8}, got [0-9a-f]{8}\)/);
  });

  it("refuses a header that is not gzip's, bytes after the trailer, and a length that is not so", () => {
    const corrupt = expect.objectContaining({ code: "stamp-corrupt" }) as Error;
    expect(() => gunzip(Uint8Array.from([0x1f, 0x8b, 7, ...packed.subarray(3)]))).toThrow(corrupt);
    expect(() => gunzip(Uint8Array.from([...packed, 1, 2, 3]))).toThrow(corrupt);
    expect(() => gunzip(claim(packed, plain.length - 1), MAX_STAMP_BYTES)).toThrow(corrupt);
    expect(() => gunzip(claim(packed, plain.length + 1), MAX_STAMP_BYTES)).toThrow(corrupt);
    expect(() => gunzip(claim(new Uint8Array(gzipSync(plain, { level: 0 })), 10), MAX_STAMP_BYTES)).toThrow(corrupt);
  });

  it.each<[string, Uint8Array[]]>([
    ["one member", [packed]],
    ["two members", [packed, small]],
    ["the same member twice", [small, small]],
    [
      "many members, some of them empty",
      Array.from({ length: 60 }, (_, i) => new Uint8Array(gzipSync(new Uint8Array(i % 7).fill(i)))),
    ],
    ["a member with a long header behind another", [small, withLongHeader()]],
    ["a stored member among others", [small, new Uint8Array(gzipSync(plain, { level: 0 })), packed]],
    ["one zero behind", [packed, new Uint8Array(1)]],
    ["zeros behind", [packed, new Uint8Array(2880)]],
    ["zeros behind two members", [packed, small, new Uint8Array(10)]],
    ["a zero and then anything", [small, Uint8Array.of(0, 1, 2), small]],
    ["one byte that is no header", [packed, Uint8Array.of(5)]],
    ["two bytes that are no header", [packed, Uint8Array.of(5, 6)]],
    ["bytes that are no header", [packed, new Uint8Array(30).fill(5)]],
    ["half a header", [packed, packed.subarray(0, 8)]],
    ["a second member that ends early", [packed, packed.subarray(0, -3)]],
    ["a second member cut in its data", [small, packed.subarray(0, 300)]],
    ["a second member of another checksum", [small, flip(packed, packed.length - 8)]],
    ["a first member of another checksum", [flip(packed, packed.length - 8), small]],
    ["a first member of another length", [claim(packed, plain.length - 1), small]],
    ["another checksum, and zeros behind", [flip(packed, packed.length - 8), new Uint8Array(100)]],
    ["members that together are too long", Array.from({ length: 15 }, () => packed)],
  ])("takes and refuses what Node's zlib does: %s", (_, parts) => {
    const stream = new Uint8Array(Buffer.concat(parts));
    const outcome = (run: () => Uint8Array): unknown => {
      try {
        return `${run().length} bytes, CRC-32 ${crc32.buf(run())}`;
      } catch (error) {
        const { code } = error as { code: string };
        return (
          { Z_BUF_ERROR: "stamp-truncated", Z_DATA_ERROR: "stamp-corrupt", ERR_BUFFER_TOO_LARGE: "stamp-too-large" }[
            code
          ] ?? code
        );
      }
    };
    expect(outcome(() => gunzip(stream))).toEqual(
      outcome(() => gunzipSync(stream, { maxOutputLength: MAX_STAMP_BYTES })),
    );
  });

  it("unpacks as many members as there is room for, in little time and memory", () => {
    const empty = new Uint8Array(gzipSync(new Uint8Array(0)));
    const count = Math.floor(MAX_STAMP_BYTES / empty.length);
    const started = performance.now();
    expect(gunzip(new Uint8Array(Buffer.concat(Array.from({ length: count }, () => empty))))).toHaveLength(0);
    // The trailer of the last claims as much as may come out.
    const lying = Buffer.concat([...Array.from({ length: count - 1 }, () => empty), claim(empty, 2 ** 32 - 1)]);
    expect(() => gunzip(new Uint8Array(lying))).toThrow(expect.objectContaining({ code: "stamp-corrupt" }));
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it("stops at the limit, to the byte", () => {
    expect(gunzip(packed, plain.length)).toEqual(plain);
    expect(() => gunzip(packed, plain.length - 1)).toThrow(expect.objectContaining({ code: "stamp-too-large" }));
    const stored = new Uint8Array(gzipSync(plain, { level: 0 }));
    expect(() => gunzip(stored, plain.length - 1)).toThrow(expect.objectContaining({ code: "stamp-too-large" }));
  });

  it("stops a bomb without holding what it unpacks to, also where its trailer lies", () => {
    const size = 2 ** 26;
    const bomb = new Uint8Array(gzipSync(new Uint8Array(size)));
    const before = process.memoryUsage().arrayBuffers;
    expect(() => gunzip(bomb, MAX_STAMP_BYTES)).toThrow(expect.objectContaining({ code: "stamp-too-large" }));
    expect(() => gunzip(claim(bomb, 2 ** 32 - 1), MAX_STAMP_BYTES)).toThrow(
      expect.objectContaining({ code: "stamp-too-large" }),
    );
    expect(() => gunzip(claim(bomb, 20_160), MAX_STAMP_BYTES)).toThrow(
      expect.objectContaining({ code: "stamp-too-large" }),
    );
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(size / 4);
    // Longer packed than it may be unpacked: refused unread.
    const long = new Uint8Array(MAX_STAMP_BYTES + 100).fill(0xff);
    long.set([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0, ...deflateRawSync(plain).subarray(0, 50)]);
    expect(() => gunzip(long, MAX_STAMP_BYTES)).toThrow(expect.objectContaining({ code: "stamp-too-large" }));
  });
});
