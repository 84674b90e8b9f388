import { toLightCurve } from "@btsbot/alert";
import type { Alert } from "@btsbot/alert";
import { readStamps, STAMP_SIZE, toTriplet } from "@btsbot/cutout";
import type { ImagePreprocessing, StampPadding, Stamps, Triplet } from "@btsbot/cutout";
import { toReason, toSafe } from "@btsbot/errors";
import type { Reason, SafeResult } from "@btsbot/errors";
import { extractFeatures, getProfile } from "@btsbot/features";
import type { FeatureContext } from "@btsbot/features";
import type { ModelDefinition } from "@btsbot/model";
import type { ComparerOptions } from "./comparisonTypes.js";
import type { StoredHistory } from "./types.js";

/**
 * Systems that pad stamps otherwise than training did, by profile.
 *
 * Source: boom-astro/boom 8ebd463d, src/utils/fits.rs.
 */
const PADDING: Readonly<Record<string, StampPadding>> = { "boom-2025": "centered" };

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
  profiles: readonly string[],
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
  const stamps =
    wanted.length === 0 ? undefined : toSafe(() => readStamps(alert, options.gunzip && { gunzip: options.gunzip }));
  const triplets = new Map<string, SafeResult<Triplet>>();
  const toImage = (preprocessing: ImagePreprocessing): SafeResult<Triplet> => {
    const key = JSON.stringify(preprocessing);
    if (!triplets.has(key)) triplets.set(key, toImageOf(stamps!, preprocessing));
    return triplets.get(key)!;
  };
  return profiles.map((profile) => {
    const { names, values, reasons } = extractFeatures(getProfile(profile), context);
    const images = wanted.map((preprocessing) => toImage(padAs(profile, preprocessing, stamps)));
    return {
      profile,
      names,
      features: values,
      images: images.flatMap((image) => (image.success ? [image.data.pixels] : [])),
      reasons: [...reasons, ...images.flatMap((image) => (image.success ? [] : toReason(image.error)))],
    };
  });
}

function toImageOf(stamps: SafeResult<Stamps>, preprocessing: ImagePreprocessing): SafeResult<Triplet> {
  return stamps.success ? toSafe(() => toTriplet(stamps.data, preprocessing)) : stamps;
}

function padAs(
  profile: string,
  preprocessing: ImagePreprocessing,
  stamps: SafeResult<Stamps> | undefined,
): ImagePreprocessing {
  const padding = PADDING[profile] as StampPadding | undefined;
  if (padding === undefined || preprocessing.normalization !== "l2" || !stamps?.success) return preprocessing;
  const { science, template, difference } = stamps.data;
  const small = [science, template, difference].some(({ width, height }) => width < STAMP_SIZE || height < STAMP_SIZE);
  return small ? { ...preprocessing, padding } : preprocessing;
}
