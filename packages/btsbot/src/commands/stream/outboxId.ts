import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import type { Store } from "@btsbot/decide";
import { BtsbotError } from "@btsbot/errors";

/** Under which name the store keeps it, among its cursors. */
const NAME = "kafka outbox";

/** How often others may come between, who begin at the same moment. */
const MOST_TRIES = 100;
const PAUSE_MS = 50;

/**
 * The id of a store's outbox: drawn once, and kept in it. A copy that goes another way has the same, and is told so.
 *
 * Of processes that share a store and begin at the same moment all have the id that was kept: who draws one claims its place
 * first, and is refused where another has claimed it since.
 *
 * @internal
 */
export async function outboxId(store: Store): Promise<string> {
  for (let tries = 1; ; tries += 1) {
    const known = await store.cursor(NAME);
    if (known !== undefined) return known;
    try {
      return await drawId(store);
    } catch (error) {
      if (!(error instanceof BtsbotError) || error.code !== "store-fenced" || tries === MOST_TRIES) throw error;
      // The last who claimed it is let through.
      await setTimeout(PAUSE_MS);
    }
  }
}

async function drawId(store: Store): Promise<string> {
  const { claim, value = randomUUID() } = (await store.claim([NAME])).get(NAME)!;
  const unit = await store.begin();
  try {
    await unit.save({ cursors: [{ source: NAME, value, claim }] });
    await unit.commit();
  } finally {
    // Once it is kept, this does nothing.
    await unit.rollback();
  }
  return value;
}
