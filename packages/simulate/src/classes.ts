import type { ClassInfo } from "./types.js";

/**
 * The classes of simulated sources and their parts of a survey.
 *
 * The parts are those of a training set and not of the sky: as many bright transients as dim ones, and
 * enough of what is rare to learn from. In the training set of Rehemtulla et al. 2024 (ApJ 972, 7, Table
 * 1) a quarter of the sources are bright transients, half are dim ones, a quarter are rejected (bogus,
 * stars, asteroids), and few are AGN and cataclysmic variables, with many alerts each.
 *
 * @example
 * ```ts
 * import { CLASSES } from "@btsbot/simulate";
 *
 * CLASSES.find(({ name }) => name === "TDE")?.kind; // => "transient"
 * ```
 */
export const CLASSES: readonly ClassInfo[] = [
  { name: "SN Ia", kind: "transient", part: 0.2 },
  { name: "SN II", kind: "transient", part: 0.11 },
  { name: "SN Ibc", kind: "transient", part: 0.06 },
  { name: "TDE", kind: "transient", part: 0.03 },
  { name: "AGN", kind: "variable", part: 0.12 },
  { name: "CV", kind: "variable", part: 0.06 },
  { name: "Nova", kind: "variable", part: 0.01 },
  { name: "RR Lyrae", kind: "variable", part: 0.05 },
  { name: "Eclipsing binary", kind: "variable", part: 0.04 },
  { name: "Long-period variable", kind: "variable", part: 0.06 },
  { name: "Young star", kind: "variable", part: 0.04 },
  { name: "Asteroid", kind: "asteroid", part: 0.1 },
  { name: "Bogus: misregistration", kind: "bogus", part: 0.04 },
  { name: "Bogus: cosmic ray", kind: "bogus", part: 0.02 },
  { name: "Bogus: hot column", kind: "bogus", part: 0.02 },
  { name: "Bogus: ghost", kind: "bogus", part: 0.02 },
  { name: "Bogus: saturated star", kind: "bogus", part: 0.02 },
];
