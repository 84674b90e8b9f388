/** What this file needs of the host's event emitter, in Node and what imitates it. */
interface Host {
  listeners(event: string): unknown[];
  removeListener(event: string, listener: unknown): void;
}

/** Events that the wasm backend's loader takes over in Node. */
const EVENTS = ["uncaughtException", "unhandledRejection"];

/** Its listeners throw what they get, and do nothing else; a program's own are longer. */
const LONGEST = 160;

/**
 * Runs a function, and removes the listeners by which the wasm backend's loader (Emscripten's for Node)
 * would end the program at any stray rejection, over the head of the program's own handlers.
 *
 * @internal
 */
export async function keepHostListeners<T>(run: () => Promise<T>): Promise<T> {
  const host = (globalThis as unknown as Partial<Record<string, Host>>)["process"];
  if (typeof host?.listeners !== "function") return run();
  const before = EVENTS.map((event) => host.listeners(event));
  try {
    return await run();
  } finally {
    EVENTS.forEach((event, place) => {
      for (const listener of host.listeners(event)) {
        const text = String(listener);
        // A program may have added its own in the meantime.
        const throws = text.length < LONGEST && text.includes("throw");
        if (throws && !before[place].includes(listener)) host.removeListener(event, listener);
      }
    });
  }
}
