import { historyFeature } from "./historyFeature.js";
import { packetFeature } from "./packetFeature.js";
import { realBogusFeature } from "./realBogusFeature.js";
import type { FeatureProfile } from "./types.js";

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
    packetFeature("sgscore1"),
    packetFeature("distpsnr1"),
    packetFeature("sgscore2"),
    packetFeature("distpsnr2"),
    packetFeature("fwhm"),
    packetFeature("magpsf"),
    packetFeature("sigmapsf"),
    packetFeature("chipsf"),
    packetFeature("ra"),
    packetFeature("dec"),
    packetFeature("diffmaglim"),
    packetFeature("ndethist"),
    packetFeature("nmtchps"),
    historyFeature("age"),
    historyFeature("days_since_peak"),
    historyFeature("days_to_peak"),
    historyFeature("peakmag_so_far"),
    realBogusFeature("new_drb"),
    packetFeature("ncovhist"),
    historyFeature("nnotdet"),
    packetFeature("chinr"),
    packetFeature("sharpnr"),
    packetFeature("scorr"),
    packetFeature("sky"),
    historyFeature("maxmag_so_far"),
  ],
};
