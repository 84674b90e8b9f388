import { applyPadding, DEFAULT_PLANES, STAMP_SIZE, NORMALIZATIONS } from "@btsbot/cutout";
import type { ImagePreprocessing } from "@btsbot/cutout";
import { BtsbotError } from "@btsbot/errors";
import { toProfile } from "@btsbot/features";
import type { FeatureProfile, ProfileData } from "@btsbot/features";
import { hashProfile } from "@btsbot/model";
import type { FeaturesInput, ImageInput, ModelDefinition } from "@btsbot/model";

/**
 * By what an input of a network is made of an alert.
 *
 * @internal
 */
export type FoundInput =
  | { readonly kind: "image"; readonly preprocessing: ImagePreprocessing }
  | { readonly kind: "features"; readonly profile: FeatureProfile; readonly sha256: string | undefined };

/**
 * Finds by what a model's inputs are made: its profiles, and what they do to stamps.
 *
 * @throws BtsbotError `profile-unknown`, `profile-invalid`; `model-invalid` for a profile of another length than the input,
 * which would get zeros for the others, and for an image that cannot be made of stamps
 *
 * @internal
 */
export async function findInputs(
  definition: ModelDefinition,
  profiles: readonly (FeatureProfile | ProfileData)[] = [],
): Promise<FoundInput[]> {
  const found = await Promise.all(
    definition.inputs.map(async (input): Promise<FoundInput> => {
      if (input.kind === "image") {
        checkImage(definition, input);
        return { kind: "image", preprocessing: input.preprocessing };
      }
      const profile = findProfile(definition, input, profiles);
      return { kind: "features", profile, sha256: await hashProfile(profile) };
    }),
  );
  const padding = found.find((input) => input.kind === "features")?.profile.stamps?.padding;
  return found.map((input) =>
    input.kind === "image" ? { kind: "image", preprocessing: applyPadding(input.preprocessing, padding) } : input,
  );
}

/**
 * The profile of an input, which has as many features as the network reads.
 *
 * @internal
 */
export function findProfile(
  { name }: ModelDefinition,
  { name: input, profile: given, length: wanted }: FeaturesInput,
  profiles: readonly (FeatureProfile | ProfileData)[] = [],
): FeatureProfile {
  const profile = toProfile(given, profiles);
  const { length } = profile.features;
  if (length === wanted) return profile;
  throw new BtsbotError("model-invalid", `the input does not have the length of profile ${profile.name}`, {
    path: `${name}.${input}`,
    expected: String(length),
    got: String(wanted),
  });
}

/** A definition is data that somebody wrote: what no image can be made by is refused before an alert is blamed for it. */
function checkImage({ name: model }: ModelDefinition, { name, preprocessing }: ImageInput): void {
  const { size, normalization, planes = DEFAULT_PLANES } = preprocessing;
  const known: readonly string[] = DEFAULT_PLANES;
  const rules: readonly (readonly [isFine: boolean, field: string, expected: string, got: unknown])[] = [
    [Number.isInteger(size) && size >= 1 && size <= STAMP_SIZE, "size", `1 to ${STAMP_SIZE} pixels`, size],
    [NORMALIZATIONS.includes(normalization), "normalization", NORMALIZATIONS.join(" or "), normalization],
    [
      Array.isArray(planes) &&
        planes.length > 0 &&
        new Set(planes).size === planes.length &&
        planes.every((plane: string) => known.includes(plane)),
      "planes",
      `some of ${known.join(", ")}, each once`,
      planes,
    ],
  ];
  const broken = rules.find(([isFine]) => !isFine);
  if (broken === undefined) return;
  const [, field, expected, got] = broken;
  throw new BtsbotError("model-invalid", "no such image can be made of an alert's stamps", {
    path: `${model}.${name}.preprocessing.${field}`,
    expected,
    got: String(got),
  });
}
