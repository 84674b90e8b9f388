import type { Random } from "@btsbot/chance";
import type { Exposure } from "./exposures.js";
import { makeStar } from "./makeSky.js";
import { drawPlace } from "./makeTransient.js";
import { drawGalactic } from "./makeVariable.js";
import { fromEcliptic } from "@btsbot/sky";
import type { EquatorialPosition } from "@btsbot/sky";
import { toFlux } from "./source.js";
import type { Artifact, Nature, SkyObject } from "./source.js";

/** A minor planet: one detection at a place where nothing was and nothing will be, by inclination near the ecliptic. */
export function makeAsteroid(random: Random, window: readonly [number, number]): Nature {
  // Counts to a limit grow as 10^0.4m (Ivezic et al. 2001, AJ 122, 2749).
  const mag = Math.max(15.5, 20.4 + Math.log10(random()) / 0.35);
  const color = random.normal(0.55, 0.08);
  const place = drawEcliptic(random);
  const change: Nature["change"] = (_, band) => toFlux(mag + (band === 1 ? color : 0));
  // The catalogue does not know some.
  const known = random.chance(0.9);
  const minorPlanet = known
    ? { name: String(1 + random.below(600000)), magnitude: Math.round((mag + random.normal(0, 0.25)) * 10) / 10 }
    : undefined;
  return {
    place,
    change,
    objects: [],
    redshift: null,
    begin: null,
    once: true,
    peak: { mag, jd: window[0] },
    ...(minorPlanet && { minorPlanet }),
  };
}

function drawEcliptic(random: Random): EquatorialPosition {
  for (let tries = 0; tries < 200; tries += 1) {
    const place = fromEcliptic(random.between(0, 360), random.normal(0, 9));
    if (place.dec > -28) return place;
  }
  return { ra: 0, dec: 0 };
}

interface Fault {
  /** Magnitudes of the detections. */
  readonly mag: readonly [brightest: number, faintest: number];
  /** Probability that an exposure shows it; 0 for what comes once. */
  readonly frequency: number;
  /** A bright star's r and its distance in arcsec, where there is one. */
  readonly star?: { readonly r: readonly [number, number]; readonly distance: readonly [number, number] };
}

/** What goes wrong, as the survey's documents name it (Masci et al. 2019, section 6; Duev et al. 2019, MNRAS 489, 3582, section 2). */
const FAULTS: Readonly<Record<Artifact, Fault>> = {
  misregistration: { mag: [15.5, 19.8], frequency: 0.3, star: { r: [12.6, 17], distance: [0.6, 1.5] } },
  "cosmic ray": { mag: [16.5, 20], frequency: 0 },
  "hot column": { mag: [17, 20], frequency: 0.12 },
  ghost: { mag: [15.5, 18.8], frequency: 0.1 },
  "saturated star": { mag: [14, 18.5], frequency: 0.3, star: { r: [9, 12.6], distance: [0.5, 9] } },
};

export function makeBogus(random: Random, artifact: Artifact, window: readonly [number, number]): Nature {
  const {
    mag: [brightest, faintest],
    frequency,
    star,
  } = FAULTS[artifact];
  const bright = star === undefined ? undefined : makeBrightStar(random, star);
  // A subtraction fails by some hundredths of a star's light.
  const mag =
    artifact === "misregistration" && bright !== undefined
      ? Math.min(20, bright.r + random.between(2, 4.5))
      : random.between(brightest, faintest);
  const change: Nature["change"] = (jd) => toFlux(mag + 0.4 * Math.sin(jd * 977));
  const place = random.chance(0.6) ? drawPlace(random) : drawGalactic(random, 15);
  return {
    place,
    change,
    objects: bright === undefined ? [] : [bright],
    redshift: null,
    begin: null,
    artifact,
    peak: { mag, jd: window[0] },
    ...(frequency === 0 ? { once: true as const } : { frequency }),
  };
}

function makeBrightStar(random: Random, { r, distance }: Required<Fault>["star"]): SkyObject {
  const [far, angle] = [random.between(...distance), random.between(0, 2 * Math.PI)];
  return makeStar(random, random.between(...r), { east: far * Math.cos(angle), north: far * Math.sin(angle) });
}

/** Which of the window's exposures shows what is seen once; undefined without any. */
export function chooseOnce(random: Random, exposures: readonly Exposure[]): Exposure | undefined {
  return exposures.length === 0 ? undefined : exposures[random.below(exposures.length)];
}
