import { checkArgument } from "@btsbot/errors";
import type { Judge, JudgedItem, SourcedAlert, SourceItem } from "./types.js";

/**
 * Judges the items of a batch; what could not be read keeps its place in between.
 *
 * @param judge - what judges alerts
 * @param items - the items
 * @returns one for each item, in order
 *
 * @example
 * ```ts
 * import { judgeItems } from "@btsbot/decide";
 *
 * await judgeItems(async (alerts) => alerts, []); // => []
 * ```
 */
export async function judgeItems(judge: Judge, items: readonly SourceItem[]): Promise<JudgedItem[]> {
  checkArgument("judgeItems", "judge", judge, "function");
  checkArgument("judgeItems", "items", items, "list");
  const judged = (await judge(items.filter((item): item is SourcedAlert => "alert" in item))).values();
  return items.map((item) => ("alert" in item ? judged.next().value! : item));
}
