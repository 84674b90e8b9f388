import { BtsbotError } from "@btsbot/errors";
import type { PostgresDriver, PostgresPlace, PostgresResult } from "./loadPostgres.js";
import { openSession } from "./openSession.js";
import type { Session } from "./openSession.js";
import { toPostgresError } from "./toPostgresError.js";

/** One session of a server, which is opened anew where it was lost: but never within a transaction. */
export interface PostgresLink {
  /** Asks; one question after the other. */
  query(text: string, values?: readonly unknown[]): Promise<PostgresResult>;
  /** Begins a transaction by statements, of which the first begins it. */
  begin(text: string): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /** Called once when the session that is open now is lost. */
  onLost(listener: () => void): Promise<void>;
  /** Ends it at once, whatever it waits for. */
  cut(): void;
  close(): Promise<void>;
}

/**
 * Makes a link to a server; it connects when it is first asked.
 *
 * @param driver - makes clients
 * @param place - where the server is
 *
 * @internal
 */
export function createPostgresLink(driver: PostgresDriver, place: PostgresPlace): PostgresLink {
  let current: Session | undefined;
  /** That of the transaction in hand. */
  let within: Session | undefined;
  let failed: Error | undefined;
  let closed = false;
  const queue = createQueue(place.url);
  const session = async (): Promise<Session> => {
    if (within !== undefined) {
      if (within.isLost()) throw lostError(place.url);
      return within;
    }
    if (closed) throw lostError(place.url);
    if (current !== undefined && !current.isLost()) return current;
    current = await openSession(driver, place);
    // It may have been ended meanwhile.
    if (!closed) return current;
    await current.client.end();
    throw lostError(place.url);
  };
  const end = async (statement: string): Promise<PostgresResult> => {
    try {
      if (within === undefined || within.isLost()) throw lostError(place.url);
      return await within.run(statement);
    } finally {
      within = undefined;
      failed = undefined;
    }
  };
  return {
    query: (text, values) =>
      queue(async () => {
        // Once one has failed, the server does nothing more in a transaction.
        if (within !== undefined && failed !== undefined) throw failed;
        const of = await session();
        try {
          return await of.run(text, values);
        } catch (error) {
          if (within !== undefined) failed ??= error as Error;
          throw error;
        }
      }),
    begin: (text) =>
      queue(async () => {
        const of = await session();
        within = of;
        try {
          await of.run(text);
        } catch (error) {
          within = undefined;
          await of.run("rollback").catch(() => of.client.end());
          throw error;
        }
      }),
    commit: () =>
      queue(async () => {
        // The server answers a commit of what has failed with a rollback, and no error.
        const cause = failed;
        if (cause !== undefined) await end("rollback").catch(() => undefined);
        if (cause !== undefined) throw cause;
        const { command } = await end("commit");
        if (command !== "COMMIT") throw lostError(place.url);
      }),
    rollback: () =>
      queue(async () => {
        if (within !== undefined) await end("rollback");
      }),
    onLost: (listener) =>
      queue(async () => {
        (await session()).onLost(listener);
      }),
    cut: () => {
      closed = true;
      current?.client.connection?.stream?.destroy();
    },
    close: async () => {
      closed = true;
      await queue(() => Promise.resolve());
      within = undefined;
      // A transaction that is not over ends with its session.
      await current?.client.end().catch(() => undefined);
    },
  };
}

/** One after the other; what fails is said in our words. */
function createQueue(url: string): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work).catch((cause: unknown) => {
      throw toPostgresError(cause, url);
    });
    last = done.catch(() => undefined);
    return done;
  };
}

function lostError(path: string): BtsbotError {
  return new BtsbotError("store-unreachable", "the connection to the database server was lost", {
    path,
    hint: "What was not committed is lost. Run again: if the commit itself was cut off, the cursor says whether it was kept.",
  });
}
