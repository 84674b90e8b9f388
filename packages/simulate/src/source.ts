import type { Band } from "./exposures.js";
import type { SourceClass } from "./types.js";
import type { EquatorialPosition } from "@btsbot/sky";

/** Arcseconds in a pixel (Dekany et al. 2020). */
export const PIXEL_SCALE = 1.012;

/** Magnitudes in the bands of the PS1 catalogue. */
export interface Magnitudes {
  readonly g: number;
  readonly r: number;
  readonly i: number;
  readonly z: number;
}

/** A star or galaxy of the sky around a source. */
export interface SkyObject extends Magnitudes {
  readonly kind: "star" | "galaxy";
  /** From the source, arcsec to the east and to the north. */
  readonly east: number;
  readonly north: number;
  /** Of a galaxy: Sersic index, effective radius in arcsec, axis ratio, angle of its long axis in radians. */
  readonly sersic?: { readonly index: 1 | 4; readonly radius: number; readonly ratio: number; readonly angle: number };
  /** In the catalogues only: a part of a large galaxy that PS1 took for a source. */
  readonly shred?: true;
}

/** What makes a bogus detection's stamp, where the source is not on the sky. */
export type Artifact = "misregistration" | "cosmic ray" | "hot column" | "ghost" | "saturated star";

/** What a class's maker decides about a source. */
export interface Nature {
  readonly place: EquatorialPosition;
  /** Flux above the template's, where magnitude 25 is 1. */
  readonly change: (jd: number, band: Band) => number;
  /** All objects that the class brings: the host, the star itself. */
  readonly objects: readonly SkyObject[];
  readonly redshift: number | null;
  readonly peak: { readonly mag: number; readonly jd: number };
  /** Days before which nothing can have been detected; null for what has always been there. */
  readonly begin: number | null;
  /** Seen in one exposure and never again at this place. */
  readonly once?: true;
  /** Probability that an exposure shows it, for what is not of the sky. */
  readonly frequency?: number;
  readonly artifact?: Artifact;
  /** The minor planet's number and catalogued magnitude. */
  readonly minorPlanet?: { readonly name: string; readonly magnitude: number };
}

/** A source with all that its alerts need. */
export interface SimulatedSource extends Nature {
  readonly index: number;
  /** How often it was drawn again before it was seen. */
  readonly attempt: number;
  readonly class: SourceClass;
  readonly objectId: string;
  /** What is around, and the class's own objects, nearest first. */
  readonly sky: readonly SkyObject[];
  /** Whether PS1 has been here. */
  readonly inPs1: boolean;
}

/** Flux where magnitude 25 is 1. */
export function toFlux(magnitude: number): number {
  return 10 ** (-0.4 * (magnitude - 25));
}

export function toMagnitude(flux: number): number {
  return 25 - 2.5 * Math.log10(flux);
}

/** Distance from the source, arcsec. */
export function distanceOf({ east, north }: SkyObject): number {
  return Math.hypot(east, north);
}

/**
 * Where something lies from a source, pixels: right ascension and declination both fall along rows and columns, so that
 * the first row on top shows north up and east left.
 *
 * @internal
 */
export function toPixels({ east, north }: { readonly east: number; readonly north: number }): {
  readonly x: number;
  readonly y: number;
} {
  return { x: -east / PIXEL_SCALE, y: -north / PIXEL_SCALE };
}
