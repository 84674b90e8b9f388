import { createRandom } from "@btsbot/chance";
import type { Random } from "@btsbot/chance";
import type { Band, Spot } from "./exposures.js";
import { NONE } from "./none.js";
import { distanceOf, PIXEL_SCALE } from "./source.js";
import type { Magnitudes, SkyObject, SimulatedSource } from "./source.js";
import type { EquatorialPosition } from "@btsbot/sky";

/** PS1 sources within this distance count, arcsec (ztf-avro-alert, schema/candidate.md). */
const PS1_RADIUS = 30;
/** Gaia sources within this distance count, arcsec, and those as bright as this for `neargaiabright`. */
const GAIA_RADIUS = 90;
const GAIA_BRIGHT = 14;
const GAIA_LIMIT = 20.3;
/** Limits of the reference catalogue, mag. */
const REFERENCE_LIMIT = { 1: 22.9, 2: 22.8 } as const;

/** What the reference catalogue has next to a source. */
export interface Reference {
  readonly [field: string]: number;
}

/** Where a detection was found, from the source's true place, arcsec. */
export interface Offset {
  readonly east: number;
  readonly north: number;
}

/** The nearest sources of PS1 and Gaia: the same for every alert of a source, but for the distances. */
export function describeNeighbors(
  seed: number,
  source: SimulatedSource,
  found: Offset,
): Record<string, number | bigint> {
  return {
    ...describePs1(createRandom(seed, 61, source.index, source.attempt), source, found),
    ...describeGaia(createRandom(seed, 64, source.index, source.attempt), source, found),
  };
}

function describePs1(
  random: Random,
  { sky, inPs1, place }: SimulatedSource,
  found: Offset,
): Record<string, number | bigint> {
  // What a catalogue says of an object must not depend on the detection: drawn for all before any distance.
  const catalogue = inPs1
    ? sky
        .filter((object) => distanceOf(object) < PS1_RADIUS + 2 && isInPs1(random, object))
        .map((object) => toEntry(random, object))
    : [];
  const near = catalogue
    .map((entry) => ({ ...entry, distance: Math.hypot(entry.east - found.east, entry.north - found.north) }))
    .filter(({ distance }) => distance < PS1_RADIUS)
    .sort((a, b) => a.distance - b.distance);
  const fields: Record<string, number | bigint> = { nmtchps: near.length };
  for (const rank of [1, 2, 3]) {
    const match = near[rank - 1] as (typeof near)[number] | undefined;
    for (const band of ["g", "r", "i", "z"] as const) fields[`s${band}mag${rank}`] = match?.[band] ?? NONE;
    fields[`sgscore${rank}`] = match?.score ?? NONE;
    fields[`distpsnr${rank}`] = match?.distance ?? NONE;
    fields[`objectidps${rank}`] = match === undefined ? BigInt(NONE) : ps1Id(place, match);
  }
  return fields;
}

interface Entry extends Offset, Magnitudes {
  readonly score: number;
}

function toEntry(random: Random, object: SkyObject): Entry {
  const [g, r, i, z] = (["g", "r", "i", "z"] as const).map((band) => magnitudeInPs1(random, object[band]));
  // Of extended objects the centre is less certain.
  const error = object.sersic === undefined ? 0.05 : 0.12;
  return {
    g,
    r,
    i,
    z,
    score: starScore(random, object),
    east: object.east + random.normal(0, error),
    north: object.north + random.normal(0, error),
  };
}

/** PS1 reaches r = 23 and misses more and more before (Chambers et al. 2016, Table 11). */
function isInPs1(random: Random, { r }: SkyObject): boolean {
  return random() < 1 / (1 + Math.exp((r - 22.6) / 0.35));
}

function magnitudeInPs1(random: Random, magnitude: number): number {
  const faint = random() < 1 / (1 + Math.exp((22.1 - magnitude) / 0.35));
  return faint || random.chance(0.04)
    ? NONE
    : magnitude + random.normal(0, 0.02 + 0.15 * 10 ** (0.3 * (magnitude - 22)));
}

/** Star-galaxy score: sure of the bright, undecided at the limit, 0.5 where PS1 lacks a measurement (Tachibana & Miller 2018, PASP 130, 128001). */
function starScore(random: Random, { kind, r, shred }: SkyObject): number {
  if (random.chance(0.06 + (r > 21.5 ? 0.12 : 0) + (r < 13 ? 0.25 : 0))) return 0.5;
  if (shred) return random() ** 2 * 0.5;
  const doubt = Math.exp((r - 20.8) / 0.9) * 0.35;
  const away = Math.min(
    1,
    0.01 * -Math.log(random()) + (random.chance(0.12) ? random.between(0, 0.5) : 0) + doubt * random() ** 1.5,
  );
  // Scores come from votes of trees: some are exactly sure.
  const score = kind === "star" ? 1 - away : away;
  return random.chance(0.1) ? Math.round(score) : score;
}

/** PS1 object ids hold declination zone and right ascension (Flewelling et al. 2020, ApJS 251, 7, section 2). */
function ps1Id(place: EquatorialPosition, { east, north }: Offset): bigint {
  const dec = place.dec + north / 3600;
  const ra = (((place.ra + east / 3600 / Math.max(0.05, Math.cos((dec * Math.PI) / 180))) % 360) + 360) % 360;
  const zone = (dec + 90) * 120;
  return (
    BigInt(Math.floor(zone)) * 10_000_000_000_000n +
    BigInt(Math.floor(ra * 1e7)) * 1000n +
    BigInt(Math.floor((zone % 1) * 1000))
  );
}

function describeGaia(random: Random, { sky }: SimulatedSource, found: Offset): Record<string, number> {
  const distanceFrom = ({ east, north }: SkyObject): number => Math.hypot(east - found.east, north - found.north);
  const stars = sky.filter(
    ({ kind, r, shred, sersic }) =>
      !shred && (kind === "star" || (sersic?.index === 4 && r < 19)) && r < GAIA_LIMIT && random.chance(0.95),
  );
  const nearest = stars.find((object) => distanceOf(object) < GAIA_RADIUS);
  // Gaia's G is near r for most stars (Evans et al. 2018, A&A 616, A4).
  const bright = stars.find((object) => object.r < GAIA_BRIGHT);
  const far = random.chance(0.35) ? random.between(60, GAIA_RADIUS) : NONE;
  return {
    neargaia: nearest === undefined ? NONE : distanceFrom(nearest),
    maggaia: nearest === undefined ? NONE : nearest.r + random.normal(0, 0.1),
    neargaiabright: bright === undefined ? far : distanceFrom(bright),
    maggaiabright: bright === undefined ? (far === NONE ? NONE : random.between(11, GAIA_BRIGHT)) : bright.r,
  };
}

/**
 * The nearest source of the template's own catalogue: the same for all exposures of a source in a filter, but for a
 * little scatter between the templates of two fields.
 */
export function describeReference(
  seed: number,
  source: SimulatedSource,
  spot: Spot,
  band: Band,
  found: Offset,
): Reference {
  const random = createRandom(seed, 62, source.index, source.attempt, band);
  const limit = REFERENCE_LIMIT[band];
  const seen = source.sky.find((object) => !object.shred && magnitudeIn(object, band) < limit + random.normal(0, 0.2));
  const distance = seen === undefined ? Infinity : distanceOf(seen);
  // Noise peaks of the template are in its catalogue too.
  const nearestPeak = 4 + 14 * random();
  const chance = createRandom(seed, 63, spot.field, source.index);
  if (seen === undefined || distance > nearestPeak * PIXEL_SCALE * 1.6) {
    const angle = chance.between(0, 2 * Math.PI);
    const far = nearestPeak * PIXEL_SCALE;
    return near(source, { east: far * Math.cos(angle), north: far * Math.sin(angle) }, found, {
      magnr: random.normal(limit + 0.15, 0.2),
      sigmagnr: random.between(0.17, 0.34),
      chinr: random.between(0.4, 1.25),
      sharpnr: random.normal(-0.27, 0.16),
    });
  }
  const magnr = magnitudeIn(seen, band) + random.normal(0, 0.03);
  return near(source, seen, found, { magnr, ...shapeOf(random, seen, magnr, limit) });
}

function magnitudeIn(object: SkyObject, band: Band): number {
  return band === 1 ? object.g : object.r;
}

/** DAOPHOT's chi and sharpness: 0.5 to 1 and 0 for stars, large for galaxies that are bright and wide. */
function shapeOf(random: Random, object: SkyObject, magnitude: number, limit: number): Record<string, number> {
  const noise = 10 ** (0.4 * (magnitude - limit));
  const sigmagnr = Math.max(0.009, 0.015 * Math.exp(random.normal(0, 0.2)) + 0.2 * noise);
  const base = 0.35 + 0.55 * random() + (magnitude < 14.5 ? Math.abs(random.normal(0, 0.7)) : 0);
  if (object.sersic === undefined)
    return { sigmagnr, chinr: base, sharpnr: random.normal(0, 0.018) + random.normal(-0.2, 0.25) * Math.sqrt(noise) };
  const size = Math.min(3, object.sersic.radius);
  const bright = Math.max(0, (20.5 - magnitude) / 4);
  const chinr = base + bright * (1 + size) * Math.exp(random.normal(0.2, 0.4));
  return {
    sigmagnr,
    chinr,
    sharpnr:
      0.28 * size * Math.exp(random.normal(0, 0.4)) +
      random.normal(-0.35, 0.25) * Math.sqrt(noise) +
      random.normal(0, 0.05),
  };
}

/** The catalogued place and its distance from the detection, as the pixels have them. */
function near({ place }: SimulatedSource, at: Offset, found: Offset, rest: Record<string, number>): Reference {
  const narrowing = Math.max(0.05, Math.cos((place.dec * Math.PI) / 180));
  return {
    distnr: Math.hypot(at.east - found.east, at.north - found.north) / PIXEL_SCALE,
    ...rest,
    ranr: (place.ra + at.east / 3600 / narrowing + 360) % 360,
    decnr: place.dec + at.north / 3600,
  };
}
