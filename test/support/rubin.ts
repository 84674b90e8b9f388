import { LSST, schemaOf, encodeAlerts } from "@btsbot/alert";
import type { Alert, PacketFields } from "@btsbot/alert";
import { createRandom } from "@btsbot/chance";
import { writeFits } from "@btsbot/cutout";
import type { StampWcs } from "@btsbot/cutout";

/** Degrees of a pixel of LSSTCam: 0.2 arcsec. */
const PIXEL = 0.2 / 3600;
/** Pixels on a side of a stamp. */
const SIDE = 30;
const BANDS = ["u", "g", "r", "i", "z", "y"] as const;

/** What a made-up packet of Rubin's says. */
export interface RubinTruth {
  readonly diaSourceId: bigint;
  readonly diaObjectId: bigint;
  /** Days TAI. */
  readonly mjd: number;
  readonly band: (typeof BANDS)[number];
  /** nJy. */
  readonly flux: number;
  readonly fluxErr?: number;
  readonly reliability?: number;
  /** Earlier detections. */
  readonly before?: readonly Pick<RubinTruth, "diaSourceId" | "mjd" | "band" | "flux">[];
  /** Forced photometry: a flux for each date. */
  readonly forced?: readonly Pick<RubinTruth, "mjd" | "band" | "flux" | "fluxErr">[];
  readonly stamps?: boolean;
}

/** A packet of schema 11 with what is said, and quiet values for all else. */
export function makeRubinPacket(truth: RubinTruth): PacketFields {
  const { diaSourceId, diaObjectId, mjd, before = [], forced = [], stamps = true } = truth;
  const stamp = (peak: number) => (stamps ? makeRubinStamp(peak, Number(diaSourceId % 1000n)) : null);
  const dates = [...before.map((point) => point.mjd), mjd];
  return {
    diaSourceId,
    observation_reason: "field_survey",
    target_name: null,
    diaSource: makeSource(truth, truth),
    prvDiaSources: before.map((point) => makeSource(truth, { ...truth, ...point })),
    prvDiaForcedSources: forced.map((point, index) => ({
      diaForcedSourceId: diaSourceId + 1000n + BigInt(index),
      diaObjectId,
      ra: 55.75,
      dec: -32.25,
      visit: visitOf(point.mjd),
      detector: 12,
      psfFlux: Math.fround(point.flux),
      psfFluxErr: Math.fround(point.fluxErr ?? 100),
      midpointMjdTai: point.mjd,
      band: point.band,
      timeProcessedMjdTai: mjd + 0.001,
    })),
    diaObject: {
      diaObjectId,
      validityStartMjdTai: mjd,
      ra: 55.75,
      dec: -32.25,
      ...Object.fromEntries(BANDS.map((band) => [`${band}_psfFluxNdata`, 1])),
      firstDiaSourceMjdTai: Math.min(...dates),
      lastDiaSourceMjdTai: Math.max(...dates),
      nDiaSources: dates.length,
    },
    ssSource: null,
    mpc_orbits: null,
    cutoutScience: stamp(900),
    cutoutTemplate: stamp(100),
    cutoutDifference: stamp(800),
  };
}

function makeSource({ diaObjectId, reliability = 0.75 }: RubinTruth, point: RubinTruth): PacketFields {
  const { diaSourceId, mjd, band, flux, fluxErr = 100 } = point;
  return {
    diaSourceId,
    visit: visitOf(mjd),
    detector: 12,
    diaObjectId,
    ssObjectId: 0n,
    midpointMjdTai: mjd,
    ra: 55.75,
    dec: -32.25,
    x: 1000.5,
    y: 2000.5,
    isNegative: flux < 0,
    snr: Math.fround(Math.abs(flux) / fluxErr),
    psfFlux: Math.fround(flux),
    psfFluxErr: Math.fround(fluxErr),
    psfNdata: 1000,
    trailNdata: 10,
    dipoleNdata: 10,
    scienceFlux: Math.fround(flux + 50),
    extendedness: 0,
    reliability: Math.fround(reliability),
    band,
    timeProcessedMjdTai: mjd + 0.001,
    bboxSize: 20,
    pixelFlags_edge: false,
    pixelFlags_streak: false,
  };
}

/** The number of an exposure, one for each date. */
function visitOf(mjd: number): bigint {
  return BigInt(Math.round(mjd * 1000)) + 2026000000n;
}

/** How the made-up stamps lie: turned by 30 degrees, north near the last rows. */
export const RUBIN_WCS: StampWcs = {
  pixel: [15.25, 15.25],
  sky: [55.75, -32.25],
  matrix: [-PIXEL * Math.cos(Math.PI / 6), -PIXEL / 2, -PIXEL / 2, PIXEL * Math.cos(Math.PI / 6)],
};

/** A stamp as Rubin's are: the image with its place on the sky, the variance, and a model of a point source. */
export function makeRubinStamp(peak: number, seed: number): Uint8Array {
  const random = createRandom(seed);
  const spot = (side: number, height: number, noise: number) =>
    Float32Array.from({ length: side * side }, (_, index) => {
      const [row, column] = [Math.floor(index / side), index % side];
      const away = (row - (side - 1) / 2) ** 2 + (column - (side - 1) / 2) ** 2;
      return height * Math.exp(-away / 8) + noise * random();
    });
  return writeFits([
    { width: SIDE, height: SIDE, pixels: spot(SIDE, peak, 10), wcs: RUBIN_WCS },
    { name: "UNCERT", width: SIDE, height: SIDE, pixels: spot(SIDE, 0, 1) },
    { name: "PSFIMAGE", width: 41, height: 41, pixels: spot(41, 1, 0) },
  ]);
}

/** The framed message of an alert: Confluent's zero byte and the schema's id, then the record. */
export function frameRubin(alert: Alert, id: 900 | 1000 | 1100 = 1100): Uint8Array {
  const file = encodeAlerts([alert], { survey: LSST, schema: LSST.schemas!(id)! });
  // The record lies between the lengths of its block and the last marker: the head ends with the first one.
  const sync = file.subarray(file.length - 16);
  const head = findMarker(file, sync, new TextEncoder().encode(schemaOf(file)).length) + 16;
  // One record, and its length.
  let at = head + 1;
  while ((file[at] & 128) !== 0) at += 1;
  const datum = file.subarray(at + 1, file.length - 16);
  return Uint8Array.from([0, 0, 0, id >> 8, id & 255, ...datum]);
}

function findMarker(file: Uint8Array, sync: Uint8Array, from: number): number {
  for (let at = from; ; at += 1) if (sync.every((byte, index) => file[at + index] === byte)) return at;
}
