import type { JsonValue, Payload } from "./types.js";

/**
 * Keys under which forms name filters: `observation_choices` of KAIT, LCO, SEDM and SkyPortal's generic facility
 * (skyportal/skyportal, facility_apis), the others of forms of your own.
 */
const FILTER_KEYS = ["observation_choices", "filters", "filter"] as const;
/** Keys under which forms say whether they ask for images or spectra (as above). */
const KIND_KEYS = ["observation_type", "observation_mode"] as const;
/** What their values say; of LCO's modes (NORMAL, RAPID_RESPONSE) and KAIT's types (long, short) nothing. */
const KINDS: readonly (readonly [kind: string, words: RegExp])[] = [
  ["spectra", /spec|ifu|grism|grating/i],
  ["images", /imag|phot|shot/i],
];

/**
 * What an observation is: through which filters, images or spectra. How long an exposure takes is not of it
 * (`exposure_time`, `exposure_counts`, KAIT's long and short): the same filters again are the same observation, deeper or
 * not, and who wants the deeper one besides asks for it by hand.
 *
 * @internal
 */
export interface AskedExposures {
  /** In lower case; undefined where the form does not say. */
  readonly filters: readonly string[] | undefined;
  readonly kinds: readonly string[];
}

/**
 * The exposures that a form names, of any facility.
 *
 * @param payload - a form
 *
 * @internal
 */
export function exposuresOf(payload: Payload): AskedExposures {
  const named = FILTER_KEYS.filter((key) => Object.hasOwn(payload, key)).map((key) => namesOf(payload[key]));
  const filters = named.every((names) => names !== undefined) ? named.flat() : [];
  const texts = KIND_KEYS.map((key) => payload[key]).filter((value) => typeof value === "string");
  const kinds = KINDS.filter(([, words]) => texts.some((text) => words.test(text))).map(([kind]) => kind);
  return { filters: filters.length > 0 ? filters : undefined, kinds };
}

/**
 * Whether both say what they ask for, and it is not the same: other filters, or images and spectra.
 *
 * @internal
 */
export function haveNothingInCommon(a: AskedExposures, b: AskedExposures): boolean {
  if (a.kinds.length > 0 && b.kinds.length > 0 && !a.kinds.some((kind) => b.kinds.includes(kind))) return true;
  if (a.filters === undefined || b.filters === undefined) return false;
  // "gri" has g in it, LCO's "gp" is g, and "G" may be: two that may be the same are not different.
  return !a.filters.some((one) => b.filters!.some((other) => one.includes(other) || other.includes(one)));
}

/** The names in a list, or in a text with commas; undefined for anything else. */
function namesOf(value: JsonValue): string[] | undefined {
  const list: readonly JsonValue[] = Array.isArray(value) ? value : [value];
  if (!list.every((each) => typeof each === "string")) return undefined;
  return list.flatMap((text) => text.toLowerCase().split(/[\s,;+/]+/)).filter((name) => name !== "");
}
