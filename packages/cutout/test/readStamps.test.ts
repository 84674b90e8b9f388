import { gunzipSync, gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { describeWithData } from "../../../test/support/testData.js";
import type { Gunzip } from "../src/index.js";
import { measureStamp, readStamps, toTriplet, writeFits } from "../src/index.js";
import { errorOf, makeStamp } from "./makeStamp.js";
import { readReferenceAlerts } from "../../../test/support/reference.js";

const cutout = { stampData: new Uint8Array(gzipSync(writeFits(makeStamp()))) };
const zlib: Gunzip = (bytes, maxBytes) => gunzipSync(bytes, { maxOutputLength: maxBytes });

it("unpacks each stamp once", () => {
  let count = 0;
  const gunzip: Gunzip = (bytes, maxBytes) => {
    count += 1;
    return zlib(bytes, maxBytes);
  };
  const stamps = readStamps({ cutoutScience: cutout, cutoutTemplate: cutout, cutoutDifference: cutout }, { gunzip });
  expect(stamps).toEqual({ science: makeStamp(), template: makeStamp(), difference: makeStamp() });
  expect(count).toBe(3);
});

it("reports the problems of all three at once", () => {
  const jpeg = { stampData: Uint8Array.of(0xff, 0xd8, 0xff) };
  const truncated = { stampData: cutout.stampData.subarray(0, 500) };
  expect(
    errorOf(() => readStamps({ cutoutScience: jpeg, cutoutTemplate: null, cutoutDifference: truncated })),
  ).toMatchObject({
    problems: [
      { code: "stamp-not-fits", path: "cutoutScience" },
      { code: "stamp-absent", path: "cutoutTemplate" },
      { code: "stamp-truncated", path: "cutoutDifference" },
    ],
  });
  expect(errorOf(() => readStamps({ cutoutScience: cutout, cutoutTemplate: cutout }))).toMatchObject({
    problems: [{ code: "stamp-absent", path: "cutoutDifference" }],
  });
});

describeWithData("stamps of real packets", (folder) => {
  it("have the sizes, masks and norms of the reference, and make its triplets", () => {
    const packets = readReferenceAlerts(folder).filter(({ reference }) => reference.cutouts !== undefined);
    expect(packets.length).toBe(131);
    let [normError, sumError, pixelError] = [0, 0, 0];
    for (const { alert, reference } of packets) {
      const stamps = readStamps(alert);
      expect(readStamps(alert, { gunzip: zlib })).toEqual(stamps);
      const { pixels } = toTriplet(stamps);
      [stamps.science, stamps.template, stamps.difference].forEach((stamp, channel) => {
        const { shape, nan, inf, norm } = reference.cutouts![channel];
        const stats = measureStamp(stamp);
        expect([stats.height, stats.width, stats.nanCount, stats.infiniteCount], reference.candid).toEqual([
          ...shape,
          nan,
          inf,
        ]);
        normError = Math.max(normError, Math.abs(stats.norm / norm - 1));
        const plane = pixels.filter((_, index) => index % 3 === channel);
        const checks = reference.triplet!;
        const sum = plane.reduce((total, value) => total + value, 0);
        // One plane of equal pixels rounds them all the same way, to 1.9e-6 in a sum of -46: hence relative.
        sumError = Math.max(sumError, Math.abs(sum - checks.sum[channel]) / Math.max(1, Math.abs(checks.sum[channel])));
        pixelError = Math.max(
          pixelError,
          Math.abs(plane[31 * 63 + 31] - checks.center[channel]),
          Math.abs(plane[63 * 63 - 1] - checks.last[channel]),
        );
      });
    }
    expect(normError).toBeLessThanOrEqual(1e-12);
    expect(sumError).toBeLessThanOrEqual(1e-6);
    expect(pixelError).toBeLessThanOrEqual(6e-8);
  });

  it("are refused, each by name, where they are JPEG", () => {
    const packets = readReferenceAlerts(folder).filter(({ reference }) => reference.cutouts === undefined);
    expect(packets.length).toBe(1);
    expect(errorOf(() => readStamps(packets[0].alert))).toMatchObject({
      problems: ["cutoutScience", "cutoutTemplate", "cutoutDifference"].map((path) => ({
        code: "stamp-not-fits",
        got: "JPEG",
        path,
      })),
    });
  });
});
