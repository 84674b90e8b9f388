import { gzipSync } from "node:zlib";
import { createRandom } from "@btsbot/chance";
import { unpackArchive } from "@btsbot/weights";
import { describe, expect, it } from "vitest";
import { tar } from "./support/writeSavedModel.js";

const random = createRandom(3);
const FILES = new Map([
  ["saved/a.bin", Uint8Array.from({ length: 1000 }, () => 256 * random())],
  ["saved/variables/b.txt", new TextEncoder().encode("text")],
  ["saved/empty", new Uint8Array(0)],
]);

const invalid = expect.objectContaining({ code: "archive-invalid" });

describe("unpackArchive", () => {
  it.each([
    ["plain", (bytes: Uint8Array) => bytes],
    ["gzip-compressed", (bytes: Uint8Array) => gzipSync(bytes)],
    [
      "inside a larger buffer",
      (bytes: Uint8Array) => new Uint8Array([1, 2, 3, ...bytes, 4]).subarray(3, 3 + bytes.length),
    ],
  ])("unpacks a %s archive", (_, pack) => {
    expect(unpackArchive(pack(tar(FILES)))).toEqual(FILES);
  });

  it("does not share memory with its input", () => {
    const bytes = tar(FILES);
    const files = unpackArchive(bytes);
    bytes.fill(0);
    expect(files).toEqual(FILES);
  });

  it("refuses an archive cut short", () => {
    const plain = tar(new Map([["a", new Uint8Array(600).fill(1)]]));
    // The folder and the file's header and data: 512 + 512 + 1024 bytes; what follows is the end mark.
    for (let length = 0; length < 2048 + 512; length += 7) {
      expect(() => unpackArchive(plain.subarray(0, length)), `${length} bytes`).toThrow(invalid);
    }
    const packed = gzipSync(tar(FILES));
    for (let length = 2; length < packed.length; length += 11) {
      expect(() => unpackArchive(packed.subarray(0, length)), `${length} bytes`).toThrow(invalid);
    }
  });

  it("refuses damage: a header's byte, a gzip stream's byte, a negative size", () => {
    const plain = tar(FILES);
    for (const offset of [0, 100, 124, 156, 300]) {
      const damaged = plain.slice();
      damaged[offset] ^= 0x41;
      expect(() => unpackArchive(damaged), `byte ${offset}`).toThrow(invalid);
    }
    const packed = gzipSync(plain);
    packed[packed.length - 6] ^= 1;
    expect(() => unpackArchive(packed)).toThrow(invalid);
    const negative = plain.slice();
    negative.set(new TextEncoder().encode("-0000001000"), 124);
    negative.set(new TextEncoder().encode("        "), 148);
    const sum = negative.subarray(0, 512).reduce((total, byte) => total + byte, 0);
    negative.set(new TextEncoder().encode(`${sum.toString(8).padStart(6, "0")}\0 `), 148);
    expect(() => unpackArchive(negative)).toThrow("size");
  });

  it.each([
    ["nothing", new Uint8Array(0)],
    ["JSON", new TextEncoder().encode(`{"a": 1${" ".repeat(2000)}}`)],
    ["gzip of something else", gzipSync(new Uint8Array(5000).fill(9))],
  ])("refuses %s", (_, bytes) => {
    expect(() => unpackArchive(bytes)).toThrow(invalid);
  });

  it("stops a bomb at the limit", () => {
    const bomb = gzipSync(new Uint8Array(1 << 20));
    expect(() => unpackArchive(bomb, { maxBytes: 1 << 16 })).toThrow("at most 65536 bytes");
  });
});
