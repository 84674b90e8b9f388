import { formatJd } from "@btsbot/sky";
import type { PrvCandidate } from "@btsbot/alert";
import { createRandom } from "@btsbot/chance";
import type { Random } from "@btsbot/chance";
import type { Finding } from "./detect.js";
import { keyOf } from "./detect.js";
import { CHANNEL, FIRST_NID_JD } from "./exposures.js";
import type { Exposure, Spot } from "./exposures.js";
import { frameOf } from "./render.js";
import { NONE } from "./none.js";
import type { SimulatedSource } from "./source.js";
import type { Reference } from "./describeSky.js";

/** Degrees in an arcsecond. */
const ARCSEC = 1 / 3600;

/** Everything that packets state of one detection, the source's surroundings aside. */
export function measure(
  seed: number,
  source: SimulatedSource,
  spot: Spot,
  finding: Finding,
  reference: Reference,
): PrvCandidate {
  const { exposure, mag, scorr, under, flux, chi, error } = finding;
  const random = createRandom(seed, 51, source.index, source.attempt, keyOf(exposure));
  const frame = frameOf(spot, finding);
  const crowding = under / Math.abs(flux);
  const fwhm = measureWidth(random, source, exposure, scorr, crowding);
  const aperture = random.normal(0.01, Math.min(0.3, 0.7 / scorr + 0.004 * crowding));
  const elongation =
    1 +
    Math.abs(random.normal(0.04, 0.06)) +
    (0.6 / scorr) * random() +
    (source.artifact === undefined ? 0 : Math.abs(random.normal(0, 0.5)));
  const axis = (0.33 * exposure.seeing + 0.05) * Math.exp(random.normal(0, 0.1));
  const negative = random.poisson(Math.min(8, 6 / scorr + 0.08 * crowding));
  const x = frame.x + 1;
  const y = frame.y + 1;
  return {
    ...describeExposure(exposure, spot, random),
    candid: toCandid(exposure.pid, source.index, flux),
    isdiffpos: flux < 0 ? "f" : "t",
    tblid: BigInt(source.index % 1000),
    xpos: x,
    ypos: y,
    ra:
      (source.place.ra + (finding.east * ARCSEC) / Math.max(0.05, Math.cos((source.place.dec * Math.PI) / 180)) + 360) %
      360,
    dec: source.place.dec + finding.north * ARCSEC,
    magpsf: mag,
    sigmapsf: error,
    chipsf: chi,
    magap: mag - aperture,
    sigmagap: Math.max(0.01, error * random.between(0.5, 1)),
    ...reference,
    sky: skyOf(seed, source, exposure),
    magdiff: aperture,
    fwhm,
    classtar: drawStarness(random, scorr, source),
    mindtoedge: Math.min(x, y, CHANNEL.width - x, CHANNEL.height - y),
    magfromlim: exposure.limit - mag,
    seeratio: Math.min(2, exposure.seeing / fwhm),
    aimage: axis,
    bimage: axis / elongation,
    aimagerat: axis / fwhm,
    bimagerat: axis / elongation / fwhm,
    elong: elongation,
    nneg: negative,
    nbad: 0,
    rb: Math.min(
      0.99,
      Math.max(0.02, random.normal(source.artifact === undefined ? 0.78 - 0.004 * Math.min(40, crowding) : 0.38, 0.13)),
    ),
    ssdistnr: source.minorPlanet === undefined ? NONE : random.below(2),
    ssmagnr: source.minorPlanet?.magnitude ?? NONE,
    ssnamenr: source.minorPlanet?.name ?? "null",
    sumrat: negative === 0 ? 1 : Math.max(0.3, 1 - negative * random.between(0.005, 0.05)),
    magapbig: mag - random.normal(0.02, Math.min(0.4, 1.2 / scorr)),
    sigmagapbig: Math.max(0.01, error * random.between(0.8, 1.4)),
    scorr,
    rbversion: "t17_f5_c3",
  };
}

/** After the image's number the survey writes 010 or 015 for the sign, and the row; thousands of rows take the first digit here. */
function toCandid(pid: bigint, index: number, flux: number): bigint {
  const thousands = Math.floor(index / 1000) % 10;
  return pid * 1_000_000n + BigInt(thousands * 100_000 + (flux < 0 ? 10_000 : 15_000) + (index % 1000));
}

/** What packets state of an exposure that found nothing; a detection has it too. */
export function describeExposure(exposure: Exposure, spot: Spot, random: Random): PrvCandidate {
  const { jd, fid, pid, nid, limit, programid, zeroPoint } = exposure;
  return {
    jd,
    fid,
    pid,
    nid,
    programid,
    diffmaglim: limit,
    pdiffimfilename: nameFile(exposure, spot),
    programpi: "Kulkarni",
    rcid: spot.rcid,
    field: spot.field,
    magzpsci: zeroPoint,
    magzpsciunc: random.between(4e-6, 6e-5),
    magzpscirms: Math.abs(random.normal(0.042, 0.006)),
    clrcoeff: fid === 1 ? random.normal(-0.063, 0.006) : random.normal(0.105, 0.012),
    clrcounc: random.between(1e-5, 8e-5),
  };
}

/** An upper limit of the history. */
export function describeLimit(seed: number, source: SimulatedSource, spot: Spot, exposure: Exposure): PrvCandidate {
  return {
    ...describeExposure(exposure, spot, createRandom(seed, 52, source.index, keyOf(exposure))),
    rbversion: "t17_f5_c3",
    tblid: null,
    candid: null,
  };
}

/** The level around the source in the difference, DN: what subtraction left of sky and neighbours. */
export function skyOf(seed: number, source: SimulatedSource, exposure: Exposure): number {
  const random = createRandom(seed, 53, source.index, source.attempt, keyOf(exposure));
  return random.normal(0, 0.055 * exposure.noise + 0.2) * (random.chance(0.1) ? 3.5 : 1);
}

/**
 * FWHM as SExtractor gives it, pixels: a little below the seeing where that is good, above where it is bad, with more
 * scatter for the faint; half of it where a star's residual is under the source.
 */
function measureWidth(
  random: Random,
  source: SimulatedSource,
  { seeing }: Exposure,
  scorr: number,
  crowding: number,
): number {
  if (source.artifact === "cosmic ray" || source.artifact === "hot column") return round(random.between(0.9, 1.7));
  if (source.artifact === "ghost") return round(random.between(3, 12));
  const narrow = random.chance(Math.min(0.6, 0.05 + 0.02 * crowding));
  if (narrow) return round(Math.max(1.1, seeing * random.between(0.44, 0.7)));
  const base = seeing < 2.9 ? random.normal(0.9, 0.09) : random.normal(1.08, 0.12);
  const blurred =
    base * (1 + Math.abs(random.normal(0, 2.2 / scorr))) * (random.chance(0.12) ? random.between(1.15, 1.6) : 1);
  return round(Math.min(7.5, Math.max(1.1, seeing * blurred)));
}

function drawStarness(random: Random, scorr: number, { artifact }: SimulatedSource): number {
  if (artifact === "ghost") return random.between(0, 0.4);
  // Certain for the bright, a guess at the limit.
  return Math.min(
    1,
    Math.max(0.35, 0.985 - Math.abs(random.normal(0, 1.3 / scorr)) + (scorr > 25 ? random.between(0, 0.012) : 0)),
  );
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** As the survey names its difference images: date and part of the day, field, filter, CCD, quadrant. */
function nameFile({ jd, nid, fid }: Exposure, { field, rcid }: Spot): string {
  const date = formatJd(nid + FIRST_NID_JD, "day").replaceAll("-", "");
  const part = String(Math.floor((jd - FIRST_NID_JD - nid) * 1e6)).padStart(6, "0");
  const ccd = String(Math.floor(rcid / 4) + 1).padStart(2, "0");
  return `ztf_${date}${part}_${String(field).padStart(6, "0")}_z${fid === 1 ? "g" : "r"}_c${ccd}_o_q${(rcid % 4) + 1}_scimrefdiffimg.fits`;
}
