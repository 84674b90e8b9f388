export { ACAI } from "./acai.js";
export { ALERCE_STAMP_23 } from "./alerceStamp23.js";
export { ALERCE_STAMP_26 } from "./alerceStamp26.js";
export { BTSBOT_V0_3 } from "./btsbotV03.js";
export { BTSBOT_V1 } from "./btsbotV1.js";
export { computeCustomFeatures } from "./computeCustomFeatures.js";
export { extractFeatures } from "./extractFeatures.js";
export { getProfile, PROFILES } from "./getProfile.js";
export type * from "./types.js";
