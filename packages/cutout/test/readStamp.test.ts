import { gunzipSync, gzipSync } from "node:zlib";
import { BtsbotError } from "@btsbot/errors";
import { describe, expect, it } from "vitest";
import type { Gunzip } from "../src/index.js";
import { gunzip, MAX_STAMP_BYTES, readStamp, writeFits } from "../src/index.js";
import { errorOf, makeStamp } from "./makeStamp.js";

const stamp = makeStamp(63, 55);
const fits = writeFits(stamp);
const packed = new Uint8Array(gzipSync(fits));
const zlib: Gunzip = (bytes, maxBytes) => gunzipSync(bytes, { maxOutputLength: maxBytes });

function codeOf(run: () => unknown): string {
  const error = errorOf(run);
  return error instanceof BtsbotError ? error.code : String(error);
}

describe.each([
  ["the portable gunzip", gunzip],
  ["Node's zlib", zlib],
])("readStamp with %s", (_, given) => {
  const options = { gunzip: given, path: "cutoutScience" };

  it("reads gzip FITS", () => {
    expect(readStamp(packed, options)).toEqual(stamp);
  });

  it("gives damage the same codes", () => {
    const wrongCrc = packed.slice();
    wrongCrc[wrongCrc.length - 7] ^= 0x10;
    expect(codeOf(() => readStamp(packed.subarray(0, 700), options))).toBe("stamp-truncated");
    expect(codeOf(() => readStamp(packed.subarray(0, packed.length - 3), options))).toBe("stamp-truncated");
    expect(codeOf(() => readStamp(wrongCrc, options))).toBe("stamp-corrupt");
    expect(codeOf(() => readStamp(new Uint8Array(gzipSync(new Uint8Array(1e6))), options))).toBe("stamp-too-large");
    expect(codeOf(() => readStamp(packed, { ...options, maxBytes: fits.length - 1 }))).toBe("stamp-too-large");
    expect(codeOf(() => readStamp(new Uint8Array(gzipSync(fits.subarray(0, 4000))), options))).toBe("stamp-truncated");
  });

  it("names the path in every error", () => {
    expect(errorOf(() => readStamp(packed.subarray(0, 700), options))).toMatchObject({
      path: "cutoutScience",
      message: expect.stringMatching(/^cutoutScience: the gzip stream ends early/) as string,
    });
  });
});

describe("readStamp", () => {
  it("reads plain FITS", () => {
    expect(readStamp(fits)).toEqual(stamp);
  });

  it.each([
    ["JPEG", [0xff, 0xd8, 0xff, 0xe0, 0, 16]],
    ["PNG", [0x89, 0x50, 0x4e, 0x47, 0x0d]],
    ["GIF", [0x47, 0x49, 0x46, 0x38]],
    ["bzip2", [0x42, 0x5a, 0x68, 0x39]],
    ["no bytes", []],
    ["bytes 01 02 03", [1, 2, 3]],
  ])("names what is no FITS: %s", (got, bytes) => {
    const expected = { code: "stamp-not-fits", got };
    expect(errorOf(() => readStamp(Uint8Array.from(bytes)))).toMatchObject(expected);
    if (bytes.length > 0)
      expect(errorOf(() => readStamp(new Uint8Array(gzipSync(Uint8Array.from(bytes)))))).toMatchObject(expected);
  });

  it("holds a gunzip to the limit, and keeps what it throws as the cause", () => {
    const generous: Gunzip = (bytes) => gunzipSync(bytes);
    expect(codeOf(() => readStamp(packed, { gunzip: generous, maxBytes: 100 }))).toBe("stamp-too-large");
    const cause = new Error("no");
    const broken: Gunzip = () => {
      throw cause;
    };
    const damaged = packed.slice();
    damaged[damaged.length - 6] ^= 1;
    expect(errorOf(() => readStamp(damaged, { gunzip: broken, path: "x" }))).toMatchObject({
      code: "stamp-corrupt",
      cause,
      path: "x",
    });
    expect(MAX_STAMP_BYTES).toBeGreaterThan(fits.length);
  });

  it.each([
    ["a bug of its own", (): Uint8Array => (undefined as unknown as Uint8Array).subarray(0)],
    [
      "an error without a code",
      (): Uint8Array => {
        throw new Error("no");
      },
    ],
    [
      "no error at all",
      (): Uint8Array => {
        throw undefined as unknown as Error;
      },
    ],
    ["an answer that is not bytes", (): Uint8Array => "plain" as unknown as Uint8Array],
    ["a promise", (): Uint8Array => Promise.resolve(new Uint8Array(9)) as unknown as Uint8Array],
  ])("does not blame a sound stamp for a gunzip that fails with %s", (_, gunzip) => {
    expect(errorOf(() => readStamp(packed, { gunzip, path: "x" }))).toMatchObject({ code: "gunzip-failed", path: "x" });
  });
});
