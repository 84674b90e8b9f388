import type { Alert } from "@btsbot/alert";
import { writeFits } from "@btsbot/cutout";
import { gzipSync } from "node:zlib";
import { BRIGHT_CANDIDATE } from "../../../test/support/brightCandidate.js";

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
    candidate: { ...BRIGHT_CANDIDATE, jd: BRIGHT_CANDIDATE.jd + nmtchps, candid, nmtchps },
    prv_candidates: null,
    cutoutScience: cutout,
    cutoutTemplate: cutout,
    cutoutDifference: cutout,
  };
}
