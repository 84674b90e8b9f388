import { Interruption } from "./Interruption.js";
import type { EndingSignal } from "./Interruption.js";

const SIGNALS: readonly EndingSignal[] = ["SIGINT", "SIGTERM"];

/**
 * A signal that is aborted when the system asks this process to end.
 *
 * @internal
 */
export interface Ending {
  readonly signal: AbortSignal;
  /** Leaves it to the system again to end this process. */
  readonly release: () => void;
}

/**
 * Makes a signal that is aborted when the system asks this process to end. The first time, that is: what then still hangs is
 * ended by the second.
 *
 * @internal
 */
export function endOnSignals(): Ending {
  const controller = new AbortController();
  const handlers = SIGNALS.map((name) => {
    const handle = (): void => {
      release();
      controller.abort(new Interruption(name));
    };
    process.on(name, handle);
    return [name, handle] as const;
  });
  const release = (): void => {
    for (const [name, handler] of handlers) process.off(name, handler);
  };
  return { signal: controller.signal, release };
}
