import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { PoolWorker } from "./types.js";

/**
 * How many threads this machine runs at once.
 *
 * @internal
 */
export function countCores(): number {
  return availableParallelism();
}

/**
 * Nothing: a thread runs a file of this package, which `#workers` of browsers has to find.
 *
 * @internal
 */
export function prepareWorkers(): Promise<void> {
  return Promise.resolve();
}

/**
 * The young heap of a worker, MB, of which V8 makes what suits it. Buffers that are done with are freed when that is full.
 * In the one that Node gives otherwise they pile up until all of the heap is searched instead, by threads that the other
 * workers' cores are needed for: two workers on two cores are a tenth slower so.
 */
const YOUNG_MB = 8;

/**
 * Starts a thread of Node.
 *
 * @internal
 */
export function spawnWorker(): PoolWorker {
  const worker = new Worker(new URL("./nodeWorker.js", import.meta.url), {
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  return {
    sharesMemory: true,
    post: (message) => {
      worker.postMessage(message);
    },
    listen: (onMessage, onDeath) => {
      let why = "";
      worker.on("message", onMessage);
      worker.on("error", (error: Error) => (why = error.message));
      worker.on("messageerror", () => {
        onDeath("a message could not be read");
      });
      // A thread that ends in any way says so here, last.
      worker.on("exit", (code) => {
        onDeath(why || `exit code ${code}`);
      });
    },
    terminate: () => worker.terminate(),
  };
}
