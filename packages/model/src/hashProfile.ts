import { hashBytes } from "./hashBytes.js";
import { sortKeys } from "./sortKeys.js";
import type { GivenProfile } from "./types/definition.js";
import { writeProfile } from "./writeProfile.js";

/**
 * SHA-256 of a feature profile that is data: JSON in UTF-8 with the keys of every object sorted, as `hashDefinition`.
 *
 * @param profile - the profile
 * @returns 64 hexadecimal digits; undefined for a name, for a profile that is a program, and where the platform has no
 * Web Crypto (see `hashBytes`)
 *
 * @example
 * ```ts
 * import { hashProfile } from "@btsbot/model";
 *
 * (await hashProfile({ name: "mine", features: ["ra"] }))?.length; // => 64
 * await hashProfile("btsbot-v1"); // => undefined
 * ```
 */
export async function hashProfile(profile: GivenProfile): Promise<string | undefined> {
  const data = writeProfile(profile);
  return typeof data === "string" ? undefined : hashBytes(new TextEncoder().encode(JSON.stringify(data, sortKeys)));
}
