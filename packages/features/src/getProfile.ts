import { BtsbotError } from "@btsbot/errors";
import { ACAI } from "./acai.js";
import { ALERCE_STAMP_23 } from "./alerceStamp23.js";
import { ALERCE_STAMP_26 } from "./alerceStamp26.js";
import { BOOM_2025 } from "./boom2025.js";
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
];

/**
 * Finds a feature profile by its name, as model definitions give it.
 *
 * @param name - such as `"btsbot-v1"`
 * @returns the profile
 * @throws BtsbotError `profile-unknown`, which lists the names that there are
 *
 * @example
 * ```ts
 * import { getProfile } from "@btsbot/features";
 *
 * getProfile("btsbot-v1").features[0].name; // => "sgscore1"
 * ```
 */
export function getProfile(name: string): FeatureProfile {
  const profile = PROFILES.find((candidate) => candidate.name === name);
  if (profile !== undefined) return profile;
  throw new BtsbotError("profile-unknown", "no feature profile has this name", {
    expected: PROFILES.map((known) => known.name).join(", "),
    got: name,
  });
}
