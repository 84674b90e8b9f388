import type { BtsbotError } from "@btsbot/errors";
import type { StreamNotice } from "./types.js";

/** The first pause, ms; each is twice the one before. */
const FIRST_MS = 200;
/** The longest pause, ms: an outage is over for this program within so long. */
const LONGEST_MS = 10_000;

/**
 * Pauses between tries.
 *
 * @internal
 */
export interface Backoff {
  /** What failed once more: how long to wait, ms. */
  next(error: BtsbotError): number;
  /** It has succeeded. */
  reset(): void;
}

/**
 * Pauses between tries of what cannot be reached, said each time.
 *
 * @internal
 */
export function createBackoff(onNotice: ((notice: StreamNotice) => void) | undefined): Backoff {
  let tries = 0;
  return {
    next(error) {
      const againMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** tries);
      tries += 1;
      onNotice?.({ kind: "unreachable", error, againMs });
      return againMs;
    },
    reset() {
      if (tries > 0) onNotice?.({ kind: "reached" });
      tries = 0;
    },
  };
}
