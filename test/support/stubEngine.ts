import type { Engine, PreparedModel } from "@btsbot/model";

/**
 * An engine that runs no network.
 *
 * @param predict - what it answers
 * @param dispose - what disposing of a model does; nothing by default
 * @returns the engine, `stub`
 */
export function stubEngine(predict: PreparedModel["predict"], dispose: () => void = () => undefined): Engine {
  return {
    name: "stub",
    canRun: async () => true,
    prepare: async () => ({ backend: "none", predict, dispose }),
  };
}
