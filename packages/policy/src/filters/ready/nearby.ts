import type { Filter, FilterRule } from "../types.js";
import { LATITUDE } from "./btsProduction.js";
import { all, between, is, POSITIVE, simpleBrightStar } from "./parts.js";

/** What expressions of the pipeline do with a missing number; its first `$match` finds none instead. */
const EXPRESSION = { missing: "lowest" } as const;

/** A negative distnr or magnr, which marks no match, is under the limits too: as it stands in the pipeline. */
const VARIABLE_SOURCE: FilterRule = {
  name: "variablesource",
  any: (
    [
      [0.4, 19],
      [0.8, 17],
      [1.2, 15],
    ] as const
  ).map(([distance, magnitude]) => all(is("distnr", "<", distance), is("magnr", "<", magnitude), is("age", ">", 90))),
};

/**
 * The filters of BTSbot-nearby, without the cuts that need a catalogue of galaxies.
 *
 * @param drb - the least drb, not included
 * @param days - a second detection counts within these
 */
function nearby(name: string, drb: number, days: number, file: string): Filter {
  return {
    name,
    description:
      "The cuts of BTSbot-nearby that need no external catalogue. Left out: the match in NED (distance, redshift, offset, " +
      "kind) and the absolute magnitude that comes from it; so many more alerts pass than in the survey. Its tests for " +
      "moving objects in the history read a field that the pipeline has dropped and never reject. An old source " +
      "(over 90 days) without a match in the reference image is a variable source, since -999 is under every limit, as " +
      "in the pipeline. A missing number of its first stage rejects; later it is less than every number.",
    source: `nabeelre/BTSbot-nearby-utils, ${file}`,
    rule: all(
      is("rb", ">", 0.3),
      is("drb", ">", drb),
      is("magpsf", "<", 99),
      is("ndethist", "<=", 200),
      is("nbad", "<", 5),
      between(0.5, "fwhm", 8),
      POSITIVE,
      { name: "aperture", ...EXPRESSION, ...is({ abs: { minus: ["magpsf", "magap"] } }, "<", 0.75) },
      {
        name: "nopointunderneath",
        any: [is("sgscore1", "<=", 0.76), is("distpsnr1", ">=", 2), is("distpsnr1", "<", 0)],
      },
      {
        name: "norock",
        any: [is("ssdistnr", "<", 0), is("ssdistnr", ">=", 12), is("ssmagnr", "<=", -20), is("ssmagnr", ">=", 20)],
      },
      { ...EXPRESSION, not: VARIABLE_SOURCE },
      { ...EXPRESSION, not: simpleBrightStar((field) => ({ abs: field })) },
      { ...EXPRESSION, ...LATITUDE },
      {
        name: "stationary",
        ...is({ count: { positive: true, daysBefore: { above: 0.007, below: days }, magpsf: { below: 99 } } }, ">=", 1),
      },
      { name: "recentlimit", ...is({ count: { points: "upper-limits", daysBefore: { below: 3.5 } } }, ">=", 1) },
    ),
  };
}

/** @internal */
export const NEARBY_SEDM: Filter = nearby("btsbot-nearby-sedm", 0.7, 5.5, "BTSbot-nearby-SEDM.json");
/** @internal */
export const NEARBY_SWIFT: Filter = nearby("btsbot-nearby-swift", 0.8, 2.5, "BTSbot-nearby-Swift.json");
