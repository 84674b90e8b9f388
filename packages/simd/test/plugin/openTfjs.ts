import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
// Registers the gradients of tfjs-core, too.
import "@tensorflow/tfjs-layers";
import type { WasmModule } from "../../src/plugin/types.js";

/** tfjs on its wasm backend, without its banner. */
export async function openTfjs(): Promise<typeof tf> {
  tf.enableProdMode();
  await tf.setBackend("wasm");
  return tf;
}

/** The same computation on each of two backends, as plain arrays. */
export async function onBoth(
  run: () => Readonly<Record<string, tf.Tensor>>,
): Promise<Record<"cpu" | "wasm", Record<string, Float32Array>>> {
  const results: Record<string, Record<string, Float32Array>> = {};
  for (const backend of ["cpu", "wasm"]) {
    await tf.setBackend(backend);
    const tensors = tf.tidy(() => run());
    results[backend] = Object.fromEntries(
      Object.entries(tensors).map(([name, tensor]) => [name, tensor.dataSync() as Float32Array]),
    );
    tf.dispose(tensors);
  }
  return results;
}

/** The largest difference over the largest value. */
export function relativeError(got: Float32Array, truth: Float32Array): number {
  if (got.length !== truth.length) return Infinity;
  let error = 0;
  let scale = 0;
  truth.forEach((value, place) => {
    if (Object.is(value, got[place]) || value === got[place]) return;
    const difference = Math.abs(got[place] - value);
    error = Number.isNaN(difference) ? Infinity : Math.max(error, difference);
  });
  for (const value of truth) if (Number.isFinite(value)) scale = Math.max(scale, Math.abs(value));
  return error === 0 ? 0 : error / scale;
}

/** Pieces of the backend's memory that are in use, counted from now on; and its size in bytes. */
export function watchMemory(): {
  readonly inUse: () => number;
  readonly bytes: () => number;
  readonly stop: () => void;
} {
  const { wasm } = tf.backend() as unknown as { wasm: WasmModule & { HEAPU8: Uint8Array } };
  const { _malloc, _free } = wasm;
  const pieces = new Set<number>();
  wasm._malloc = (bytes) => {
    const address = _malloc(bytes);
    pieces.add(address);
    return address;
  };
  wasm._free = (address) => {
    pieces.delete(address);
    _free(address);
  };
  return {
    inUse: () => pieces.size,
    bytes: () => wasm.HEAPU8.length,
    stop: () => {
      Object.assign(wasm, { _malloc, _free });
    },
  };
}
