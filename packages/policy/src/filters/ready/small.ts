import type { Filter, FilterRule } from "../types.js";
import {
  BRIGHT,
  BRIGHT_STAR,
  BTS_PRODUCTION,
  LATITUDE,
  REAL,
  ROCK,
  STATIONARY,
  VARIABLE_SOURCE,
} from "./btsProduction.js";
import { POINT_UNDERNEATH } from "./parts.js";

/** One check of the production filter, by itself. */
function small(name: string, description: string, rule: FilterRule): Filter {
  const { name: whole, source } = BTS_PRODUCTION;
  return {
    name,
    description: `${description} One check of ${whole}.`,
    ...(source !== undefined && { source }),
    rule: { missing: "lowest", ...rule },
  };
}

/** @internal */
export const SMALL_FILTERS: readonly Filter[] = [
  small("bright", "Brighter than 19 mag, or positive and bright within the last 0.75 d.", BRIGHT),
  small("galactic-latitude", "At least 7 degrees from the Galactic plane.", LATITUDE),
  small("real-bogus", "A real detection by rb and drb, more strictly on bright catalogued sources.", REAL),
  small("stationary", "Another positive detection more than 0.02 d before: not a moving object.", STATIONARY),
  small("not-asteroid", "No known solar-system object brighter than 20 mag within 12 arcsec.", { not: ROCK }),
  small("not-bright-star", "No very bright star near.", { not: BRIGHT_STAR }),
  small("not-point-source", "No point-like source underneath.", { not: POINT_UNDERNEATH }),
  small("not-variable", "Not an old source on a catalogued star or fading on a brighter source.", {
    not: VARIABLE_SOURCE,
  }),
];
