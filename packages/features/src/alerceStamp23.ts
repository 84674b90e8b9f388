import { ALERCE_STAMP_26 } from "./alerceStamp26.js";
import type { FeatureProfile } from "./types.js";

/** What the deployed network does not read. */
const NOT_DEPLOYED: readonly string[] = ["rb", "distnr", "magnr"];

/**
 * The 23 features of ALeRCE's stamp classifier with 5x5 kernels (the paper's Table 1), which was deployed:
 * those of `alerce-stamp-26` without `rb`, `distnr` and `magnr`.
 *
 * Source: as of `alerce-stamp-26`; staging_model 20200708.
 *
 * @example
 * ```ts
 * import { ALERCE_STAMP_23 } from "@btsbot/features";
 *
 * ALERCE_STAMP_23.features[13].name; // => "classtar"
 * ```
 */
export const ALERCE_STAMP_23: FeatureProfile = {
  name: "alerce-stamp-23",
  source: "Carrasco-Davis et al. 2021, AJ 162, 231, Table 1; alercebroker/pipeline 9a72806, staging_model 20200708",
  features: ALERCE_STAMP_26.features.filter(({ name }) => !NOT_DEPLOYED.includes(name)),
};
