import { checkArgument } from "@btsbot/errors";
import type { History } from "./seams/history.js";
import type { Judge, JudgedItem } from "./seams/judge.js";
import type { SourceItem, SourcedAlert } from "./seams/source.js";

/**
 * Judges the items of a batch; what could not be read keeps its place in between.
 *
 * @param judge - what judges alerts
 * @param items - the items
 * @param history - light curves for the judge, those of the run among them; none by default
 * @returns one for each item, in order
 *
 * @example
 * ```ts
 * import { judgeItems } from "@btsbot/decide";
 *
 * await judgeItems(async (alerts) => alerts, []); // => []
 * ```
 */
export async function judgeItems(judge: Judge, items: readonly SourceItem[], history?: History): Promise<JudgedItem[]> {
  checkArgument("judgeItems", "judge", judge, "function");
  checkArgument("judgeItems", "items", items, "list");
  if (history !== undefined) checkArgument("judgeItems", "history", history, "object", ["points"]);
  const alerts = items.filter((item): item is SourcedAlert => "alert" in item);
  const judged = (await judge(alerts, history)).values();
  return items.map((item) => ("alert" in item ? judged.next().value! : item));
}
