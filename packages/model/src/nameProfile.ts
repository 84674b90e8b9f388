import type { GivenProfile } from "./types/definition.js";

/**
 * The name of a feature profile, however it is given.
 *
 * @param profile - the profile
 * @returns its name
 *
 * @example
 * ```ts
 * import { nameProfile } from "@btsbot/model";
 *
 * nameProfile("btsbot-v1"); // => "btsbot-v1"
 * nameProfile({ name: "mine", features: ["ra", "dec"] }); // => "mine"
 * ```
 */
export function nameProfile(profile: GivenProfile): string {
  return typeof profile === "string" ? profile : profile.name;
}
