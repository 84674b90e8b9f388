import { computeCustomFeatures } from "./computeCustomFeatures.js";
import type { CustomFeatures, Feature, FeatureContext, FeatureProfile } from "./types.js";

/**
 * The 25 features of BTSbot v1 and v1.0.1, in the order of the network's `metadata` input, by the rules
 * of the training set and under its names: `new_drb` is the real/bogus score (a packet's `drb`) and
 * `nnotdet` the number of non-detections (`nnondet` in the paper and in brokers).
 *
 * The training recomputed `new_drb` by braai d6_m9. From a packet comes `drb`, flagged
 * `drb-from-packet`, and `drb-unversioned` where the packet does not say by which network; a score given
 * in the context replaces it, flagged `drb-given`. Without either, the feature is missing: `rb` never
 * stands in.
 *
 * Source: Rehemtulla et al. 2024, ApJ 972, 7, Table 4; nabeelre/BTSbot, training configuration of v1.0.1.
 *
 * @example
 * ```ts
 * import { BTSBOT_V1 } from "@btsbot/features";
 *
 * BTSBOT_V1.features.length; // => 25
 * BTSBOT_V1.features[17].name; // => "new_drb"
 * ```
 */
export const BTSBOT_V1: FeatureProfile = {
  name: "btsbot-v1",
  source: "Rehemtulla et al. 2024, ApJ 972, 7, Table 4; nabeelre/BTSbot v1.0.1",
  features: [
    measured("sgscore1", "", "star/galaxy score of the nearest PS1 source, 0 galaxy to 1 star"),
    measured("distpsnr1", "arcsec", "distance to the nearest PS1 source"),
    measured("sgscore2", "", "star/galaxy score of the second nearest PS1 source"),
    measured("distpsnr2", "arcsec", "distance to the second nearest PS1 source"),
    measured("fwhm", "pixels", "full width at half maximum of the detection, Gaussian core"),
    measured("magpsf", "mag", "PSF-fit magnitude of the difference"),
    measured("sigmapsf", "mag", "its 1-sigma error"),
    measured("chipsf", "", "reduced chi-square of the PSF fit"),
    measured("ra", "degrees", "right ascension J2000"),
    measured("dec", "degrees", "declination J2000"),
    measured("diffmaglim", "mag", "expected 5-sigma limit of the difference image"),
    measured("ndethist", "count", "detections of the source so far"),
    measured("nmtchps", "count", "PS1 sources within 30 arcsec"),
    custom("age", "days", "from the first detection to this one"),
    custom("days_since_peak", "days", "from the brightest detection to this one"),
    custom("days_to_peak", "days", "from the first detection to the brightest"),
    custom("peakmag_so_far", "mag", "brightest detection so far"),
    realBogus("new_drb"),
    measured("ncovhist", "count", "exposures of the position so far"),
    custom("nnotdet", "count", "exposures of the position without a detection, ncovhist - ndethist", "candidate.ncovhist, candidate.ndethist"),
    measured("chinr", "", "chi of the nearest source in the reference catalog"),
    measured("sharpnr", "", "sharpness of the nearest source in the reference catalog"),
    measured("scorr", "sigma", "peak of the matched-filtered difference"),
    measured("sky", "DN", "local sky background"),
    custom("maxmag_so_far", "mag", "faintest detection so far"),
  ],
};

/** A field of the alert's own detection, as it is. */
function measured(name: string, unit: string, meaning: string): Feature {
  return { name, unit, meaning, path: `candidate.${name}`, value: ({ alert }) => alert.candidate[name] };
}

/** The caller's score, or else the packet's. */
function realBogus(name: string): Feature {
  return {
    name,
    unit: "",
    meaning: "real/bogus score, 0 bogus to 1 real",
    path: "candidate.drb, realBogus",
    range: [0, 1],
    value: (context) => context.realBogus ?? context.alert.candidate.drb,
    flags: (context) => {
      if (context.realBogus != null) return ["drb-given"];
      return context.alert.candidate.drbversion ? ["drb-from-packet"] : ["drb-from-packet", "drb-unversioned"];
    },
  };
}

/** A number of {@link computeCustomFeatures}. */
function custom(
  name: Exclude<keyof CustomFeatures, "flags">,
  unit: string,
  meaning: string,
  path = "candidate.jd, candidate.magpsf",
): Feature {
  const compute = ({ alert, history }: FeatureContext): CustomFeatures => computeCustomFeatures(alert, history);
  const dated = name === "age" || name === "days_to_peak";
  return {
    name,
    unit,
    meaning,
    path,
    value: (context) => compute(context)[name],
    ...(dated && { flags: (context: FeatureContext) => compute(context).flags }),
  };
}
