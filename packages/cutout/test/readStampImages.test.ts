import { readFileSync } from "node:fs";
import { LSST, parseAlert } from "@btsbot/alert";
import { gzipSync } from "fflate";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeRubinStamp, RUBIN_WCS } from "../../../test/support/rubin.js";
import { describeWithData } from "../../../test/support/testData.js";
import { readStamp, readStampImages, renderStamp, turnNorthUp, writeFits } from "../src/index.js";
import type { StampImage, StampWcs } from "../src/index.js";

const image = (width: number, height: number, first = 0): StampImage => ({
  width,
  height,
  pixels: Float32Array.from({ length: width * height }, (_, index) => first + index),
});
/** Rows to the north and columns to the west, turned by an angle to the east. */
const wcsOf = (angle: number): StampWcs => {
  const [sin, cos, step] = [Math.sin(angle), Math.cos(angle), 0.2 / 3600];
  return { pixel: [15.5, 15.5], sky: [55.75, -32.25], matrix: [-step * cos, step * sin, step * sin, step * cos] };
};

describe("the images of a stamp", () => {
  it("are the stamp with its place on the sky, the variance and the point source, gzipped or not", () => {
    const bytes = makeRubinStamp(500, 1);
    const images = readStampImages(bytes);
    expect(images.map(({ name, width, height }) => [name, width, height])).toEqual([
      [undefined, 30, 30],
      ["UNCERT", 30, 30],
      ["PSFIMAGE", 41, 41],
    ]);
    expect(images[0].wcs).toEqual(RUBIN_WCS);
    expect(images[1]).not.toHaveProperty("wcs");
    expect(images[0].pixels).toEqual(readStamp(bytes).pixels);
    expect(readStampImages(gzipSync(bytes))).toEqual(images);
  });

  it("are those that were written, whatever they are called", () => {
    // FITS has no -0.
    const number = fc.double({ noNaN: true, min: -400, max: 400 }).map((value) => value + 0);
    const wcs = fc
      .record({
        pixel: fc.tuple(number, number),
        sky: fc.tuple(number, number),
        matrix: fc.tuple(number, number, number, number),
      })
      .filter(({ matrix: [a, b, c, d] }) => a * d - b * c !== 0);
    const name = fc.stringMatching(/^[A-Z'][A-Z '/]{0,15}[A-Z']$/);
    const any = fc.tuple(
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
      fc.option(name),
      fc.option(wcs),
    );
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 4 }), (parts) => {
        const images = parts.map(([width, height, own, place]) => ({
          ...image(width, height),
          ...(own !== null && { name: own }),
          ...(place && { wcs: place }),
        }));
        expect(readStampImages(writeFits(images))).toEqual(images);
      }),
    );
  });

  it("leave out integers and tables, and read double precision", () => {
    const cards = (...texts: string[]) =>
      [...texts, "END"]
        .map((text) => text.padEnd(80))
        .join("")
        .padEnd(2880);
    const table = cards(
      "XTENSION= 'BINTABLE'",
      "BITPIX  = 8",
      "NAXIS   = 2",
      "NAXIS1  = 4",
      "NAXIS2  = 5",
      "PCOUNT  = 3",
      "GCOUNT  = 1",
      "TFIELDS = 1",
    );
    const integers = cards(
      "XTENSION= 'IMAGE   '",
      "BITPIX  = 16",
      "NAXIS   = 2",
      "NAXIS1  = 2",
      "NAXIS2  = 2",
      "PCOUNT  = 0",
      "GCOUNT  = 1",
    );
    const double = cards(
      "XTENSION= 'IMAGE   '",
      "BITPIX  = -64",
      "NAXIS   = 2",
      "NAXIS1  = 1",
      "NAXIS2  = 2",
      "PCOUNT  = 0",
      "GCOUNT  = 1",
      "EXTNAME = 'D''s     '           / its name",
    );
    const values = Buffer.alloc(2880);
    values.writeDoubleBE(0.1, 0);
    values.writeDoubleBE(NaN, 8);
    const file = Buffer.concat([
      writeFits(image(2, 2)),
      Buffer.from(table),
      Buffer.alloc(2880),
      Buffer.from(integers),
      Buffer.alloc(2880),
      Buffer.from(double),
      values,
      Buffer.from("more"),
    ]);
    const images = readStampImages(file);
    expect(images).toEqual([image(2, 2), { name: "D's", width: 1, height: 2, pixels: Float32Array.of(0.1, NaN) }]);
    expect(() => readStampImages(file.subarray(0, -2880 - 4))).toThrow(/stamp|part of the FITS file ends early/);
  });

  it("without a matrix have no place on the sky, nor with one that has no inverse", () => {
    const matrix = [1, 2, 2, 4] as const;
    expect(readStampImages(writeFits({ ...image(2, 2), wcs: { ...RUBIN_WCS, matrix } }))[0]).not.toHaveProperty("wcs");
    expect(() => turnNorthUp(image(2, 2))).toThrow(/does not say how the stamp lies/);
  });
});

describe("a stamp that is turned north up", () => {
  /** A source so many pixels to the north and to the east of the middle, and one in the middle. */
  const sky = (wcs: StampWcs, north: number, east: number): StampImage => {
    const [a, b, c, d] = wcs.matrix;
    const [determinant, step] = [a * d - b * c, 0.2 / 3600];
    const [x, y] = [
      14.5 + ((d * east - b * north) * step) / determinant,
      14.5 + ((a * north - c * east) * step) / determinant,
    ];
    const pixels = Float32Array.from({ length: 900 }, (_, at) =>
      Math.exp(-(((at % 30) - x) ** 2 + (Math.floor(at / 30) - y) ** 2) / 4),
    );
    return { width: 30, height: 30, pixels, wcs };
  };

  it("has what is north above and what is east to the left, however it lay", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 2 * Math.PI, noNaN: true }),
        fc.boolean(),
        fc.integer({ min: -8, max: 8 }),
        fc.integer({ min: -8, max: 8 }),
        (angle, mirrored, north, east) => {
          const { matrix, ...rest } = wcsOf(angle);
          const [a, b, c, d] = matrix;
          const wcs = { ...rest, matrix: mirrored ? ([-a, b, -c, d] as const) : matrix };
          const { pixels } = turnNorthUp(sky(wcs, north, east));
          const best = pixels.reduce(
            (top, value, at) => (value > pixels[top] || Number.isNaN(pixels[top]) ? at : top),
            0,
          );
          expect(Math.abs(Math.floor(best / 30) - (14.5 - north))).toBeLessThanOrEqual(1.5);
          expect(Math.abs((best % 30) - (14.5 - east))).toBeLessThanOrEqual(1.5);
        },
      ),
    );
  });

  it("keeps every pixel at right angles, and marks corners where it does not reach", () => {
    const square = image(30, 30);
    expect(turnNorthUp({ ...square, wcs: { ...RUBIN_WCS, matrix: [-1, 0, 0, -1] } }).pixels).toEqual(square.pixels);
    const quarter = turnNorthUp({ ...square, wcs: wcsOf(Math.PI / 2) });
    expect([...quarter.pixels].sort((a, b) => a - b)).toEqual([...square.pixels]);
    const turned = turnNorthUp({ ...square, wcs: wcsOf(Math.PI / 4) });
    expect(Number.isNaN(turned.pixels[0])).toBe(true);
    const { mask } = renderStamp(turned);
    expect([mask[0], mask[29], mask[15 * 30 + 15]]).toEqual([1, 1, 0]);
    expect(turnNorthUp({ ...image(30, 20), wcs: wcsOf(0) })).toMatchObject({ width: 30, height: 30 });
  });
});

describeWithData("Rubin's own stamps", (folder) => {
  it("are read whole: the images, their place on the sky, and how they lie", () => {
    const alert = parseAlert(readFileSync(`${folder}/brokers/rubin-confluent-900.avro`), { surveys: [LSST] });
    for (const path of ["cutoutScience", "cutoutTemplate", "cutoutDifference"] as const) {
      const images = readStampImages(alert[path]!.stampData, { path });
      expect(images.map(({ name }) => name)).toEqual([undefined, "UNCERT", "PSFIMAGE"]);
      const [{ wcs, width, height, pixels }, variance] = images;
      expect([width, height]).toEqual([30, 30]);
      expect(pixels).toEqual(readStamp(alert[path]!.stampData).pixels);
      expect(variance.pixels.every((value) => !(value < 0))).toBe(true);
      // The reference pixel is the source, the one nearest to the middle.
      expect(wcs!.sky[0]).toBeCloseTo(alert.candidate.ra!, 4);
      expect(wcs!.sky[1]).toBeCloseTo(alert.candidate.dec!, 4);
      expect(Math.sqrt(Math.abs(wcs!.matrix[0] * wcs!.matrix[3] - wcs!.matrix[1] * wcs!.matrix[2])) * 3600).toBeCloseTo(
        0.2,
        2,
      );
      expect(turnNorthUp(images[0])).toMatchObject({ width: 30, height: 30 });
    }
  });
});
