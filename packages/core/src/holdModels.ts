import { BtsbotError } from "@btsbot/errors";
import type { ReadyModel } from "./prepareModel.js";

/**
 * Models in the hands of a scorer or a comparer.
 *
 * @internal
 */
export interface HeldModels {
  /** What other threads can run them on, by name; empty once they are let go of. */
  readonly shared: ReadonlyMap<string, unknown>;
  /** Runs a call on them, which they outlive. */
  readonly use: <T>(call: () => Promise<T>) => Promise<T>;
  /** Lets go of them, once no call is running; calls from now on are refused. */
  readonly dispose: () => void;
}

/**
 * Holds models for calls that may run at once.
 *
 * @param ready - the models
 * @param holder - who holds them, for the error of a late call
 *
 * @internal
 */
export function holdModels(ready: readonly ReadyModel[], holder: "scorer" | "comparer"): HeldModels {
  const shared = new Map(
    ready.flatMap(({ model, prepared }) =>
      prepared.shared === undefined ? [] : [[model.definition.name, prepared.shared]],
    ),
  );
  let running = 0;
  let disposed = false;

  function free(): void {
    shared.clear();
    for (const { prepared } of ready) prepared.dispose();
  }

  return {
    shared,
    use: async (call) => {
      if (disposed) throw new BtsbotError("scorer-disposed", `the ${holder} was disposed of before this call`);
      running += 1;
      try {
        return await call();
      } finally {
        running -= 1;
        if (disposed && running === 0) free();
      }
    },
    dispose: () => {
      if (disposed) return;
      disposed = true;
      if (running === 0) free();
    },
  };
}
