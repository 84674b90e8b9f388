import type { Alert, StoredPoint } from "@btsbot/alert";
import { checkArgument } from "@btsbot/errors";
import { toPoints } from "./toPoints.js";
import type { History } from "./seams/history.js";

/** A history that is asked by batch, for scorers that ask by alert. */
export interface HistoryLookup {
  /**
   * Asks for the points of a batch's sources, and adds those of its alerts: earlier alerts of the same batch count.
   *
   * @param alerts - the batch
   * @param from - what is asked in place of the lookup's own history: within a run, what the run itself has kept by then
   */
  prefetch(alerts: readonly Alert[], from?: History): Promise<void>;
  /**
   * The points of an alert's source, of any date: `ScorerOptions.history` of `@btsbot/core`.
   *
   * @param alert - one of the last batch
   * @returns the points; none for another alert's source
   */
  of(alert: Alert): readonly StoredPoint[];
}

/**
 * Makes what a scorer asks for each alert of what a history is asked once a batch.
 *
 * @param history - the history, such as a store
 * @returns the lookup: `of` for `createScorer`, the whole for `createJudge`
 *
 * @example
 * ```ts
 * import { createHistoryLookup, createMemoryStore } from "@btsbot/decide";
 *
 * const lookup = createHistoryLookup(createMemoryStore());
 * const alert = { objectId: "ZTF20aajcdad", candid: 1n, candidate: { jd: 2458881, fid: 1, magpsf: 18.2 } };
 * await lookup.prefetch([alert]);
 * lookup.of(alert).length; // => 1
 * ```
 */
export function createHistoryLookup(history: History): HistoryLookup {
  checkArgument("createHistoryLookup", "history", history, "object", ["points"]);
  let points = new Map<string, StoredPoint[]>();
  return {
    async prefetch(alerts, from) {
      const objectIds = [...new Set(alerts.map(({ objectId }) => objectId))];
      // A store is asked through its unit; any other history knows what no store does.
      const asked = from === undefined ? [history] : "begin" in history ? [from] : [history, from];
      const stored = await Promise.all(asked.map((each) => each.points(objectIds)));
      points = new Map(objectIds.map((id) => [id, stored.flatMap((known) => [...(known.get(id) ?? [])])]));
      for (const alert of alerts) points.get(alert.objectId)!.push(...toPoints(alert));
    },
    of: ({ objectId }) => points.get(objectId) ?? [],
  };
}
