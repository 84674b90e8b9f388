import { BtsbotError, nearestName } from "@btsbot/errors";
import { ACAI } from "./acai.js";
import { ALERCE_STAMP_23 } from "./alerceStamp23.js";
import { ALERCE_STAMP_26 } from "./alerceStamp26.js";
import { BOOM_2025 } from "./boom2025.js";
import { BOOM_2026 } from "./boom2026.js";
import { BTSBOT_V0_3 } from "./btsbotV03.js";
import { BTSBOT_V1 } from "./btsbotV1.js";
import { KOWALSKI } from "./kowalski.js";
import type { FeatureProfile } from "./types.js";

/** The profiles that have a name here. */
export const PROFILES: readonly FeatureProfile[] = [
  BTSBOT_V1,
  BTSBOT_V0_3,
  ACAI,
  ALERCE_STAMP_26,
  ALERCE_STAMP_23,
  KOWALSKI,
  BOOM_2025,
  BOOM_2026,
];

/**
 * Finds a feature profile by its name, as model definitions give it.
 *
 * @param name - such as `"btsbot-v1"`
 * @param profiles - profiles of your own, besides the ready ones; none by default
 * @returns the profile
 * @throws BtsbotError `profile-unknown`, which lists the names that there are; `profile-invalid` where two profiles of
 * your own have this name
 *
 * @example
 * ```ts
 * import { getProfile } from "@btsbot/features";
 *
 * getProfile("btsbot-v1").features[0].name; // => "sgscore1"
 * ```
 */
export function getProfile(name: string, profiles: readonly FeatureProfile[] = []): FeatureProfile {
  const own = new Set(profiles.filter((candidate) => candidate.name === name));
  if (own.size > 1)
    throw new BtsbotError("profile-invalid", "two profiles have this name", {
      path: "profiles",
      expected: "a name for each profile",
      got: name,
    });
  const [profile] = own.size > 0 ? own : PROFILES.filter((candidate) => candidate.name === name);
  if (profile !== undefined) return profile;
  const known = [...profiles, ...PROFILES].map((each) => each.name);
  const near = nearestName(String(name), known);
  throw new BtsbotError("profile-unknown", "no feature profile has this name", {
    expected: known.join(", "),
    got: name,
    ...(near !== undefined && { hint: `Did you mean ${JSON.stringify(near)}?` }),
  });
}
