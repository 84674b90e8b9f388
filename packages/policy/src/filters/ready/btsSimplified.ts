import type { Filter } from "../types.js";
import { BRIGHT, LATITUDE, ROCK, STATIONARY } from "./btsProduction.js";
import { is, POSITIVE, simpleBrightStar } from "./parts.js";

/**
 * The BTS filter that the guide of Fritz explains.
 *
 * @internal
 */
export const BTS_SIMPLIFIED: Filter = {
  name: "bts-simplified",
  description:
    "The BTS filter as the guide of Fritz simplifies it to explain filters, by the file that it offers; the text of the " +
    "guide lacks an $anyElementTrue, without which bright holds for every alert. Its variablesource is computed and " +
    "never asked for, and is left out. A source with sgscore1 of exactly 0.5 within 0.5 arcsec is by a bright star also " +
    "if a magnitude is -999, as in the file. A missing number is less than every number.",
  source: "fritz-marshal/fritz, doc/fritz/data/filter_examples/fritz_filter_rcf_simple.json",
  rule: {
    missing: "lowest",
    all: [
      LATITUDE,
      BRIGHT,
      { not: { name: "pointunderneath", all: [is("sgscore1", ">", 0.76), is("distpsnr1", "<", 2)] } },
      POSITIVE,
      { name: "real", ...is("drb", ">", 0.5) },
      STATIONARY,
      { not: simpleBrightStar((field) => field) },
      { not: ROCK },
    ],
  },
};
