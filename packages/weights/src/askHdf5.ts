import { Worker } from "node:worker_threads";
import { BtsbotError } from "@btsbot/errors";
import { HDF5_THREAD } from "./hdf5Thread.js";
import type { Hdf5Answer, Hdf5Limits, Hdf5Message, Hdf5Question, Hdf5Refusal } from "./hdf5Thread.js";

/** How long a file may take: the published ones take a fifth of a second. */
const MAX_SECONDS = 30;

/** What an HDF5 file begins with (HDF5 File Format Specification 3.0, section II.A); Keras puts nothing in front of it. */
const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** Names that are looked up and read: some eight for each layer, and the largest networks here have a hundred layers. */
const MAX_ITEMS = 10_000;

/**
 * What a file may unpack to, by its length: weights hardly compress, and a file of a few kilobytes must not
 * take gigabytes.
 */
const LEAST_BYTES = 2 ** 22;
const TIMES_ITS_LENGTH = 4;

/** What the library needs besides the weights: 3 MB on the published files. */
const LIBRARY_BYTES = 2 ** 24;

/** JavaScript memory of the thread, MB: texts, and the library's own objects; weights do not count here. */
const HEAP_MEGABYTES = 128;

/**
 * Reads an HDF5 file in a thread of its own that ends with the file: what the library prints, keeps or
 * breaks on a damaged file stays there. Weights may take 4 MB and four times the file's length.
 *
 * @throws BtsbotError `hdf5-invalid`; a plain `Error` if the thread or the library cannot start
 *
 * @internal
 */
export async function askHdf5(
  bytes: Uint8Array,
  file: string,
  kind: Hdf5Question["kind"],
): Promise<Exclude<Hdf5Answer, Hdf5Refusal>> {
  // Before a thread is started for it.
  if (!SIGNATURE.every((byte, place) => bytes[place] === byte)) {
    const [expected, got] = ["\\x89HDF at its start", describeStart(bytes)];
    throw new BtsbotError("hdf5-invalid", "not an HDF5 file, or damaged or cut short", { path: file, expected, got });
  }
  const answer = await ask(bytes, file, kind);
  if (!("place" in answer)) return answer;
  const { place, summary, ...details } = answer;
  throw new BtsbotError("hdf5-invalid", summary, { path: place === "" ? file : `${file}: ${place}`, ...details });
}

function describeStart(bytes: Uint8Array): string {
  const start = Array.from(bytes.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  return start === "" ? "no bytes" : start;
}

function limitsOf(length: number): Hdf5Limits {
  const bytes = LEAST_BYTES + TIMES_ITS_LENGTH * length;
  return { bytes, items: MAX_ITEMS, memory: bytes + LIBRARY_BYTES };
}

async function ask(bytes: Uint8Array, file: string, kind: Hdf5Question["kind"]): Promise<Hdf5Answer> {
  // Not slice: a Buffer's shares its memory.
  const copy = new Uint8Array(bytes);
  const module = import.meta.resolve("h5wasm");
  const workerData: Hdf5Question = { module, bytes: copy, kind, limits: limitsOf(bytes.length) };
  const thread = new Worker(HDF5_THREAD, {
    eval: true,
    workerData,
    transferList: [copy.buffer],
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES },
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
