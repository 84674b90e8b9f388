import type { ScorerOptions } from "@btsbot/core";
import { BtsbotError } from "@btsbot/errors";
import type { Platform } from "@btsbot/errors";
import type { ProfileData } from "@btsbot/features";
import { DEFAULT_MODEL, loadDefaultModel, writeProfile } from "@btsbot/model";
import type { GivenProfile, Model, ModelDefinition, ModelStore } from "@btsbot/model";
import { packReading } from "./sentReading.js";
import type { SentReading } from "./sentReading.js";
import type { PoolOptions } from "./types.js";

/** The engine has two images at hand in any case; what more alerts hold is alive, and copied, when V8 clears away. */
const TOGETHER = 2;

/**
 * What a worker is sent: the options of its scorer, and the addresses of modules with profiles.
 *
 * @internal
 */
export interface SentOptions extends Omit<ScorerOptions, "profiles" | "read"> {
  readonly reading?: SentReading;
  readonly profiles?: readonly ProfileData[];
  /** Each module's export `profile` is one more. */
  readonly profileModules?: readonly string[];
  /** The module whose export `describe` says what else comes back of an alert. */
  readonly describeModule?: string;
  /** The profiles that a comparer compares with the model's own; without it, a scorer scores. */
  readonly compared?: readonly SentProfile[];
}

/**
 * A profile on its way: its name, its data, or the address of a module whose export `profile` it is.
 *
 * @internal
 */
export type SentProfile = string | ProfileData | { readonly module: string };

/**
 * The options of each worker's scorer: models in place of names, since a store cannot be sent, and profiles as data.
 *
 * @throws BtsbotError `profile-invalid` for a profile that is a program
 *
 * @internal
 */
export async function toSendable({
  models,
  store,
  read,
  realBogus,
  profiles = [],
  describe,
  batchSize = TOGETHER,
}: PoolOptions): Promise<SentOptions> {
  const asked = models === "all" ? ((await store?.names?.()) ?? models) : models;
  const found =
    asked === "all"
      ? asked
      : await Promise.all(
          [asked ?? DEFAULT_MODEL].flat().map((model) => load(model, asked === undefined ? undefined : store)),
        );
  // braai is a name as any other here; the scorer's own short form is left to the scorer.
  const judge =
    typeof realBogus === "string" && realBogus !== "packet"
      ? await load(realBogus === "braai" ? "braai_d6_m9" : realBogus, store)
      : realBogus;
  const data = profiles.flatMap((profile) => (profile instanceof URL ? [] : [toData(profile)]));
  const modules = profiles.flatMap((profile) => (profile instanceof URL ? [profile.href] : []));
  const reading = read && packReading(read);
  return {
    models: found,
    batchSize,
    ...(reading && { reading }),
    ...(judge !== undefined && { realBogus: judge }),
    ...(data.length > 0 && { profiles: data }),
    ...(modules.length > 0 && { profileModules: modules }),
    ...(describe && { describeModule: describe.href }),
  };
}

/**
 * Makes what can be sent of a profile, however it is given.
 *
 * @throws BtsbotError `profile-invalid` for one that is a program
 *
 * @internal
 */
export function toSentProfile(profile: GivenProfile | Platform<"URL">): SentProfile {
  if (typeof profile === "string") return profile;
  return profile instanceof URL ? { module: profile.href } : toData(profile);
}

/**
 * The model that ships is sent too, so that its weights need not be in a worker's program. Another name stays one where no
 * store is given: the worker's scorer says what is missing.
 */
async function load(model: Model | string, store: ModelStore | undefined): Promise<Model | string> {
  if (typeof model === "string" && store === undefined) return model === DEFAULT_MODEL ? loadDefaultModel() : model;
  const found = typeof model === "string" ? await store!.load(model) : model;
  const { definition } = found;
  // What is not a model is for the worker's scorer to refuse.
  if (!Array.isArray((definition as Partial<ModelDefinition> | undefined)?.inputs)) return found;
  const inputs = definition.inputs.map((input) =>
    input.kind === "features" && typeof input.profile !== "string"
      ? { ...input, profile: toData(input.profile) }
      : input,
  );
  return { ...found, definition: { ...definition, inputs } };
}

/** A profile as data: a function cannot be sent to a worker. */
function toData(profile: Exclude<GivenProfile, string>): ProfileData {
  const data = writeProfile(profile);
  if (typeof data !== "string") return data;
  throw new BtsbotError("profile-invalid", "a profile of functions cannot be sent to a worker", {
    path: "profiles",
    expected: "a profile as data, or the address of a module",
    got: data,
    hint: 'Give `new URL("./profile.js", import.meta.url)` in its place, a module that exports it as `profile`, and name it in the model\'s definition; or write it as data (parseProfile of @btsbot/features).',
  });
}
