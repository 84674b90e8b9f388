import { readFileSync } from "node:fs";
import { parseAlert } from "@btsbot/alert";
import { describe, expect, it } from "vitest";
import { describeWithData } from "../../../test/support/testData.js";
import { locateSource, readStamps, renderStamp, renderTriplet } from "../src/index.js";
import type { Picture, Stamp } from "../src/index.js";

/** Arcseconds a pixel of ZTF's stamps, docs/conventions.md. */
const PIXEL = 1.0126;

/** The brightest pixel within a distance of the middle of a picture: pixels to the right of it and below it. */
function peakNear({ width, height, pixels }: Picture, middle: number, reach: number): { right: number; below: number } {
  let best = { right: NaN, below: NaN, gray: -1 };
  for (let y = Math.max(0, middle - reach); y <= Math.min(height - 1, middle + reach); y += 1) {
    for (let x = middle - reach; x <= middle + reach; x += 1) {
      const gray = pixels[y * width + x];
      if (gray > best.gray) best = { right: x - middle, below: y - middle, gray };
    }
  }
  return best;
}

describe("a stamp that lies as the survey's do", () => {
  // Declination falls with the row, right ascension with the column: what is south has a higher row, what is east a lower column.
  const sky = (east: number, north: number): Stamp => {
    const [column, row] = [31 - east, 31 - north];
    const pixels = Float32Array.from({ length: 63 * 63 }, (_, at) =>
      Math.exp(-(((at % 63) - column) ** 2 + (Math.floor(at / 63) - row) ** 2) / 4),
    );
    return { width: 63, height: 63, pixels };
  };
  it.each([
    ["south", 0, -6, { right: 0, below: 6 }],
    ["north", 0, 6, { right: 0, below: -6 }],
    ["east", 6, 0, { right: -6, below: 0 }],
    ["west", -6, 0, { right: 6, below: 0 }],
  ])("shows what lies %s where a map has it", (_, east, north, place) => {
    const stamp = sky(east, north);
    expect(peakNear(renderStamp(stamp, { interval: "minmax" }), 31, 10)).toMatchObject(place);
    const triplet = renderTriplet({ science: stamp, template: stamp, difference: stamp }, { interval: "minmax" });
    expect(peakNear(triplet, 31, 10)).toMatchObject(place);
  });
});

describeWithData("stamps of real alerts", (folder) => {
  const read = (file: string): ReturnType<typeof parseAlert> =>
    parseAlert(new Uint8Array(readFileSync(`${folder}/alerts/${file}`)));

  it("show the host of ZTF20aafcnby below it: its reference source is 3.3 arcseconds south and 1.3 east", () => {
    const alert = read("1127561441415015002.avro");
    const [ra, dec, ranr, decnr] = ["ra", "dec", "ranr", "decnr"].map((name) => Number(alert.candidate[name]));
    const east = (ranr - ra) * Math.cos((dec * Math.PI) / 180) * 3600;
    const north = (decnr - dec) * 3600;
    expect([east, north]).toEqual([expect.closeTo(1.3, 1), expect.closeTo(-3.3, 1)]);
    const { template } = readStamps(alert);
    const picture = renderStamp(template, { stretch: "asinh", interval: 99.5 });
    const [right, below] = [-east, -north].map((offset) => Math.round(offset / PIXEL));
    const grayAt = (x: number, y: number): number => picture.pixels[(31 + y) * picture.width + 31 + x];
    // That source is the near end of the galaxy; where the other orientations would have it there is little but sky.
    for (const [x, y] of [
      [right, -below],
      [-right, -below],
      [below, right],
    ])
      expect(grayAt(right, below)).toBeGreaterThan(grayAt(x, y) + 15);
    // Its nucleus is beyond, further south.
    expect(peakNear(renderStamp(template, { interval: "minmax" }), 31, 12)).toMatchObject({ right: 0, below: 8 });
  });

  it("show a source at the edge of a CCD in the middle, and hatch the rest above it", () => {
    // ZTF18acdmwql: ypos 17.6, 49 rows.
    const alert = read("000010512268134449.avro");
    const source = locateSource(alert.candidate);
    const stamps = readStamps(alert);
    expect([stamps.difference.height, source]).toEqual([49, { row: 17, column: 31 }]);
    const { width, height, pixels, mask } = renderTriplet(stamps, { source, interval: "minmax" });
    expect([width, height]).toEqual([193, 63]);
    const left = 2 * 65;
    const difference = Uint8Array.from(
      { length: 63 * 63 },
      (_, at) => pixels[Math.floor(at / 63) * width + left + (at % 63)],
    );
    const { right, below } = peakNear({ width: 63, height: 63, channels: 1, pixels: difference }, 31, 6);
    expect(Math.hypot(right, below)).toBeLessThan(1.5);
    // North is what is cut off: the first rows.
    const rows = Array.from({ length: 63 }, (_, row) => mask[row * width + left + 31]);
    expect(rows).toEqual([...new Array<number>(14).fill(1), ...new Array<number>(49).fill(0)]);
  });
});
