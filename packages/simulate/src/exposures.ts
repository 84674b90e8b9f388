import { createRandom } from "@btsbot/chance";
import type { Random } from "@btsbot/chance";
import { makePsf } from "./psf.js";
import type { Profile } from "./psf.js";
import { cosine, moonPhase, separateInRa } from "./sky.js";
import type { EquatorialPosition } from "@btsbot/sky";

/** Day 0 of the survey's night numbers `nid`: 2017 January 1, 0h UTC. */
export const FIRST_NID_JD = 2457754.5;
/** First night of the public survey, 2018 March 17 (Bellm et al. 2019, PASP 131, 018002). */
export const SURVEY_START = 2458194.5;
/** Night from which the public survey takes each field every second night, no longer every third: the beginning of October 2020. */
const SECOND_PHASE = 1370;
/** Detector: electrons per data number and read noise in electrons (Dekany et al. 2020, PASP 132, 038001). */
export const GAIN = 6.2;
const READ_NOISE = 10;
/** Pixels of a readout channel along rows and columns, and channels along a side of the camera. */
export const CHANNEL = { width: 3072, height: 3080, perSide: 8 };
/** Width of a field, degrees. */
const FIELD_SIZE = 7.2;
const SOUTHERN_LIMIT = -31;

/** Dark sky, DN a pixel in 30 s, and how many magnitudes the full moon brightens it. */
const SKY = { 1: { dark: 115, moon: 2.7 }, 2: { dark: 195, moon: 2.2 } } as const;
/** Magnitude of 1 DN, and its scatter from night to night (Masci et al. 2019, PASP 131, 018003, section 6). */
const ZERO_POINT = { mean: 26.27, deviation: 0.08 };
/** Median FWHM in pixels of 1.012 arcsec, and its scatter in ln: 2 to 2.5 arcsec, a tail to 4 (Bellm et al. 2019, Figure 6). */
const SEEING = { median: 2.75, deviation: 0.27, least: 1.9, greatest: 5.5 };

export type Band = 1 | 2;

/** Where a source stands in the survey's grid. */
export interface Spot {
  readonly field: number;
  /** Readout channel, 0 to 63. */
  readonly rcid: number;
  /** Pixel of the channel, from 0. */
  readonly x: number;
  readonly y: number;
}

/** One image of a spot. */
export interface Exposure {
  readonly jd: number;
  readonly fid: Band;
  readonly nid: number;
  readonly pid: bigint;
  /** FWHM, pixels. */
  readonly seeing: number;
  readonly psf: Profile;
  /** Noise of the sky and of reading out, DN a pixel. */
  readonly noise: number;
  readonly zeroPoint: number;
  /** Expected 5-sigma limit as packets state it, mag. */
  readonly limit: number;
  /** How far the telescope is off the field's grid, pixels. */
  readonly shift: readonly [x: number, y: number];
  readonly programid: 1 | 2;
}

/** Finds field, channel and pixel of a place: fields in rows of equal declination, as the survey's are. */
export function locate(place: EquatorialPosition): Spot {
  const row = Math.floor((place.dec - SOUTHERN_LIMIT) / FIELD_SIZE);
  const middle = SOUTHERN_LIMIT + (row + 0.5) * FIELD_SIZE;
  const inRow = Math.ceil((360 * Math.max(0.02, cosine(middle))) / FIELD_SIZE);
  const along = (place.ra / 360) * inRow;
  let before = 245;
  for (let above = 0; above < row; above += 1) {
    before += Math.ceil((360 * Math.max(0.02, cosine(SOUTHERN_LIMIT + (above + 0.5) * FIELD_SIZE))) / FIELD_SIZE);
  }
  const u = (along % 1) * CHANNEL.perSide;
  const v = (((place.dec - SOUTHERN_LIMIT) / FIELD_SIZE) % 1) * CHANNEL.perSide;
  return {
    field: before + Math.min(inRow - 1, Math.floor(along)),
    rcid: Math.floor(v) * CHANNEL.perSide + Math.floor(u),
    // Right ascension and declination fall with the pixel's numbers, as in the stamps.
    x: ((1 - (u % 1)) % 1) * CHANNEL.width,
    y: ((1 - (v % 1)) % 1) * CHANNEL.height,
  };
}

/** Images of a spot taken in nights `from` to `to`, both included, earliest first. */
export function findExposures(seed: number, { field, rcid }: Spot, from: number, to: number): Exposure[] {
  const found: Exposure[] = [];
  for (let nid = from; nid <= to; nid += 1) {
    const night = createRandom(seed, 11, nid);
    const weather: Weather = {
      // A quarter of the time is lost (Bellm et al. 2019, section 5), here field by field in half of the nights.
      clouds: night.chance(0.5) ? night.between(0, 0.9) : 0,
      seeing: SEEING.median * Math.exp(night.normal(0, SEEING.deviation)),
      zeroPoint: night.normal(0, ZERO_POINT.deviation) - (night.chance(0.12) ? 0.4 * -Math.log(night()) : 0),
    };
    const random = createRandom(seed, 12, nid, field);
    if (!random.chance(weather.clouds)) found.push(...nightExposures(random, weather, nid, field, rcid));
  }
  return found.sort((a, b) => a.jd - b.jd);
}

interface Weather {
  /** Part of the fields that clouds hide. */
  readonly clouds: number;
  readonly seeing: number;
  readonly zeroPoint: number;
}

/** Public fields once in g and r every second or third night; some fields several times a night (partnership). */
function nightExposures(random: Random, weather: Weather, nid: number, field: number, rcid: number): Exposure[] {
  const dense = field % 8 === 3;
  const cadence = nid < SECOND_PHASE ? 3 : 2;
  const isPublic = (nid + field) % cadence === 0;
  if (!isPublic && !dense) return [];
  const visits = dense ? 1 + random.below(3) : 1;
  const list: Exposure[] = [];
  // UTC 3h to 12h at Palomar.
  const begin = random.between(0.13, 0.38);
  for (let visit = 0; visit < visits; visit += 1) {
    for (const fid of [1, 2] as const) {
      // Most pairs are complete; clouds and failed subtractions take some.
      const at = begin + visit * 0.045 + (fid === 1 ? 0 : random.between(0.015, 0.03)) + random.between(0, 0.01);
      if (random.chance(0.92)) list.push(makeExposure(random, weather, nid, at, fid, rcid, isPublic ? 1 : 2));
    }
  }
  return list;
}

function makeExposure(
  random: Random,
  weather: Weather,
  nid: number,
  at: number,
  fid: Band,
  rcid: number,
  programid: 1 | 2,
): Exposure {
  const jd = Math.round((FIRST_NID_JD + nid + at) * 1e7) / 1e7;
  // Seeing is a little worse in the blue.
  const seeing = Math.min(
    SEEING.greatest,
    Math.max(SEEING.least, weather.seeing * (fid === 1 ? 1.05 : 1) * Math.exp(random.normal(0, 0.08))),
  );
  const psf = makePsf(seeing, random.between(0.15, 0.24));
  const zeroPoint = ZERO_POINT.mean + weather.zeroPoint + random.normal(0, 0.03) - (fid === 2 ? 0.04 : 0);
  const { dark, moon } = SKY[fid];
  // The moon is above the horizon about half of the time; near it the sky is brighter than its phase says.
  const moonlight = moonPhase(jd) ** 0.8 * moon * (random.chance(0.75) ? random.between(0.75, 1.15) : 0.1);
  const electrons = dark * GAIN * 10 ** (0.4 * moonlight) * Math.exp(random.normal(0, 0.12));
  const noise = Math.sqrt(electrons + READ_NOISE ** 2) / GAIN;
  return {
    jd,
    fid,
    nid,
    seeing,
    psf,
    noise,
    zeroPoint,
    programid,
    pid: toPid(jd, nid, rcid),
    limit: zeroPoint - 2.5 * Math.log10(5 * noise * Math.sqrt(statedArea(seeing))),
    shift: [random.normal(0, 8), random.normal(0, 8)],
  };
}

/**
 * Pixels whose noise the survey's stated limits and errors count, by FWHM: about four times those of an
 * optimal fit. Read off public packets, where 5 x noise x sqrt(area) is the flux at `diffmaglim`.
 */
function statedArea(seeing: number): number {
  return Math.max(25, 38 * seeing - 35);
}

/** Night, hundred-thousandths of the day, channel, and 15 for a science image: as the survey forms it. */
function toPid(jd: number, nid: number, rcid: number): bigint {
  const part = Math.floor((jd - FIRST_NID_JD - nid) * 1e5);
  return BigInt(`${nid}${String(part).padStart(5, "0")}${String(rcid).padStart(2, "0")}15`);
}

/** The hours of right ascension around midnight that a night reaches. */
export function isUp(place: EquatorialPosition, midnight: number): boolean {
  return separateInRa(place.ra, midnight) < 95;
}
