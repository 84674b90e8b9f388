import { toLightCurve } from "@btsbot/alert";
import type { Alert } from "@btsbot/alert";
import type { ModelResult, ScoredAlert } from "@btsbot/core";
import { DEFAULT_PLANES, measureStamp, readStamp, toTriplet, NORMALIZATIONS } from "@btsbot/cutout";
import type { ImagePreprocessing, Stamp, Stamps, Triplet } from "@btsbot/cutout";
import { toSafe } from "@btsbot/errors";
import { extractFeatures } from "@btsbot/features";
import type { FeatureProfile } from "@btsbot/features";
import { zlibGunzip } from "../../inputs/zlibGunzip.js";
import type { GoldenAlert, GoldenValue } from "./goldenTypes.js";

type Plane = keyof Stamps;

const FIELDS = { science: "cutoutScience", template: "cutoutTemplate", difference: "cutoutDifference" } as const;

/**
 * What of an alert goes into a golden file.
 *
 * @internal
 */
export interface GoldenPlan {
  /** The feature profiles. */
  readonly profiles: readonly FeatureProfile[];
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
  const stamps = Object.fromEntries(DEFAULT_PLANES.map((plane) => [plane, readPlane(alert, plane)]));
  return {
    objectId,
    candid: String(candid),
    stamps: mapValues(stamps, (stamp) => stamp && describeStamp(stamp)),
    triplets: Object.fromEntries(
      triplets.map((preprocessing) => [tripletName(preprocessing), checkTriplet(stamps, preprocessing)]),
    ),
    features: Object.fromEntries(
      profiles.map((profile) => {
        const { names, values } = extractFeatures(profile, context);
        return [
          profile.name,
          Object.fromEntries(names.map((name, place) => [name, Number.isNaN(values[place]) ? null : values[place]])),
        ];
      }),
    ),
    scores: mapValues(scores, toValue),
  };
}

/**
 * The name of a triplet in a golden file: `l2-63`; `l2-21-difference+science` where its planes are not the usual ones.
 *
 * @internal
 */
export function tripletName({ normalization, size, planes }: ImagePreprocessing): string {
  return `${normalization}-${size}${planes === undefined ? "" : `-${planes.join("+")}`}`;
}

/**
 * What a triplet's name stands for; undefined where it is not a triplet's.
 *
 * @internal
 */
export function parseTripletName(name: string): ImagePreprocessing | undefined {
  const [, word, digits, listed] = /^([a-z\d]+)-(\d{1,2})(?:-([a-z+]+))?$/.exec(name) ?? [];
  const normalization = NORMALIZATIONS.find((each) => each === word);
  const size = Number(digits);
  const planes = listed?.split("+") as Plane[] | undefined;
  const isKnown =
    normalization !== undefined &&
    size >= 1 &&
    size <= 63 &&
    (planes ?? []).every((plane) => DEFAULT_PLANES.includes(plane));
  return isKnown ? { normalization, size, ...(planes && { planes }) } : undefined;
}

function readPlane(alert: Alert, plane: Plane): Stamp | null {
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

function checkTriplet(stamps: Readonly<Record<string, Stamp | null>>, preprocessing: ImagePreprocessing): GoldenValue {
  const planes = preprocessing.planes ?? DEFAULT_PLANES;
  if (planes.some((plane) => stamps[plane] === null)) return null;
  const triplet = toSafe(() => toTriplet(stamps as Partial<Stamps>, preprocessing));
  return triplet.success
    ? Object.fromEntries(planes.map((plane, channel) => [plane, checkPlane(triplet.data, channel, planes.length)]))
    : null;
}

/** Enough to see a wrong norm, a wrong place and wrong padding. */
function checkPlane({ size, pixels }: Triplet, channel: number, planes: number): GoldenValue {
  let sum = 0;
  for (let index = channel; index < pixels.length; index += planes) sum += pixels[index];
  const middle = Math.floor(size / 2);
  return {
    sum,
    center: pixels[(middle * size + middle) * planes + channel],
    last: pixels[pixels.length - planes + channel],
  };
}

function toValue(result: ModelResult): GoldenValue {
  if (result.status === "unscored") return null;
  return result.score ?? result.classes;
}

function mapValues<T>(record: Readonly<Record<string, T>>, map: (value: T) => GoldenValue): GoldenValue {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
