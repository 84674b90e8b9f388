import { historyFeature } from "./historyFeature.js";
import { packetFeature } from "./packetFeature.js";
import type { FeatureProfile } from "./types.js";

/**
 * The 14 features of BTSbot v0.3, the version of the ICML 2023 workshop: no real/bogus score among them.
 * What is computed of the history follows the rules of `btsbot-v1`.
 *
 * Source: nabeelre/BTSbot d3ca754, train_config.json.
 *
 * @example
 * ```ts
 * import { BTSBOT_V0_3 } from "@btsbot/features";
 *
 * BTSBOT_V0_3.features.slice(-2).map(({ name }) => name); // => ["age", "peakmag_so_far"]
 * ```
 */
export const BTSBOT_V0_3: FeatureProfile = {
  name: "btsbot-v0.3",
  source: "nabeelre/BTSbot d3ca754, train_config.json",
  features: [
    packetFeature("sgscore1"),
    packetFeature("distpsnr1"),
    packetFeature("sgscore2"),
    packetFeature("distpsnr2"),
    packetFeature("fwhm"),
    packetFeature("magpsf"),
    packetFeature("sigmapsf"),
    packetFeature("ra"),
    packetFeature("dec"),
    packetFeature("diffmaglim"),
    packetFeature("ndethist"),
    packetFeature("nmtchps"),
    historyFeature("age"),
    historyFeature("peakmag_so_far"),
  ],
};
