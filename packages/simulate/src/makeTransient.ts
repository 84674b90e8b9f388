import type { Random } from "@btsbot/chance";
import { drawPeak } from "./drawPeak.js";
import type { Band } from "./exposures.js";
import { magnitudesBelowPeak, SHAPES } from "./lightCurveShapes.js";
import { fromGalactic } from "@btsbot/sky";
import type { EquatorialPosition } from "@btsbot/sky";
import { toFlux } from "./source.js";
import type { Nature, SkyObject } from "./source.js";
import { makeGalaxy } from "./makeSky.js";

type Name = "SN Ia" | "SN II" | "SN Ibc" | "TDE";

interface Kind {
  /** Absolute g magnitude at peak and its scatter. */
  readonly absolute: readonly [mean: number, deviation: number];
  /** g - r at peak, and its scatter. */
  readonly color: readonly [mean: number, deviation: number];
  /** Scatter of the time scale, in ln. */
  readonly stretch: number;
  /** Days from peak in the observer's frame among which the survey's first night falls. */
  readonly phases: readonly [first: number, last: number];
}

/**
 * Absolute magnitudes: Richardson et al. 2014 (AJ 147, 118), Table 1, for supernovae; van Velzen et al. 2021 (ApJ
 * 908, 4) for disruptions. Colors at peak from the works that the light-curve shapes cite.
 */
const KINDS: Readonly<Record<Name, Kind>> = {
  "SN Ia": { absolute: [-19.2, 0.4], color: [-0.03, 0.1], stretch: 0.1, phases: [-14, 70] },
  "SN II": { absolute: [-16.9, 0.9], color: [0.0, 0.12], stretch: 0.12, phases: [-7, 100] },
  "SN Ibc": { absolute: [-17.5, 0.8], color: [0.2, 0.15], stretch: 0.15, phases: [-11, 55] },
  TDE: { absolute: [-19.4, 0.7], color: [-0.2, 0.08], stretch: 0.3, phases: [-28, 110] },
};

/** Peaks brighter than this are what the Bright Transient Survey wants (Perley et al. 2020, ApJ 904, 35). */
export const BRIGHT_PEAK = 18.5;
/** Speed of light over the Hubble constant (70 km/s/Mpc), Mpc, and half of 1 - q0 (flat, matter 0.3). */
const HUBBLE_DISTANCE = 4283;
const DECELERATION = 0.775;
const MPC_MODULUS = 25;
const ARCSEC = 206265;

/** Makes a supernova or tidal disruption event that the survey's window meets. */
export function makeTransient(random: Random, name: Name, window: readonly [number, number]): Nature {
  const { absolute, color, stretch, phases } = KINDS[name];
  const mag = drawPeak(random);
  const modulus = mag - random.normal(...absolute);
  const redshift = toRedshift(modulus);
  const scale = (1 + redshift) * Math.exp(random.normal(0, stretch));
  const peakjd = random.between(...window) - scale * random.between(...phases);
  // Dust in the host reddens; most sight lines have little of it.
  const blueness = random.normal(...color) - 0.08 * Math.log(random());
  const shape = SHAPES[name];
  const change = (jd: number, band: Band): number => {
    const below = magnitudesBelowPeak(shape, band === 1 ? "g" : "r", (jd - peakjd) / scale);
    return below > 12 ? 0 : toFlux(mag + below - (band === 1 ? 0 : blueness) + Math.max(0, blueness));
  };
  const begin = peakjd + shape.phase[0] * scale;
  const objects = makeHost(random, name, modulus, redshift);
  return { place: drawPlace(random), change, objects, redshift, peak: { mag, jd: peakjd }, begin };
}

/** Extragalactic: all over the sky but for the Galaxy's plane. */
export function drawPlace(random: Random, least = 6): EquatorialPosition {
  for (let tries = 0; tries < 200; tries += 1) {
    const latitude = (180 / Math.PI) * Math.asin(random.between(-1, 1));
    if (Math.abs(latitude) < least) continue;
    const place = fromGalactic(random.between(0, 360), latitude);
    if (place.dec > -28) return place;
  }
  return { ra: 180, dec: 30 };
}

/** Luminosity distance D = c/H0 (z + 0.775 z^2) solved for z. */
function toRedshift(modulus: number): number {
  const distance = 10 ** ((modulus - MPC_MODULUS) / 5) / HUBBLE_DISTANCE;
  return (Math.sqrt(1 + 4 * DECELERATION * distance) - 1) / (2 * DECELERATION);
}

/**
 * The host: absolute magnitudes around those of L* (Blanton et al. 2003, ApJ 592, 819), effective radii by
 * luminosity (Shen et al. 2003, MNRAS 343, 978), supernovae offset as far as the light reaches, disruptions
 * in the centre.
 */
function makeHost(random: Random, name: Name, modulus: number, redshift: number): SkyObject[] {
  const nuclear = name === "TDE";
  const absolute = Math.min(-14, nuclear ? random.normal(-19.8, 0.9) : random.normal(-19.8, 1.5));
  const r = absolute + modulus;
  const kiloparsecs = 3.6 * 10 ** (-0.13 * (absolute + 20)) * Math.exp(random.normal(0, 0.3));
  const megaparsecs = (HUBBLE_DISTANCE * (redshift + DECELERATION * redshift ** 2)) / (1 + redshift) ** 2;
  const radius = Math.min(30, (kiloparsecs / 1000 / megaparsecs) * ARCSEC);
  const index = nuclear || (name === "SN Ia" && random.chance(0.4)) ? 4 : 1;
  const distance = nuclear ? Math.abs(random.normal(0, 0.08)) : radius * 0.6 * -Math.log(random() * random());
  const angle = random.between(0, 2 * Math.PI);
  const galaxy = makeGalaxy(random, {
    r,
    radius,
    index,
    east: distance * Math.cos(angle),
    north: distance * Math.sin(angle),
  });
  // A disc's old bulge.
  if (index === 1 && absolute < -18.5) {
    const { shred: _, ...disc } = galaxy;
    return [
      galaxy,
      {
        ...disc,
        ...brighter(galaxy, 1.6),
        sersic: { index: 4, radius: radius * 0.3, ratio: 0.9, angle: 0 },
      },
      ...makeShreds(random, galaxy, radius),
    ];
  }
  return [galaxy, ...makeShreds(random, galaxy, radius)];
}

function brighter({ g, r, i, z }: SkyObject, by: number): Pick<SkyObject, "g" | "r" | "i" | "z"> {
  return { g: g + by + 0.15, r: r + by, i: i + by, z: z + by };
}

/** PS1 took arms and knots of large galaxies for sources. */
function makeShreds(random: Random, host: SkyObject, radius: number): SkyObject[] {
  if (host.r > 18.5 || radius < 2.5) return [];
  const count = random.poisson(Math.min(14, 0.4 * radius));
  return Array.from({ length: count }, () => {
    const [distance, angle] = [radius * 1.3 * Math.sqrt(random()), random.between(0, 2 * Math.PI)];
    const r = Math.min(22.5, host.r + random.between(1, 5));
    return {
      kind: "galaxy",
      g: r + 0.4,
      r,
      i: r - 0.2,
      z: r - 0.3,
      shred: true,
      east: host.east + distance * Math.cos(angle),
      north: host.north + distance * Math.sin(angle),
    };
  });
}
