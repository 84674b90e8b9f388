import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { BtsbotError } from "@btsbot/errors";
import { getProfile, parseProfile, toProfile } from "@btsbot/features";
import type { FeatureProfile } from "@btsbot/features";
import { readForUsage } from "../terminal/UsageError.js";
import { isPath, readDefinition } from "./readDefinition.js";

/** A file that is a program. */
const MODULE = /\.[cm]?js$/i;

/**
 * A feature profile by its name, or from a file: JSON, or a module whose export `profile` it is.
 *
 * @throws BtsbotError `profile-unknown`, `profile-invalid`, `file-unreadable`, `json-invalid`
 *
 * @internal
 */
export async function readProfile(argument: string): Promise<FeatureProfile> {
  if (!isProfileFile(argument)) return getProfile(argument);
  return MODULE.test(argument)
    ? readForUsage(() => importProfile(argument))
    : readDefinition(argument, "the profile", toOwn);
}

/** Names may have a dot, as `btsbot-v0.3` has. */
function isProfileFile(argument: string): boolean {
  return isPath(argument) && !/^[\w-]+\.\d+$/.test(argument);
}

/** The ready ones' names are taken. */
function toOwn(data: unknown): FeatureProfile {
  return toProfile(parseProfile(data));
}

async function importProfile(path: string): Promise<FeatureProfile> {
  const address = pathToFileURL(resolve(path)).href;
  const module = (await import(address).catch((cause: unknown) => {
    const got = cause instanceof Error ? cause.message : String(cause);
    throw new BtsbotError("file-unreadable", "the profile's module cannot be loaded", { path, got, cause });
  })) as { readonly profile?: FeatureProfile };
  if (module.profile === undefined) {
    const got = Object.keys(module).join(", ") || "none";
    throw new BtsbotError("profile-invalid", "the module has no such export", {
      path,
      expected: "an export named profile",
      got,
      hint: "Write: export const profile = { name, features };",
    });
  }
  return toProfile(module.profile);
}
