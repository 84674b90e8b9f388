import { deflateRawSync, gzipSync } from "node:zlib";
import { BtsbotError } from "@btsbot/errors";
import { describe, expect, it } from "vitest";
import { gunzip, MAX_STAMP_BYTES, writeFits } from "../src/index.js";
import { makeStamp } from "./makeStamp.js";

const plain = writeFits(makeStamp());
const packed = new Uint8Array(gzipSync(plain));

/** A gzip stream with every optional part of the header, RFC 1952 section 2.3. */
function withLongHeader(): Uint8Array {
  const text = (value: string): number[] => [...value].map((character) => character.charCodeAt(0)).concat(0);
  const extra = [3, 0, 1, 2, 3];
  const crc16 = [9, 9];
  return Uint8Array.from([0x1f, 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3, ...extra, ...text("stamp.fits"), ...text("a comment"), ...crc16, ...packed.subarray(10)]);
}

/** A stream whose trailer claims a length that the data do not have. */
function claim(stream: Uint8Array, size: number): Uint8Array {
  const changed = stream.slice();
  new DataView(changed.buffer).setUint32(changed.length - 4, size, true);
  return changed;
}

describe("gunzip", () => {
  it("gives back what was packed, at every level and from within a larger buffer", () => {
    for (const level of [0, 1, 6, 9]) expect(gunzip(new Uint8Array(gzipSync(plain, { level })), plain.length)).toEqual(plain);
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
      changed[at] ^= 1 << at % 8;
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
    expect(() => gunzip(claim(bomb, 2 ** 32 - 1), MAX_STAMP_BYTES)).toThrow(expect.objectContaining({ code: "stamp-too-large" }));
    expect(() => gunzip(claim(bomb, 20_160), MAX_STAMP_BYTES)).toThrow(expect.objectContaining({ code: "stamp-corrupt" }));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(size / 8);
    // Longer packed than it may be unpacked: refused unread.
    const long = new Uint8Array(MAX_STAMP_BYTES + 100).fill(0xff);
    long.set([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0, ...deflateRawSync(plain).subarray(0, 50)]);
    expect(() => gunzip(long, MAX_STAMP_BYTES)).toThrow(expect.objectContaining({ code: "stamp-too-large" }));
  });
});
