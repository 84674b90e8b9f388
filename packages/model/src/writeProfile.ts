import type { ProfileData } from "@btsbot/features";
import type { GivenProfile } from "./types/definition.js";

/**
 * A feature profile as a file, a hash or another thread can have it: its name, or the data that it is made of. A profile
 * that is a program is known by its name alone, and is given again by whoever scores with it.
 *
 * @param profile - the profile
 * @returns the name, or the data
 *
 * @example
 * ```ts
 * import { BTSBOT_V1, parseProfile } from "@btsbot/features";
 * import { writeProfile } from "@btsbot/model";
 *
 * writeProfile("btsbot-v1"); // => "btsbot-v1"
 * writeProfile(parseProfile({ name: "mine", features: ["ra", "dec"] })); // => { name: "mine", features: ["ra", "dec"] }
 * writeProfile(BTSBOT_V1); // => "btsbot-v1"
 * ```
 */
export function writeProfile(profile: GivenProfile): string | ProfileData {
  if (typeof profile === "string") return profile;
  if ("data" in profile && profile.data !== undefined) return profile.data;
  // What is not a profile at all is for whoever reads it to refuse.
  const features: unknown = profile.features;
  return Array.isArray(features) && features.some(isProgram) ? profile.name : profile;
}

function isProgram(feature: unknown): boolean {
  return typeof feature === "object" && feature !== null && "value" in feature;
}
