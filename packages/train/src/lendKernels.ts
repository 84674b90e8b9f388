import { BtsbotError } from "@btsbot/errors";
import { registerSimdKernels } from "@btsbot/simd";

/**
 * Kernels for tfjs's wasm backend, which has no gradient of a convolution's filters, for as long as a
 * training wants them; nothing on other backends. A caller who prepares the backend has prepared it.
 *
 * @internal
 */
export function lendKernels(prepareBackend?: (backend: string) => Promise<void>): {
  prepare: (backend: string) => Promise<void>;
  takeBack: () => void;
} {
  let undo: (() => void) | undefined;
  const lend = async (backend: string): Promise<void> => {
    if (backend !== "wasm") return;
    undo = await registerSimdKernels().catch((error: unknown) => {
      // Without SIMD the backend stays as it is: networks of features alone train on it.
      if (error instanceof BtsbotError && error.code === "engine-unavailable") return undefined;
      throw error;
    });
  };
  return { prepare: prepareBackend ?? lend, takeBack: () => undo?.() };
}
