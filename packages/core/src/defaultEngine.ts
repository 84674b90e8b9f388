import { BtsbotError } from "@btsbot/errors";
import type { Engine } from "@btsbot/model";

let engine: Promise<Engine> | undefined;

/**
 * The fastest engine that is installed, loaded when it is first needed.
 *
 * @internal
 */
export function defaultEngine(): Promise<Engine> {
  engine ??= import("@btsbot/tfjs").then(
    ({ createTfjsEngine }) => createTfjsEngine(),
    (cause: unknown) => {
      // A failure is not kept: what was missing may be installed or loadable the next time.
      engine = undefined;
      throw new BtsbotError("engine-unavailable", "the tfjs engine cannot be loaded", {
        expected: "@btsbot/tfjs with its peers",
        hint: "Install @tensorflow/tfjs-core and @tensorflow/tfjs-layers, or give an engine.",
        cause,
      });
    },
  );
  return engine;
}
