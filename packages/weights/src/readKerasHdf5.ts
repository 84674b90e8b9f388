import { Worker } from "node:worker_threads";
import { BtsbotError } from "@btsbot/errors";
import { HDF5_THREAD } from "./hdf5Thread.js";
import type { Hdf5Answer, Hdf5Message, Hdf5Question } from "./hdf5Thread.js";
import type { KerasModel } from "./types.js";

/** The largest weights that are read: a gigabyte, thousands of the field's networks. */
const MAX_BYTES = 2 ** 30;
/** How long a file may take: the published ones take a fifth of a second. */
const MAX_SECONDS = 120;

/**
 * Reads a Keras HDF5 file as `model.save` of Keras 2 writes it: the network's configuration from the
 * attribute `model_config`, the weights from `model_weights`. The optimizer's state is left out.
 *
 * The HDF5 library runs in a thread of its own that ends with the file: what it prints, keeps, or breaks
 * on a damaged file stays there.
 *
 * @param bytes - the file
 * @param file - its name, for messages
 * @returns the Keras configuration and the weights by `layer/weight`
 * @throws BtsbotError `hdf5-invalid` if it is no such file, damaged or cut short; a plain `Error` if the thread
 * or the HDF5 library cannot start, whatever the file
 *
 * Source: keras/saving/hdf5_format.py (Keras 2.2 to 2.13).
 *
 * @example
 * ```ts
 * import { readKerasHdf5 } from "@btsbot/weights";
 *
 * await readKerasHdf5(new Uint8Array(100), "mine.h5").catch(({ code, path }) => `${code} ${path}`); // => "hdf5-invalid mine.h5"
 * ```
 */
export async function readKerasHdf5(bytes: Uint8Array, file = "HDF5 file"): Promise<KerasModel> {
  const answer = await ask(bytes, file);
  if ("place" in answer) {
    const { place, summary, ...details } = answer;
    throw new BtsbotError("hdf5-invalid", summary, { path: place === "" ? file : `${file}: ${place}`, ...details });
  }
  try {
    return { kerasConfig: JSON.parse(answer.config) as unknown, weights: new Map(answer.weights) };
  } catch (cause) {
    throw new BtsbotError("hdf5-invalid", "not JSON", {
      path: `${file}: model_config`,
      got: (cause as Error).message,
      cause,
    });
  }
}

async function ask(bytes: Uint8Array, file: string): Promise<Hdf5Answer> {
  // Not slice: a Buffer's shares its memory.
  const copy = new Uint8Array(bytes);
  const workerData: Hdf5Question = { module: import.meta.resolve("h5wasm"), bytes: copy, maxBytes: MAX_BYTES };
  const thread = new Worker(HDF5_THREAD, {
    eval: true,
    workerData,
    transferList: [copy.buffer],
    // Flags of the process may be about its own program, and what the thread prints is for nobody.
    execArgv: [],
    stdout: true,
    stderr: true,
  });
  let isReady = false;
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise((resolve, reject) => {
      thread.on("message", (message: Hdf5Message) => {
        if (message === "ready") isReady = true;
        else resolve(message);
      });
      thread.once("error", reject);
      thread.once("exit", (status) => reject(new Error(`the thread ended with status ${status}`)));
      timer = setTimeout(() => reject(new Error(`no end after ${MAX_SECONDS} s`)), 1000 * MAX_SECONDS);
    });
  } catch (cause) {
    const got = cause instanceof Error ? cause.message : String(cause);
    // Before it is ready, the thread has not looked at the file.
    if (!isReady) throw new Error(`the HDF5 library cannot start: ${got}`, { cause });
    throw new BtsbotError("hdf5-invalid", "reading it broke off", { path: file, got, cause });
  } finally {
    clearTimeout(timer);
    await thread.terminate();
  }
}
