import type { Filter, FilterRule, Selection } from "../types.js";
import { all, brightStar, is, near, OLD_ON_GAIA, oldOnPs1, POINT_UNDERNEATH, POSITIVE, real } from "./parts.js";

/** The pipeline keeps detections of the last 100 days. */
const DAYS = 100;

const bounded = (field: string, limit: number): FilterRule => is({ abs: field }, "<", limit);
const SAME_BAND: Selection = { sameBand: true, daysBefore: { below: DAYS } };

/** @internal */
export const LATITUDE: FilterRule = { name: "latitude", ...is({ abs: "galacticLatitude" }, ">=", 7) };
/** @internal */
export const BRIGHT: FilterRule = {
  name: "bright",
  any: [
    is("magpsf", "<", 19),
    all(
      { isdiffpos: "positive" },
      is({ count: { daysBefore: { below: 0.75 }, magpsf: { above: 0, below: 19 } } }, ">=", 1),
    ),
  ],
};
/** @internal */
export const STATIONARY: FilterRule = {
  name: "stationary",
  ...is({ count: { positive: true, daysBefore: { above: 0.02, below: DAYS }, magpsf: { below: 99 } } }, ">=", 1),
};
/** @internal */
export const REAL: FilterRule = real(bounded, ["srmag1", "simag1", "sgmag1"]);
/** @internal */
export const BRIGHT_STAR: FilterRule = brightStar(bounded);
/** @internal */
export const ROCK: FilterRule = { name: "rock", all: [near("ssdistnr", 12), is({ abs: "ssmagnr" }, "<", 20)] };
/** @internal */
export const VARIABLE_SOURCE: FilterRule = {
  name: "variablesource",
  any: [
    OLD_ON_GAIA,
    ...oldOnPs1((limit) => is({ brightestOf: ["srmag1", "simag1", "sgmag1", "szmag1"] }, "<", limit)),
    all(
      is("magnr", ">", 0),
      is("magnr", "<", { minus: ["magpsf", 1] }),
      is("age", ">", 90),
      near("distnr", 0.5),
      is("magpsf", ">", { peak: SAME_BAND }),
    ),
  ],
};

/**
 * The BTS filter as the broker's pipeline has it.
 *
 * @internal
 */
export const BTS_PRODUCTION: Filter = {
  name: "bts-production",
  description:
    "The filter of the Bright Transient Survey as the broker's pipeline has it (full version of December 2020), with what " +
    "it in fact does: the first clause of its variablesource, for sources that were bright before, cannot hold, since it " +
    "reads names that its own stage makes, and is left out; a missing number is less than every number, so that an alert " +
    "without drb is not real, and one without its Gaia match is by a bright star. History: 100 days, to the alert.",
  source: "fritz-marshal/fritz, doc/data/filter_examples/fritz_filter_rcf.json",
  rule: {
    missing: "lowest",
    all: [
      LATITUDE,
      BRIGHT,
      { not: POINT_UNDERNEATH },
      POSITIVE,
      REAL,
      STATIONARY,
      { not: BRIGHT_STAR },
      { not: VARIABLE_SOURCE },
      { not: ROCK },
    ],
  },
};
