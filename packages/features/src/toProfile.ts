import { BtsbotError } from "@btsbot/errors";
import { getProfile, PROFILES } from "./getProfile.js";
import { parseProfile } from "./parseProfile.js";
import type { ProfileData } from "./profileData.js";
import type { FeatureProfile } from "./types.js";

/** Data that were parsed: a definition is asked for its profile again and again. */
const parsed = new WeakMap<object, FeatureProfile>();

/**
 * A feature profile in whatever form it is given: as a name, as the profile itself, or as data.
 *
 * @param given - the profile, or its name
 * @param profiles - profiles of your own, among which a name is looked for besides the ready ones
 * @returns the profile
 * @throws BtsbotError `profile-unknown` for a name that there is not, with those that there are; `profile-invalid` for
 * what is not a profile, and for one of your own that has the name of another
 *
 * @example
 * ```ts
 * import { toProfile } from "@btsbot/features";
 *
 * toProfile("btsbot-v1").features.length; // => 25
 * toProfile({ name: "mine", features: ["magpsf", "ra", "dec"] }).features.length; // => 3
 * toProfile("mine", [toProfile({ name: "mine", features: ["magpsf"] })]).features.length; // => 1
 * ```
 */
export function toProfile(
  given: string | FeatureProfile | ProfileData,
  profiles: readonly (FeatureProfile | ProfileData)[] = [],
): FeatureProfile {
  if (typeof given === "string") return getProfile(given, profiles.map(toOwn));
  return toOwn(given);
}

/** The profile itself, checked: a name means one profile. */
function toOwn(given: FeatureProfile | ProfileData): FeatureProfile {
  if (PROFILES.includes(given as FeatureProfile)) return given as FeatureProfile;
  const profile = isReady(given) ? checkReady(given) : parseData(given);
  if (PROFILES.every(({ name }) => name !== profile.name)) return profile;
  throw new BtsbotError("profile-invalid", "a ready profile has this name", {
    path: "name",
    expected: "a name of its own",
    got: profile.name,
  });
}

function parseData(data: FeatureProfile | ProfileData): FeatureProfile {
  if (typeof data !== "object" || data === null) return parseProfile(data);
  let profile = parsed.get(data);
  if (profile === undefined) {
    profile = parseProfile(data);
    parsed.set(data, profile);
  }
  return profile;
}

/** Whether its features have functions, and not data. */
function isReady(given: FeatureProfile | ProfileData): given is FeatureProfile {
  const features: unknown = (given as FeatureProfile | null)?.features;
  return Array.isArray(features) && features.some((feature) => typeof partsOf(feature).value === "function");
}

/** What JavaScript gives may be anything. */
function partsOf(feature: unknown): { readonly name?: unknown; readonly value?: unknown } {
  return feature ?? {};
}

/** JavaScript has no types to notice what is not a feature. */
function checkReady(profile: FeatureProfile): FeatureProfile {
  const { name, features } = profile;
  const isText = typeof name === "string" && name !== "";
  const wrong = features.findIndex(
    (feature) => typeof partsOf(feature).name !== "string" || typeof partsOf(feature).value !== "function",
  );
  const names = new Set(features.map((feature) => feature.name));
  if (isText && wrong === -1 && names.size === features.length) return profile;
  throw new BtsbotError("profile-invalid", "the profile is not valid", {
    path: isText ? (wrong === -1 ? "features" : `features[${wrong}]`) : "name",
    expected: isText
      ? wrong === -1
        ? "a name for each feature"
        : "a feature: a name and a function `value`"
      : "a name",
    got: isText && wrong === -1 ? "the same name twice" : "something else",
  });
}
