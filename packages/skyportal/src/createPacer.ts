import type { Platform } from "@btsbot/errors";
import type { PortalTime } from "./types.js";

/**
 * Spaces calls: each has a moment of its own, in the order of asking.
 *
 * @param rate - calls a second
 * @param time - the time
 * @returns waits for the next moment
 *
 * @internal
 */
export function createPacer(rate: number, time: PortalTime): (signal?: Platform<"AbortSignal">) => Promise<void> {
  let next = -Infinity;
  return async (signal) => {
    const now = time.now();
    const mine = Math.max(now, next);
    next = mine + 1000 / rate;
    if (mine > now) await time.sleep(mine - now, signal);
  };
}
