import { BtsbotError } from "@btsbot/errors";
import type { FeatureProfile } from "@btsbot/features";
import { nameProfile } from "@btsbot/model";
import type { Model, ModelInput } from "@btsbot/model";

/**
 * Models with the feature profiles that they name, where those are the user's own.
 *
 * @param models - the models
 * @param profiles - the user's profiles
 * @returns the models, in order
 * @throws BtsbotError `profile-mismatch` for a profile that none of them reads: the scores would be those of another
 *
 * @internal
 */
export function giveProfiles(models: readonly Model[], profiles: readonly FeatureProfile[]): Model[] {
  const read = new Set(models.flatMap(({ definition }) => definition.inputs.flatMap(nameOf)));
  const idle = profiles.find(({ name }) => !read.has(name));
  if (idle !== undefined) {
    throw new BtsbotError("profile-mismatch", "no model reads this profile", {
      path: "--profile",
      expected: [...read].join(", ") || "no profile: the models read images alone",
      got: idle.name,
      hint: "A profile is named in the model's definition; btsbot models show tells it.",
    });
  }
  const give = (input: ModelInput): ModelInput =>
    input.kind === "features"
      ? { ...input, profile: profiles.find(({ name }) => name === nameProfile(input.profile)) ?? input.profile }
      : input;
  return models.map((model) => {
    const { definition } = model;
    return { ...model, definition: { ...definition, inputs: definition.inputs.map(give) } };
  });
}

function nameOf(input: ModelInput): string[] {
  return input.kind === "features" ? [nameProfile(input.profile)] : [];
}
