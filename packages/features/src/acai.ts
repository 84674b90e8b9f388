import { packetFeature } from "./packetFeature.js";
import { realBogusFeature } from "./realBogusFeature.js";
import type { FeatureProfile } from "./types.js";

/**
 * The 25 features of the five ACAI classifiers: fields of the packet as they are, without scaling. A
 * real/bogus score given in the context replaces `drb`; what it was is flagged as in `btsbot-v1`.
 *
 * Source: Duev and van der Walt 2021, arXiv:2111.12142; dmitryduev/acai 1f6158ac.
 *
 * @example
 * ```ts
 * import { ACAI } from "@btsbot/features";
 *
 * ACAI.features.length; // => 25
 * ACAI.features[0].name; // => "drb"
 * ```
 */
export const ACAI: FeatureProfile = {
  name: "acai",
  source: "Duev and van der Walt 2021, arXiv:2111.12142; dmitryduev/acai 1f6158ac",
  features: [
    realBogusFeature("drb"),
    packetFeature("diffmaglim"),
    packetFeature("ra"),
    packetFeature("dec"),
    packetFeature("magpsf"),
    packetFeature("sigmapsf"),
    packetFeature("chipsf"),
    packetFeature("fwhm"),
    packetFeature("sky"),
    packetFeature("chinr"),
    packetFeature("sharpnr"),
    packetFeature("sgscore1"),
    packetFeature("distpsnr1"),
    packetFeature("sgscore2"),
    packetFeature("distpsnr2"),
    packetFeature("sgscore3"),
    packetFeature("distpsnr3"),
    packetFeature("ndethist"),
    packetFeature("ncovhist"),
    packetFeature("scorr"),
    packetFeature("nmtchps"),
    packetFeature("clrcoeff"),
    packetFeature("clrcounc"),
    packetFeature("neargaia"),
    packetFeature("neargaiabright"),
  ],
};
