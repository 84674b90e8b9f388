import { FEATURE_RANGES } from "./featureRanges.js";
import type { Feature } from "./types.js";

/**
 * The real/bogus score: the caller's, or else the packet's `drb`; flagged `drb-given`, `drb-from-packet`, and
 * `drb-unversioned` where the packet does not say by which network. Outside 0 to 1 it is refused.
 *
 * @param name - the feature's name in the training set
 * @returns the feature, which a real/bogus score that is given takes the place of
 *
 * @example
 * ```ts
 * import { realBogusFeature } from "@btsbot/features";
 *
 * realBogusFeature("new_drb").realBogus; // => true
 * ```
 */
export function realBogusFeature(name: string): Feature {
  return {
    name,
    unit: "",
    meaning: "real/bogus score, 0 bogus to 1 real",
    path: "candidate.drb, realBogus",
    realBogus: true,
    range: FEATURE_RANGES.realBogus,
    value: (context) => context.realBogus ?? context.alert.candidate.drb,
    flags: (context) => {
      if (context.realBogus != null) return ["drb-given"];
      return context.alert.candidate.drbversion ? ["drb-from-packet"] : ["drb-from-packet", "drb-unversioned"];
    },
  };
}
