import type { PoolWorker } from "./types.js";

/**
 * How many threads this machine runs at once, as far as the browser tells.
 *
 * @internal
 */
export function countCores(): number {
  return navigator.hardwareConcurrency || 1;
}

/** Starts a worker's program; found once for all pools of the page. */
let program: Promise<() => Worker> | undefined;
let start: (() => Worker) | undefined;

/**
 * Finds out how workers are started here: from their program as text, which every bundler carries along; or, where a content
 * security policy forbids that, from its file.
 *
 * @internal
 */
export async function prepareWorkers(): Promise<void> {
  program ??= findProgram();
  // A failure is not kept: a page may be offline at the first attempt.
  program.catch(() => (program = undefined));
  start = await program;
}

async function findProgram(): Promise<() => Worker> {
  if (!(await startsFromText())) {
    // Bundlers find the file by this very form.
    return () => new Worker(new URL("./bundle/webWorker.js", import.meta.url), { type: "module" });
  }
  const { webWorkerText } = await import("./bundle/webWorkerText.js");
  const address = addressOf(webWorkerText);
  return () => new Worker(address);
}

/** A policy is known by what it does: browsers refuse by throwing, or later, as an error of the worker. */
async function startsFromText(): Promise<boolean> {
  const address = addressOf("postMessage(0)");
  try {
    const worker = new Worker(address);
    const answered = await new Promise<boolean>((resolve) => {
      worker.addEventListener("message", () => {
        resolve(true);
      });
      worker.addEventListener("error", (event) => {
        event.preventDefault();
        resolve(false);
      });
    });
    worker.terminate();
    return answered;
  } catch {
    return false;
  } finally {
    URL.revokeObjectURL(address);
  }
}

function addressOf(text: string): string {
  return URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
}

/**
 * Starts a web worker.
 *
 * @internal
 */
export function spawnWorker(): PoolWorker {
  const worker = start!();
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
