/**
 * Runs in the browser: trains a small BTSbot network on the wasm backend with the plug-in, and leaves the
 * outcome in `window.trainingOutcome`.
 */
import { mmCnn } from "@btsbot/model";
import { registerSimdKernels } from "@btsbot/simd";
import * as tf from "@tensorflow/tfjs-core";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { trainNetwork, withoutDropout } from "../../packages/simd/test/plugin/trainNetwork.js";

/** What the page found. */
export interface TrainingOutcome {
  readonly backend?: string;
  /** Whether the backend has threads, and so a memory that they share. */
  readonly shared?: boolean;
  readonly losses?: readonly number[];
  /** Whether the backend's own kernels are back in the end. */
  readonly undone?: boolean;
  readonly error?: string;
}

async function run(): Promise<TrainingOutcome> {
  setWasmPaths(new URL("wasm/", location.href).href);
  await tf.setBackend("wasm");
  const undo = await registerSimdKernels({ tf });
  const { losses } = await trainNetwork(withoutDropout(mmCnn("mm", "0", 14)), 2, 0.01);
  const { wasm } = tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } };
  undo();
  return {
    backend: tf.getBackend(),
    shared: !(wasm.HEAPU8.buffer instanceof ArrayBuffer),
    losses,
    undone: tf.getKernel("Conv2DBackpropFilter", "wasm") === undefined,
  };
}

declare global {
  interface Window {
    trainingOutcome?: TrainingOutcome;
  }
}

run()
  .catch((error: unknown): TrainingOutcome => ({ error: String(error) }))
  .then((outcome) => {
    window.trainingOutcome = outcome;
  });
