import type { Alert } from "@btsbot/alert";
import { checkArgument } from "@btsbot/errors";
import type { ScorerOptions, StoredHistory } from "./types.js";

/**
 * Asks what is known of the sources of alerts beyond their packets.
 *
 * @throws TypeError for an answer that is not a list; what the function throws
 *
 * @internal
 */
export function askHistory(
  alerts: readonly Alert[],
  history: ScorerOptions["history"],
): Promise<(StoredHistory | undefined)[]> {
  return Promise.all(
    alerts.map(async (alert) => {
      const stored = await history?.(alert);
      if (stored !== undefined) checkArgument("history", "answer", stored, "list");
      return stored;
    }),
  );
}
