import * as z from "zod";
import type { Filter, Quantity, FilterRule, Selection } from "./types.js";

const NAME = z.string().min(1);
const BASE = { name: NAME.exactOptional(), missing: z.enum(["fails", "lowest"]).exactOptional() };

const BOUNDS = z.strictObject({ above: z.number().exactOptional(), below: z.number().exactOptional() });

const SELECTION: z.ZodType<Selection> = z.strictObject({
  points: z.enum(["detections", "upper-limits"]).exactOptional(),
  positive: z.literal(true).exactOptional(),
  sameBand: z.literal(true).exactOptional(),
  daysBefore: BOUNDS.exactOptional(),
  magpsf: BOUNDS.exactOptional(),
  countedBy: z.enum(["exposures", "candids"]).exactOptional(),
});

const QUANTITY: z.ZodType<Quantity> = z.lazy(() => z.union(Object.values(QUANTITIES)));
const RULE: z.ZodType<FilterRule> = z.lazy(() => z.union(Object.values(RULES)));
const OPERATOR = z.enum(["<", "<=", ">", ">=", "=="]);

/** The forms of a quantity, by the type or the key that tells them apart. */
const QUANTITIES = {
  number: z.number(),
  string: NAME,
  score: z.strictObject({ score: NAME }),
  abs: z.strictObject({ abs: QUANTITY }),
  minus: z.strictObject({ minus: z.tuple([QUANTITY, QUANTITY]) }),
  firstOf: z.strictObject({ firstOf: z.array(NAME).min(1) }),
  brightestOf: z.strictObject({ brightestOf: z.array(NAME).min(1) }),
  count: z.strictObject({ count: SELECTION }),
  peak: z.strictObject({ peak: SELECTION }),
} as const;

/** The forms of a chain, by its length. */
const CHAINS = {
  3: z.tuple([QUANTITY, OPERATOR, QUANTITY]),
  5: z.tuple([QUANTITY, OPERATOR, QUANTITY, OPERATOR, QUANTITY]),
} as const;

/** The forms of a rule, by the key that tells them apart. */
const RULES = {
  all: z.strictObject({ ...BASE, all: z.array(RULE).min(1) }),
  any: z.strictObject({ ...BASE, any: z.array(RULE).min(1) }),
  not: z.strictObject({ ...BASE, not: RULE }),
  compare: z.strictObject({ ...BASE, compare: z.union(Object.values(CHAINS)) }),
  isdiffpos: z.strictObject({ ...BASE, isdiffpos: z.enum(["positive", "negative"]) }),
} as const;

/**
 * The JSON form of a filter.
 *
 * @internal
 */
export const FILTER: z.ZodType<Filter> = z.strictObject({
  name: NAME,
  description: z.string(),
  source: z.string().exactOptional(),
  rule: RULE,
});

/** Each union's forms, in the order of its schemas. */
const UNIONS: readonly (readonly string[])[] = [RULES, QUANTITIES, CHAINS].map(Object.keys);

/**
 * Which form of its union a value seems to be meant as.
 *
 * @returns the forms' names, and the place of the one that is meant; -1 where none is
 *
 * @internal
 */
export function findForm(value: unknown, forms: number): { readonly names: readonly string[]; readonly meant: number } {
  const names = UNIONS.find(({ length }) => length === forms)!;
  const keys = Array.isArray(value)
    ? [String(value.length)]
    : typeof value === "object" && value !== null
      ? Object.keys(value)
      : [typeof value];
  return { names, meant: names.findIndex((name) => keys.includes(name)) };
}
