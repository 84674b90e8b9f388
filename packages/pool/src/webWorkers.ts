import type { PoolWorker } from "./types.js";

/**
 * How many threads this machine runs at once, as far as the browser tells.
 *
 * @internal
 */
export function countCores(): number {
  return navigator.hardwareConcurrency || 1;
}

/**
 * Starts a web worker. Bundlers find its program by this very form.
 *
 * @internal
 */
export function spawnWorker(): PoolWorker {
  const worker = new Worker(new URL("./webWorker.js", import.meta.url), { type: "module" });
  return {
    post: (message) => {
      worker.postMessage(message);
    },
    listen: (onMessage, onDeath) => {
      worker.addEventListener("message", ({ data }) => {
        onMessage(data);
      });
      // It may live on, in a state that nobody knows: the pool ends it.
      worker.addEventListener("error", (event) => {
        event.preventDefault();
        onDeath(event.message || "the worker could not be loaded");
      });
      worker.addEventListener("messageerror", () => {
        onDeath("a message could not be read");
      });
    },
    terminate: () => {
      worker.terminate();
    },
  };
}
