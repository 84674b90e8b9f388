import { toLightCurve } from "@btsbot/alert";
import type { Alert } from "@btsbot/alert";
import { applyPadding, DEFAULT_PLANES, readStamps, STAMP_SIZE, toTriplet } from "@btsbot/cutout";
import type { ImagePreprocessing, Stamps, Triplet } from "@btsbot/cutout";
import { toReason, toSafe } from "@btsbot/errors";
import type { Reason, SafeResult } from "@btsbot/errors";
import { extractFeatures, judgeSurvey } from "@btsbot/features";
import type { FeatureContext, FeatureProfile } from "@btsbot/features";
import type { ModelDefinition } from "@btsbot/model";
import type { ComparerOptions } from "./comparisonTypes.js";
import type { StoredHistory } from "./types.js";

/**
 * The numbers that one alert gives a network under one profile.
 *
 * @internal
 */
export interface Variant {
  readonly profile: string;
  readonly names: readonly string[];
  readonly features: Float64Array;
  /** One for each image input, in order; empty where there are reasons. */
  readonly images: readonly Float32Array[];
  readonly reasons: readonly Reason[];
}

/**
 * The inputs of an alert under several profiles: its stamps are unpacked once, and made into a second
 * triplet only where a system pads otherwise and a stamp is small enough for that to show.
 *
 * @internal
 */
export function makeVariants(
  definition: ModelDefinition,
  profiles: readonly FeatureProfile[],
  alert: Alert,
  stored: StoredHistory | undefined,
  options: Pick<ComparerOptions, "gunzip" | "realBogus">,
): Variant[] {
  const realBogus = options.realBogus?.(alert);
  const context: FeatureContext = {
    alert,
    history: toLightCurve(alert, stored),
    ...(realBogus !== undefined && { realBogus }),
  };
  const wanted = definition.inputs.flatMap((input) => (input.kind === "image" ? [input.preprocessing] : []));
  const planes = [...new Set(wanted.flatMap((image) => image.planes ?? DEFAULT_PLANES))];
  const read = { planes, ...(options.gunzip && { gunzip: options.gunzip }) };
  const stamps = planes.length === 0 ? undefined : toSafe(() => readStamps(alert, read));
  const triplets = new Map<string, SafeResult<Triplet>>();
  const toImage = (preprocessing: ImagePreprocessing): SafeResult<Triplet> => {
    const key = JSON.stringify(preprocessing);
    if (!triplets.has(key)) triplets.set(key, toImageOf(stamps!, preprocessing));
    return triplets.get(key)!;
  };
  return profiles.map((profile) => {
    const { names, values, reasons } = extractFeatures(profile, context);
    if (judgeSurvey(alert, profile.survey).length > 0)
      return { profile: profile.name, names, features: values, images: [], reasons };
    const images = wanted.map((preprocessing) => toImage(padAs(profile, preprocessing, stamps)));
    return {
      profile: profile.name,
      names,
      features: values,
      images: images.flatMap((image) => (image.success ? [image.data.pixels] : [])),
      reasons: [...reasons, ...images.flatMap((image) => (image.success ? [] : toReason(image.error)))],
    };
  });
}

function toImageOf(stamps: SafeResult<Partial<Stamps>>, preprocessing: ImagePreprocessing): SafeResult<Triplet> {
  return stamps.success ? toSafe(() => toTriplet(stamps.data, preprocessing)) : stamps;
}

/** By the profile's rule for stamps, if one of them is so small that it shows. */
function padAs(
  profile: FeatureProfile,
  preprocessing: ImagePreprocessing,
  stamps: SafeResult<Partial<Stamps>> | undefined,
): ImagePreprocessing {
  if (!stamps?.success) return preprocessing;
  const small = Object.values(stamps.data).some(({ width, height }) => width < STAMP_SIZE || height < STAMP_SIZE);
  return small ? applyPadding(preprocessing, profile.stamps?.padding) : preprocessing;
}
