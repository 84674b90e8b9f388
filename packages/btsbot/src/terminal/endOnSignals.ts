import { Interruption } from "./Interruption.js";
import type { EndingSignal } from "./Interruption.js";

const SIGNALS: readonly EndingSignal[] = ["SIGINT", "SIGTERM"];

/**
 * Makes a signal that is aborted when the system asks this process to end. The first time, that is: what then still hangs is
 * ended by the second.
 *
 * @internal
 */
export function endOnSignals(): AbortSignal {
  const controller = new AbortController();
  const handlers = SIGNALS.map((name) => {
    const handle = (): void => {
      for (const [other, handler] of handlers) process.off(other, handler);
      controller.abort(new Interruption(name));
    };
    process.on(name, handle);
    return [name, handle] as const;
  });
  return controller.signal;
}
