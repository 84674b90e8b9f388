export { BTSBOT_V1 } from "./btsbotV1.js";
export { computeCustomFeatures } from "./computeCustomFeatures.js";
export { extractFeatures } from "./extractFeatures.js";
export { getProfile, PROFILES } from "./getProfile.js";
export type * from "./types.js";
