import type { Alert } from "@btsbot/alert";
import { writeFits } from "@btsbot/cutout";
import { gzipSync } from "node:zlib";

/** An alert with all that btsbot-v1 reads; `nmtchps` tells alerts apart in the score. */
export function makeAlert(nmtchps: number): Alert {
  const pixels = Float32Array.from({ length: 63 * 63 }, (_, i) => Math.sin(i + nmtchps));
  const cutout = {
    fileName: "stamp.fits.gz",
    stampData: new Uint8Array(gzipSync(writeFits({ width: 63, height: 63, pixels }))),
  };
  const candid = BigInt(nmtchps) + 2n ** 60n;
  return {
    schemavsn: "4.02",
    publisher: "test",
    objectId: "ZTF26aaaaaaa",
    candid,
    candidate: {
      jd: 2461000.5 + nmtchps,
      fid: 1,
      candid,
      isdiffpos: "t",
      magpsf: 18.2,
      sigmapsf: 0.1,
      ra: 10,
      dec: 20,
      diffmaglim: 20.5,
      sgscore1: 0.02,
      distpsnr1: 1.2,
      sgscore2: 0.5,
      distpsnr2: 8,
      fwhm: 2.3,
      chipsf: 1.4,
      ndethist: 3,
      ncovhist: 90,
      nmtchps,
      jdstarthist: 2460999.5,
      drb: 0.99,
      drbversion: "d6_m7",
      chinr: 0.8,
      sharpnr: 0.01,
      scorr: 14,
      sky: 0.1,
    },
    prv_candidates: null,
    cutoutScience: cutout,
    cutoutTemplate: cutout,
    cutoutDifference: cutout,
  };
}
