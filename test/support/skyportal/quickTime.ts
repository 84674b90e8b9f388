import { setTimeout as wait } from "node:timers/promises";
import type { PortalTime } from "../../../packages/skyportal/src/index.js";

/**
 * A time that passes so many times faster than the real one, for whoever waits and for whoever looks at the clock.
 *
 * @param factor - how much faster
 * @param start - when it begins, ms since 1970
 */
export function quickTime(factor: number, start = Date.parse("2026-12-01T00:00:00Z")): PortalTime {
  const begun = performance.now();
  return {
    now: () => start + (performance.now() - begun) * factor,
    sleep: async (ms, signal) => {
      await wait(ms / factor, undefined, signal && { signal }).catch((error: unknown) => {
        signal?.throwIfAborted();
        throw error;
      });
    },
  };
}
