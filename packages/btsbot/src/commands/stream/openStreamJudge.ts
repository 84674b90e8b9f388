import { createHistoryLookup, createJudge } from "@btsbot/decide";
import type { History, Judge } from "@btsbot/decide";
import type { DecideSetup } from "../../deciding/types.js";
import { openScorer } from "../../inputs/openScorer.js";
import { DEFAULT_BATCH } from "../../inputs/scoreInputs.js";

/**
 * Opens what judges a stream's alerts, in this thread.
 *
 * @param history - light curves beyond the packets; absent where features see the packet alone
 * @param closing - takes what lets go of the scorers
 *
 * @internal
 */
export async function openStreamJudge(
  { model, filter, filterModels }: DecideSetup,
  history: History | undefined,
  closing: (() => Promise<unknown>)[],
): Promise<Judge> {
  const lookup = history && createHistoryLookup(history);
  const scorer = await openScorer(
    { models: [model], batchSize: DEFAULT_BATCH, ...(lookup && { history: (alert) => lookup.of(alert) }) },
    1,
  );
  closing.push(() => scorer.close());
  const filterScorer =
    filterModels.length === 0 ? undefined : await openScorer({ models: filterModels, batchSize: DEFAULT_BATCH }, 1);
  if (filterScorer) closing.push(() => filterScorer.close());
  return createJudge({
    scorer,
    model: model.definition.name,
    ...(filter && { filter }),
    ...(filterScorer && { filterScorer }),
    ...(lookup && { history: lookup }),
  });
}
