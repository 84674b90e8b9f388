import type { Filter } from "@btsbot/policy";

/**
 * The models whose scores a filter reads, for whoever makes the judge's `filterScorer`.
 *
 * @param filter - the filter
 * @returns the models' names, each once; none where the filter reads the packet alone
 *
 * @example
 * ```ts
 * import { scoresIn } from "@btsbot/decide";
 * import { getFilter } from "@btsbot/policy";
 *
 * scoresIn(getFilter("acai-paper")); // => ["acai_h","acai_b","acai_n","acai_v","acai_o"]
 * ```
 */
export function scoresIn({ rule }: Pick<Filter, "rule">): string[] {
  return [...new Set(namesIn(rule))];
}

/**
 * The same of a part of a rule, which may hold others.
 *
 * @internal
 */
export function namesIn(part: unknown): string[] {
  if (typeof part !== "object" || part === null) return [];
  const { score } = part as { readonly score?: unknown };
  return typeof score === "string" ? [score] : Object.values(part).flatMap(namesIn);
}
