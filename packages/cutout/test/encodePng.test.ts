import { inflateSync } from "node:zlib";
import crc32 from "crc-32";
import { expect, it } from "vitest";
import type { Picture } from "../src/index.js";
import { encodePng, renderStamp } from "../src/index.js";
import { makeStamp } from "./makeStamp.js";

interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
}

/** The chunks of a PNG file, their CRCs checked. */
function readChunks(bytes: Uint8Array): Chunk[] {
  expect([...bytes.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Chunk[] = [];
  for (let at = 8; at < bytes.length;) {
    const length = view.getUint32(at);
    const type = new TextDecoder().decode(bytes.subarray(at + 4, at + 8));
    expect(view.getInt32(at + 8 + length)).toBe(crc32.buf(bytes.subarray(at + 4, at + 8 + length)));
    chunks.push({ type, data: bytes.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  return chunks;
}

const rgb: Picture = {
  width: 4,
  height: 3,
  channels: 3,
  pixels: Uint8Array.from({ length: 36 }, (_, index) => index * 7),
};

it.each([
  ["gray", renderStamp(makeStamp(63, 50)), 0],
  ["RGB", rgb, 2],
])("writes %s that another inflate reads", (_, picture, colorType) => {
  const [header, data, end, ...rest] = readChunks(encodePng(picture));
  expect([header.type, data.type, end.type, rest]).toEqual(["IHDR", "IDAT", "IEND", []]);
  const view = new DataView(header.data.buffer, header.data.byteOffset);
  expect([view.getUint32(0), view.getUint32(4), ...header.data.subarray(8)]).toEqual([
    picture.width,
    picture.height,
    8,
    colorType,
    0,
    0,
    0,
  ]);
  const rows = inflateSync(data.data);
  const rowBytes = picture.width * picture.channels;
  expect(rows.length).toBe((rowBytes + 1) * picture.height);
  for (let row = 0; row < picture.height; row += 1) {
    expect(rows[row * (rowBytes + 1)]).toBe(0);
    expect(new Uint8Array(rows.subarray(row * (rowBytes + 1) + 1, (row + 1) * (rowBytes + 1)))).toEqual(
      picture.pixels.subarray(row * rowBytes, (row + 1) * rowBytes),
    );
  }
});

it("refuses a picture whose pixels are not all there", () => {
  expect(() => encodePng({ ...rgb, channels: 1 })).toThrow(RangeError);
  expect(() => encodePng({ width: 0, height: 0, channels: 1, pixels: new Uint8Array(0) })).toThrow(RangeError);
});
