import { toLightCurve } from "@btsbot/alert";
import type { Alert } from "@btsbot/alert";
import type { ModelResult, ScoredAlert } from "@btsbot/core";
import { measureStamp, readStamp, toTriplet } from "@btsbot/cutout";
import type { ImagePreprocessing, Stamp, Stamps, Triplet } from "@btsbot/cutout";
import { toSafe } from "@btsbot/errors";
import { extractFeatures, getProfile } from "@btsbot/features";
import { zlibGunzip } from "../../inputs/zlibGunzip.js";
import type { GoldenAlert, GoldenValue } from "./goldenTypes.js";

const PLANES = ["science", "template", "difference"] as const;
const FIELDS = { science: "cutoutScience", template: "cutoutTemplate", difference: "cutoutDifference" } as const;

/**
 * What of an alert goes into a golden file.
 *
 * @internal
 */
export interface GoldenPlan {
  /** Names of feature profiles. */
  readonly profiles: readonly string[];
  /** The triplets to check. */
  readonly triplets: readonly ImagePreprocessing[];
}

/**
 * Makes an alert's line: stamps, triplets, features of each profile from the packet alone, scores.
 *
 * @internal
 */
export function makeGolden(
  alert: Alert,
  { scores }: Pick<ScoredAlert, "scores">,
  { profiles, triplets }: GoldenPlan,
): GoldenAlert {
  const { objectId, candid } = alert;
  const context = { alert, history: toLightCurve(alert) };
  const stamps = Object.fromEntries(PLANES.map((plane) => [plane, readPlane(alert, plane)]));
  return {
    objectId,
    candid: String(candid),
    stamps: mapValues(stamps, (stamp) => stamp && describeStamp(stamp)),
    triplets: Object.fromEntries(
      triplets.map((preprocessing) => [tripletName(preprocessing), checkTriplet(stamps, preprocessing)]),
    ),
    features: Object.fromEntries(
      profiles.map((profile) => {
        const { names, values } = extractFeatures(getProfile(profile), context);
        return [
          profile,
          Object.fromEntries(names.map((name, place) => [name, Number.isNaN(values[place]) ? null : values[place]])),
        ];
      }),
    ),
    scores: mapValues(scores, toValue),
  };
}

/**
 * The name of a triplet in a golden file: `l2-63`.
 *
 * @internal
 */
export function tripletName({ normalization, size }: ImagePreprocessing): string {
  return `${normalization}-${size}`;
}

/**
 * What a triplet's name stands for; undefined where it is none.
 *
 * @internal
 */
export function parseTripletName(name: string): ImagePreprocessing | undefined {
  const [, normalization, digits] = /^(l2|minmax)-(\d{1,2})$/.exec(name) ?? [];
  const size = Number(digits);
  return size >= 1 && size <= 63 ? { normalization: normalization as "l2" | "minmax", size } : undefined;
}

function readPlane(alert: Alert, plane: (typeof PLANES)[number]): Stamp | null {
  const path = FIELDS[plane];
  const stampData = alert[path]?.stampData;
  if (stampData == null) return null;
  const stamp = toSafe(() => readStamp(stampData, { gunzip: zlibGunzip, path }));
  return stamp.success ? stamp.data : null;
}

function describeStamp(stamp: Stamp): GoldenValue {
  const { width, height, nanCount } = measureStamp(stamp);
  return { width, height, nanCount };
}

function checkTriplet(
  { science, template, difference }: Readonly<Record<string, Stamp | null>>,
  preprocessing: ImagePreprocessing,
): GoldenValue {
  if (science === null || template === null || difference === null) return null;
  const stamps: Stamps = { science, template, difference };
  const triplet = toSafe(() => toTriplet(stamps, preprocessing));
  return triplet.success
    ? Object.fromEntries(PLANES.map((plane, channel) => [plane, checkPlane(triplet.data, channel)]))
    : null;
}

/** Enough to see a wrong norm, a wrong place and wrong padding. */
function checkPlane({ size, pixels }: Triplet, channel: number): GoldenValue {
  let sum = 0;
  for (let index = channel; index < pixels.length; index += PLANES.length) sum += pixels[index];
  const middle = Math.floor(size / 2);
  return {
    sum,
    center: pixels[(middle * size + middle) * PLANES.length + channel],
    last: pixels[pixels.length - PLANES.length + channel],
  };
}

function toValue(result: ModelResult): GoldenValue {
  if (result.status === "unscored") return null;
  return result.score ?? result.classes!;
}

function mapValues<T>(record: Readonly<Record<string, T>>, map: (value: T) => GoldenValue): GoldenValue {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
