import type { Filter, FilterRule, Selection } from "../types.js";
import {
  all,
  any,
  between,
  brightStar,
  is,
  near,
  OLD_ON_GAIA,
  oldOnPs1,
  POINT_UNDERNEATH,
  POSITIVE,
  real,
} from "./parts.js";

/** Earlier positive detections in the alert's band. */
const EARLIER: Selection = { positive: true, sameBand: true, daysBefore: { above: 0 } };
/** The published code counts every point that the packet has. */
const EARLIER_BRIGHT: Selection = { ...EARLIER, magpsf: { below: 19 }, countedBy: "candids" };

const bounded = (field: string, limit: number): FilterRule => between(0, field, limit);
const atMax = is("magpsf", "<=", { peak: EARLIER });

/** Has passed 19 mag before, does not rise under 18.5, and lies on a source of the reference image. */
const PASSED_BEFORE: FilterRule = all(
  is("age", ">", 90),
  any(is({ count: EARLIER_BRIGHT }, ">=", 2), all(is("age", ">", 360), is({ count: EARLIER_BRIGHT }, ">=", 1))),
  { not: all(atMax, is("magpsf", "<", 18.5)) },
  is("magnr", ">", 0),
  any(
    all(near("distnr", 0.4), is("magnr", "<", 19.5)),
    all(near("distnr", 0.8), is("magnr", "<", 17.5)),
    all(near("distnr", 1.2), is("magnr", "<", 15.5)),
  ),
);

/** Fainter by a magnitude than the source under it, and fading. */
const FADING: FilterRule = all(
  is("magnr", ">", 0),
  is("magnr", "<", { minus: ["magpsf", 1] }),
  is("age", ">", 90),
  near("distnr", 0.5),
  { not: atMax },
);

/**
 * The BTS filter as its author has it in Python.
 *
 * @internal
 */
export const BTS_2020: Filter = {
  name: "bts-2020",
  description:
    "The filter of the Bright Transient Survey as its author's Python has it (in operation from 2020-07-10). " +
    "A missing number never rejects here unless the filter asks for it to be there; the Python would stop at it. " +
    "A solar-system match of unknown magnitude (-999) counts as bright. It saw the 30 days of the packet: a longer " +
    "history given finds more earlier detections.",
  source: "dperley/ztf-bts-filters, rcf2020.py",
  rule: all(
    { name: "latitude", not: is({ abs: "galacticLatitude" }, "<", 7) },
    {
      name: "bright",
      any: [
        is("magpsf", "<", 19),
        is({ count: { positive: true, daysBefore: { below: 0.75 }, magpsf: { below: 19 } } }, ">=", 1),
      ],
    },
    { not: POINT_UNDERNEATH },
    {
      name: "stationary",
      ...is({ count: { positive: true, daysBefore: { above: 0.02 }, magpsf: { below: 99 } } }, ">=", 1),
    },
    real(bounded, ["srmag1", "simag1", "sgmag1", "szmag1"]),
    POSITIVE,
    { not: brightStar(bounded) },
    { not: { name: "rock", all: [near("ssdistnr", 12), is("ssmagnr", "<", 20)] } },
    {
      not: {
        name: "variablesource",
        any: [
          PASSED_BEFORE,
          OLD_ON_GAIA,
          // The Python starts from r: without it, there is no brightest magnitude.
          ...oldOnPs1((limit) =>
            all(is("srmag1", ">", 0), is({ brightestOf: ["srmag1", "simag1", "sgmag1", "szmag1"] }, "<", limit)),
          ),
          FADING,
        ],
      },
    },
  ),
};
