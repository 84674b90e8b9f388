import { readStamp, readStamps, toTriplet, writeFits } from "@btsbot/cutout";
import { parseAlert, toAlert } from "@btsbot/alert";
import fc from "fast-check";
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { describeWithData } from "../../../test/support/testData.js";

const stamp = { width: 3, height: 2, pixels: Float32Array.of(1.5, -2, Number.NaN, 1e30, 0, -0) };
const file = writeFits(stamp);
const shifted = new Uint8Array(file.length + 5);
shifted.set(file, 5);

describe("a stamp", () => {
  it.each<[string, Parameters<typeof readStamp>[0]]>([
    ["a Uint8Array", file],
    ["a view into a longer buffer", shifted.subarray(5)],
    ["an ArrayBuffer", file.slice().buffer],
    ["a DataView", new DataView(shifted.buffer, 5)],
    ["Node's Buffer, packed", gzipSync(file)],
  ])("may be %s", (_, bytes) => {
    expect(readStamp(bytes)).toEqual(stamp);
  });

  it.each([["a string"], [[1, 2]], [undefined]])("is not %j", (input) => {
    expect(() => readStamp(input as never, { path: "cutoutScience" })).toThrow(
      expect.objectContaining({ code: "stamp-not-fits", path: "cutoutScience" }),
    );
  });

  it("may come as a list of rows, and is then the image that it was, pixel by pixel", () => {
    const sides = fc.tuple(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 70 }));
    fc.assert(
      fc.property(sides, fc.infiniteStream(fc.float({ noDefaultInfinity: true })), ([width, height], stream) => {
        const pixels = Float32Array.from({ length: width * height }, () => stream.next().value as number);
        const row = (y: number): (number | null)[] =>
          Array.from(pixels.subarray(y * width, (y + 1) * width), (value) => (Number.isNaN(value) ? null : value));
        const rows = Array.from({ length: height }, (_, y) => row(y));
        const alert = toAlert({
          objectId: "ZTF1",
          candid: 1n,
          candidate: { jd: 1, fid: 1 },
          cutoutScience: { fileName: "science", stampData: JSON.parse(JSON.stringify(rows)) as unknown },
          cutoutTemplate: rows,
          cutoutDifference: { stampData: gzipSync(writeFits({ width, height, pixels })) },
        });
        // JSON has no -0.
        const unsigned = (given: Float32Array): Float32Array => given.map((value) => (value === 0 ? 0 : value));
        const { science, template, difference } = readStamps(alert);
        for (const read of [science, template, difference]) {
          expect([read.width, read.height]).toEqual([width, height]);
          expect(unsigned(read.pixels)).toEqual(unsigned(pixels));
        }
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ["rows of unequal length", [[1, 2], [3]]],
    ["a row that is none", [[1, 2], 3]],
    ["words", [["1", "2"]]],
    ["no pixels", [[]]],
    ["a row too long", [Array<number>(1025).fill(0)]],
  ])("is refused as %s", (_, rows) => {
    expect(() =>
      toAlert({ objectId: "ZTF1", candid: 1n, candidate: { jd: 1, fid: 1 }, cutoutScience: { stampData: rows } }),
    ).toThrow(expect.objectContaining({ code: "alert-invalid", path: "cutoutScience.stampData" }));
  });

  it("makes the same triplet from rows as from the packed file", () => {
    const pixels = Float32Array.from({ length: 3969 }, (_, i) => Math.fround(Math.sin(i) * 100));
    const rows = Array.from({ length: 63 }, (_, y) => [...pixels.subarray(y * 63, y * 63 + 63)]);
    const common = { objectId: "ZTF1", candid: 1n, candidate: { jd: 1, fid: 1 } };
    const of = (stampData: unknown): Float32Array =>
      toTriplet(
        readStamps(
          toAlert({
            ...common,
            cutoutScience: { stampData },
            cutoutTemplate: { stampData },
            cutoutDifference: { stampData },
          }),
        ),
      ).pixels;
    expect(of(rows)).toEqual(of(gzipSync(writeFits({ width: 63, height: 63, pixels }))));
  });
});

describeWithData("stamps as lists of rows", (folder) => {
  it("make the triplet of the packet that they were taken from", () => {
    const read = (file: string) => parseAlert(readFileSync(`${folder}/${file}`));
    const rows = readStamps(read("cases/archives/stamps-as-lists.json"));
    const packet = readStamps(read("alerts/1127561445515015011.avro"));
    expect(toTriplet(rows).pixels).toEqual(toTriplet(packet).pixels);
  });
});
