import type { Alert, Cutout, PrvCandidate } from "@btsbot/alert";
import { createRandom } from "@btsbot/chance";

/** Bytes that look like a gzip stamp from afar; nothing here opens them. */
function makeCutout(name: string, random: () => number, length: number): Cutout {
  const stampData = Uint8Array.from({ length }, () => Math.floor(random() * 256));
  stampData.set([0x1f, 0x8b, 8]);
  return { fileName: `${name}.fits.gz`, stampData };
}

function makeHistory(jd: number, random: () => number): PrvCandidate[] {
  return Array.from({ length: 6 }, (_, i) => {
    const point = {
      jd: jd - 6 + i,
      fid: 1 + (i % 2),
      pid: 1000000000000000n + BigInt(i),
      diffmaglim: 20.5,
      programid: 1,
    };
    if (i % 3 === 0) return { ...point, candid: null, magpsf: null, isdiffpos: null };
    return {
      ...point,
      candid: 9007199254740993n + BigInt(i),
      isdiffpos: i % 2 ? "t" : "f",
      magpsf: Math.fround(18 + random()),
      sigmapsf: Math.fround(random() / 10),
      ra: 10.5,
      dec: -3.25,
    };
  });
}

/** A synthetic alert of made-up numbers, the same for the same `seed`. Floats are single precision. */
export function makeAlert(seed = 1, stampBytes = 400): Alert {
  const random = createRandom(seed);
  const jd = 2459000.5 + seed;
  // Above 2^53, and odd: a rounded id would be even.
  const candid = 1127495406315015001n + 2n * BigInt(seed);
  return {
    schemavsn: "4.02",
    publisher: "synthetic",
    objectId: "ZTF99aaaaaaa",
    candid,
    candidate: {
      jd,
      fid: 2,
      pid: 1127495406315n,
      diffmaglim: Math.fround(20.1),
      programid: 1,
      candid,
      isdiffpos: "t",
      tblid: 3n,
      ra: 10.5,
      dec: -3.25,
      magpsf: Math.fround(17 + random()),
      sigmapsf: Math.fround(0.05),
      sgscore1: Number.NaN,
      distpsnr1: -999,
      ndethist: 4,
      ncovhist: 100,
      jdstarthist: jd - 5,
      objectidps1: -(2n ** 63n),
      objectidps2: 2n ** 63n - 1n,
      objectidps3: null,
      drb: Math.fround(0.99),
      drbversion: "d6_m7",
      scorr: -0,
    },
    prv_candidates: makeHistory(jd, random),
    fp_hists: [
      {
        jd: jd - 3,
        fid: 1,
        pid: 5n,
        rfid: 6n,
        forcediffimflux: -99999,
        forcediffimfluxunc: Math.fround(1.1),
        procstatus: "0",
      },
      { jd: jd - 2, fid: 2, pid: 7n, rfid: 8n, forcediffimflux: null },
    ],
    cutoutScience: makeCutout("science", random, stampBytes),
    cutoutTemplate: makeCutout("template", random, stampBytes),
    cutoutDifference: null,
  };
}
