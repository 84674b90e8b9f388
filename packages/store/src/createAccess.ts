import { BtsbotError } from "@btsbot/errors";
import type { Connection } from "./connection.js";
import type { StoreAccess } from "./types.js";

/** How often a transaction is done again that was given up for others. */
const MOST_TRIES = 10;

/** Who may do what on a store, and when. */
interface Access {
  /** Throws once the store is closed; and, for what only a run does, where it was opened to watch. */
  readonly check: (isRun?: boolean) => void;
  readonly isClosed: () => boolean;
  /** Waits until the writer is free; what it returns makes it so again. */
  readonly turn: (isRun: boolean) => Promise<() => void>;
  /** A transaction of its own; units wait for it, and it for them. */
  readonly write: <T>(isRun: boolean, work: () => Promise<T>, alone?: boolean) => Promise<T>;
  readonly read: <T>(work: () => Promise<T>) => Promise<T>;
  readonly close: () => Promise<void>;
}

/**
 * Keeps order among who uses a store: one writes at a time, and nobody once it is closed.
 *
 * @internal
 */
export function createAccess(
  path: string,
  writer: Connection,
  access: StoreAccess,
  close: () => Promise<void>,
): Access {
  let last = Promise.resolve();
  let closing: Promise<void> | undefined;
  const check = (isRun = false): void => {
    if (closing !== undefined) throw new BtsbotError("store-closed", "the store has been closed", { path });
    if (isRun && access !== "run")
      throw new BtsbotError("store-access", "the store was opened to watch a run, not to write", {
        path,
        hint: 'Open it with access "run".',
      });
  };
  const turn = async (isRun: boolean): Promise<() => void> => {
    check(isRun);
    const before = last;
    let release = (): void => undefined;
    last = new Promise((resolve) => (release = resolve));
    await before;
    try {
      check();
      return release;
    } catch (error) {
      release();
      throw error;
    }
  };
  return {
    check,
    isClosed: () => closing !== undefined,
    turn,
    async write(isRun, work, alone = false) {
      const release = await turn(isRun);
      try {
        return await inTransaction(writer, alone, work);
      } finally {
        release();
      }
    },
    async read(work) {
      check();
      return work();
    },
    close: () => (closing ??= close()),
  };
}

/** What was given up for others can be done again, as all of it depends on what is kept. */
async function inTransaction<T>(writer: Connection, alone: boolean, work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    await writer.begin({ alone });
    try {
      const result = await work();
      await writer.commit();
      return result;
    } catch (error) {
      await writer.rollback().catch(() => undefined);
      if (!(error instanceof BtsbotError) || error.code !== "store-conflict" || tries === MOST_TRIES) throw error;
    }
  }
}
