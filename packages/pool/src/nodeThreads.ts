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
 * Starts a thread of Node.
 *
 * @internal
 */
export function spawnWorker(): PoolWorker {
  const worker = new Worker(new URL("./nodeWorker.js", import.meta.url));
  return {
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
