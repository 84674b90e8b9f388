import type { Random } from "@btsbot/chance";
import type { Magnitudes, SkyObject } from "./source.js";

/** Half a side of the square around a source in which its sky is made, arcsec: the stamp and what shines into it. */
const HALF_SIDE = 42;
const ARCSEC_SQUARED = (2 * HALF_SIDE) ** 2 / 3600;
/** Limits of the catalogue that is simulated, r mag. */
const FAINTEST_STAR = 22.6;
const FAINTEST_GALAXY = 23;

/**
 * Stars and galaxies around a place.
 *
 * Stars to r = 22.6 per square arcminute: 0.8 at the Galactic pole, 1.3 at 45 degrees, 5 at 20, 23 at 5, growing by 0.28
 * dex a magnitude: rough, of the order of the counts of Gaia and PS1 (Gaia Collaboration 2018, A&A 616, A1; Chambers et al.
 * 2016, arXiv:1612.05560). Galaxies: 4.5 to r = 23, 0.45 dex a magnitude (Yasuda et al. 2001, AJ 122, 1104).
 */
export function makeSky(random: Random, latitude: number): SkyObject[] {
  const density = 0.8 * Math.exp(4 * (1 - Math.abs(latitude) / 90) ** 3) * Math.exp(random.normal(0, 0.35));
  const stars = Array.from({ length: random.poisson(density * ARCSEC_SQUARED) }, () =>
    makeStar(random, Math.max(9, FAINTEST_STAR + Math.log10(random()) / 0.28), scatter(random)),
  );
  const galaxies = Array.from(
    { length: random.poisson(4.5 * ARCSEC_SQUARED * Math.exp(-10 / (Math.abs(latitude) + 3))) },
    () => {
      const r = Math.max(14, FAINTEST_GALAXY + Math.log10(random()) / 0.45);
      const radius = 0.35 * 10 ** (0.11 * (22 - r)) * Math.exp(random.normal(0, 0.4));
      return makeGalaxy(random, { r, radius, index: random.chance(0.35) ? 4 : 1, ...scatter(random) });
    },
  );
  return [...stars, ...galaxies];
}

function scatter(random: Random): { east: number; north: number } {
  return { east: random.between(-HALF_SIDE, HALF_SIDE), north: random.between(-HALF_SIDE, HALF_SIDE) };
}

/** A star of a given r; colors of the main sequence unless given (Covey et al. 2007, AJ 134, 2398). */
export function makeStar(random: Random, r: number, at: { east: number; north: number }, color?: number): SkyObject {
  const gr = color ?? random.between(0.3, 0.7) + (random.chance(0.45) ? random.between(0.2, 0.8) : 0);
  const ri = gr < 1.1 ? 0.4 * gr : 0.44 + 1.2 * (gr - 1.1);
  return { kind: "star", ...toMagnitudes(r, gr, ri), ...at };
}

interface Galaxy {
  readonly r: number;
  /** Effective radius, arcsec. */
  readonly radius: number;
  readonly index: 1 | 4;
  readonly east: number;
  readonly north: number;
}

/** A galaxy of a given r; colors from blue discs to red ellipticals (Strateva et al. 2001, AJ 122, 1861). */
export function makeGalaxy(random: Random, { r, radius, index, east, north }: Galaxy): SkyObject {
  const gr = index === 4 ? random.normal(0.8, 0.12) : random.normal(0.5, 0.15);
  const ratio = index === 4 ? random.between(0.6, 1) : random.between(0.25, 1);
  const sersic = { index, radius, ratio, angle: random.between(0, Math.PI) };
  return { kind: "galaxy", ...toMagnitudes(r, gr, 0.5 * gr), east, north, sersic };
}

function toMagnitudes(r: number, gr: number, ri: number): Magnitudes {
  return { g: r + gr, r, i: r - ri, z: r - 1.5 * ri };
}
