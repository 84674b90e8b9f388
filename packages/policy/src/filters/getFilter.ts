import { BtsbotError } from "@btsbot/errors";
import { ACAI_FRITZ, ACAI_PAPER } from "./ready/acai.js";
import { BTS_2020 } from "./ready/bts2020.js";
import { BTS_PRODUCTION } from "./ready/btsProduction.js";
import { BTS_SIMPLIFIED } from "./ready/btsSimplified.js";
import { NEARBY_SEDM, NEARBY_SWIFT } from "./ready/nearby.js";
import { SMALL_FILTERS } from "./ready/small.js";
import type { Filter } from "./types.js";

const NONE: Filter = {
  name: "none",
  description: "Lets every alert through.",
  source: "`btsbot decide --filter none`",
  rule: { name: "every alert", compare: [0, "==", 0] },
};

/** The filters that have a name here. */
export const FILTERS: readonly Filter[] = [
  BTS_2020,
  BTS_PRODUCTION,
  BTS_SIMPLIFIED,
  ACAI_PAPER,
  ACAI_FRITZ,
  NEARBY_SEDM,
  NEARBY_SWIFT,
  ...SMALL_FILTERS,
  NONE,
];

/**
 * Finds a ready filter by its name.
 *
 * @param name - such as `"bts-production"`
 * @returns the filter
 * @throws BtsbotError `filter-unknown`, which lists the names that there are
 *
 * @example
 * ```ts
 * import { getFilter } from "@btsbot/policy";
 *
 * getFilter("galactic-latitude").rule; // => { name: "latitude", missing: "lowest", compare: [{ abs: "galacticLatitude" }, ">=", 7] }
 * ```
 */
export function getFilter(name: string): Filter {
  const filter = FILTERS.find((known) => known.name === name);
  if (filter !== undefined) return filter;
  throw new BtsbotError("filter-unknown", "no ready filter has this name", {
    expected: FILTERS.map((known) => known.name).join(", "),
    got: name,
  });
}
