import { applyPadding, DEFAULT_PLANES, MAX_SIDE, STAMP_SIZE, NORMALIZATIONS } from "@btsbot/cutout";
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
 * @throws BtsbotError `profile-unknown`, `profile-invalid`; `model-invalid` for a profile whose length is not the input's,
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
      if (input.kind === "image") return { kind: "image", preprocessing: input.preprocessing };
      const profile = findProfile(definition, input, profiles);
      return { kind: "features", profile, sha256: await hashProfile(profile) };
    }),
  );
  const padding = found.find((input) => input.kind === "features")?.profile.stamps?.padding;
  const survey = findSurvey(definition, found);
  return found.map((input, place) => {
    if (input.kind !== "image") return input;
    const preprocessing = fitSurvey(applyPadding(input.preprocessing, padding), survey);
    checkImage(definition, { ...(definition.inputs[place] as ImageInput), preprocessing });
    return { kind: "image", preprocessing };
  });
}

/**
 * The survey whose alerts a model reads: its profile's, or the definition's where it reads none; undefined for ZTF.
 *
 * @throws BtsbotError `model-invalid` for a definition that says another than its profile
 *
 * @internal
 */
export function findSurvey({ name, survey }: ModelDefinition, inputs: readonly FoundInput[]): string | undefined {
  const surveys = inputs.flatMap((input) => (input.kind === "features" ? [input.profile.survey ?? "ztf"] : []));
  const [wanted = "ztf"] = [...(survey === undefined ? [] : [survey]), ...surveys];
  const other = surveys.find((each) => each !== wanted);
  if (other === undefined) return wanted === "ztf" ? undefined : wanted;
  throw new BtsbotError("model-invalid", "the model and its profile are for different surveys", {
    path: `${name}.survey`,
    expected: wanted,
    got: other,
    hint: "Say `survey` in the profile.",
  });
}

/** Stamps of surveys other than ZTF have any size. */
function fitSurvey(preprocessing: ImagePreprocessing, survey: string | undefined): ImagePreprocessing {
  return survey === undefined || preprocessing.anySize !== undefined
    ? preprocessing
    : { ...preprocessing, anySize: true };
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
  const { size, normalization, planes = DEFAULT_PLANES, anySize = false } = preprocessing;
  const most = anySize ? MAX_SIDE : STAMP_SIZE;
  const known: readonly string[] = DEFAULT_PLANES;
  const rules: readonly (readonly [isFine: boolean, field: string, expected: string, got: unknown])[] = [
    [Number.isInteger(size) && size >= 1 && size <= most, "size", `1 to ${most} pixels`, size],
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
