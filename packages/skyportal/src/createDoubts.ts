import type { Platform } from "@btsbot/errors";
import type { PendingEntry, SinkAnswer } from "@btsbot/decide";
import { isHeld } from "./holdForPerson.js";
import type { SendContext } from "./sendContext.js";
import type { PortalTime } from "./types.js";

/** What a sink knows of what it was given before. */
interface Doubts {
  /** What it said of an action. */
  readonly said: ReadonlyMap<string, SinkAnswer>;
  /** Whether an action may have been sent before, and what waits until that can no longer be carried out. */
  of(entry: PendingEntry, signal?: Platform<"AbortSignal">): Pick<SendContext, "inDoubt" | "settle" | "settleDoubt">;
  /** Keeps what is said of an action. */
  keep(entry: PendingEntry, answer: SinkAnswer): void;
}

/**
 * Tells what may have been sent before: by this sink, which had no answer; or, where an entry was handed over and this sink
 * has not seen it, by a run that died perhaps a moment ago.
 *
 * @internal
 */
export function createDoubts(time: PortalTime, settleMs: number): Doubts {
  const said = new Map<string, SinkAnswer>();
  const since = new Map<string, number>();
  return {
    said,
    of({ key, attempts }, signal) {
      if (attempts > 0 && !said.has(key) && !since.has(key)) since.set(key, time.now());
      const begun = since.get(key);
      return {
        inDoubt: begun !== undefined || said.has(key),
        settle: () => time.sleep(settleMs, signal),
        async settleDoubt() {
          const left = begun === undefined ? 0 : begun + settleMs - time.now();
          if (left > 0) await time.sleep(left, signal);
        },
      };
    },
    keep({ key }, answer) {
      said.set(key, answer);
      if (answer.state === "again" && !isHeld(answer)) since.set(key, time.now());
      else since.delete(key);
    },
  };
}
