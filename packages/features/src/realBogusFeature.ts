import { FEATURE_RANGES } from "./featureRanges.js";
import type { Feature } from "./types.js";

/**
 * The real/bogus score: the caller's, or else the packet's `drb`.
 *
 * @internal
 */
export function realBogusFeature(name: string): Feature {
  return {
    name,
    unit: "",
    meaning: "real/bogus score, 0 bogus to 1 real",
    path: "candidate.drb, realBogus",
    range: FEATURE_RANGES.realBogus,
    value: (context) => context.realBogus ?? context.alert.candidate.drb,
    flags: (context) => {
      if (context.realBogus != null) return ["drb-given"];
      return context.alert.candidate.drbversion ? ["drb-from-packet"] : ["drb-from-packet", "drb-unversioned"];
    },
  };
}
