import { randomUUID } from "node:crypto";
import type { Store } from "@btsbot/decide";

/** Under which name the store keeps it, among its cursors. */
const NAME = "kafka outbox";

/**
 * The id of a store's outbox: drawn once, and kept in it. A copy that goes another way has the same, and is told so.
 *
 * @internal
 */
export async function outboxId(store: Store): Promise<string> {
  const known = await store.cursor(NAME);
  if (known !== undefined) return known;
  const value = randomUUID();
  const unit = await store.begin();
  await unit.save({ cursors: [{ source: NAME, value }] });
  await unit.commit();
  return value;
}
