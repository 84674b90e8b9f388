import { toLightCurve } from "@btsbot/alert";
import type { Alert, LightCurve } from "@btsbot/alert";
import { checkArgument, checkOptions } from "@btsbot/errors";
import type { OptionNames } from "@btsbot/errors";
import { checkRule } from "./checkRule.js";
import { labelOf } from "./readQuantity.js";
import type { FilterContext } from "./readQuantity.js";
import type { Filter, FilterCheck, FilterResult, MissingOutcome, FilterRule } from "./types.js";

/** What a filter is given besides the alert. */
export interface FilterOptions {
  /** Scores by the model's name, 0 to 1, for filters that ask for them. NaN counts as missing. */
  readonly scores?: Readonly<Record<string, number>>;
  /** The history, the alert's own detection included; what its packet holds by default. Points after the alert do not count. */
  readonly history?: LightCurve;
}

/** The names of {@link FilterOptions}. */
const FILTER_OPTIONS: OptionNames<FilterOptions> = { scores: "object", history: "object" };

/**
 * Says whether an alert passes a filter, and why, with the numbers.
 *
 * Every check of the filter is made, so that all that is wrong with an alert is named at once. A number that is
 * absent, null, NaN, infinite or text is missing: it is named in `missing`, and does what the filter's rules say
 * (by default a comparison with it does not hold). Nothing stands in for it.
 *
 * @param filter - a ready one from `getFilter`, or one that `parseFilter` has read
 * @param alert - the alert
 * @param options - scores, and a history longer than the packet's
 * @returns whether it passes, with a reason for each check
 *
 * @example
 * ```ts
 * import { applyFilter, getFilter } from "@btsbot/policy";
 *
 * const alert = {
 *   objectId: "ZTF20aajcdad",
 *   candid: 1n,
 *   candidate: { jd: 2458881.0, fid: 1, ssdistnr: 3.2, ssmagnr: 18 },
 * };
 * const { pass, reason } = applyFilter(getFilter("not-asteroid"), alert);
 * pass; // => false
 * reason; // => "rock: 0 <= ssdistnr 3.2 < 12 and |ssmagnr| 18 < 20"
 * ```
 */
export function applyFilter(filter: Filter, alert: Alert, options: FilterOptions = {}): FilterResult {
  checkOptions("applyFilter", options, FILTER_OPTIONS);
  checkArgument("applyFilter", "filter", filter, "object", ["rule"]);
  checkArgument("applyFilter", "alert", alert, "object", ["candidate"]);
  const { scores = {}, history } = options;
  let curve = history;
  const context = { alert, scores, history: () => (curve ??= toLightCurve(alert)) };
  const { rule } = filter;
  const rules = "all" in rule && rule.name === undefined ? rule.all : [rule];
  const checks = rules.map((part) => check(part, context, rule.missing));
  const failing = checks.flatMap((found, index) => (found.pass ? [] : [nameReason(found, rules[index])]));
  const reason =
    failing.length > 0 ? failing.join("; ") : `every check holds: ${checks.map(({ name }) => name).join(", ")}`;
  const missing = new Set(
    checks.flatMap(({ values }) => Object.keys(values).filter((label) => values[label] === null)),
  );
  return { name: filter.name, pass: failing.length === 0, reason, checks, missing: [...missing] };
}

function check(
  rule: FilterRule,
  context: Omit<FilterContext, "seen">,
  missing: MissingOutcome | undefined,
): FilterCheck {
  const seen = new Map<string, number | null>();
  const { holds, reason } = checkRule(rule, { ...context, seen }, missing);
  return { name: nameOf(rule), pass: holds, reason, values: Object.fromEntries(seen) };
}

function nameReason({ name, reason }: FilterCheck, rule: FilterRule): string {
  // What a rule without a name looks at stands in its reason already.
  return hasName(rule) ? `${name}: ${reason}` : reason;
}

function hasName(rule: FilterRule): boolean {
  return rule.name !== undefined || ("not" in rule && hasName(rule.not));
}

/** A rule without a name is called by what it looks at first. */
function nameOf(rule: FilterRule): string {
  if (rule.name !== undefined) return rule.name;
  if ("compare" in rule)
    return labelOf(rule.compare.find((part, index) => index % 2 === 0 && typeof part !== "number") ?? rule.compare[0]);
  if ("isdiffpos" in rule) return "isdiffpos";
  return nameOf("not" in rule ? rule.not : ("all" in rule ? rule.all : rule.any)[0]);
}
