import { BtsbotError, checkOptions } from "@btsbot/errors";
import { adoptMaker } from "./adoptMaker.js";
import { beginUnit } from "./beginUnit.js";
import { exportRows } from "./exportRows.js";
import { importState } from "./importState.js";
import { loadLabels, saveLabels } from "./labelRows.js";
import { loadPending, saveAnswers } from "./outboxRows.js";
import { loadPoints } from "./pointRows.js";
import { pruneSources } from "./pruneSources.js";
import { loadSources } from "./sourceRows.js";
import type { Connection } from "./sqliteConnection.js";
import { countRows } from "./countRows.js";
import { STORE_EXPORT_OPTIONS } from "./types.js";
import type { SqlStore, StoreAccess } from "./types.js";

/** What a store is made of. */
interface StoreParts {
  readonly path: string;
  readonly version: number;
  /** Writes, in transactions, one at a time. */
  readonly writer: Connection;
  /** Asks what is committed. */
  readonly reader: Connection;
  readonly access: StoreAccess;
  readonly stamps: boolean;
  readonly close: () => Promise<void>;
}

/**
 * Makes a store on two connections to its database.
 *
 * @internal
 */
export function createSqlStore({ path, version, writer, reader, access, stamps, close }: StoreParts): SqlStore {
  const turns = createTurns();
  let closing: Promise<void> | undefined;
  const check = (isRun = false): void => {
    if (closing !== undefined) throw new BtsbotError("store-closed", "the store has been closed", { path });
    if (isRun && access !== "run")
      throw new BtsbotError("store-access", "the store was opened to watch a run, not to be one", {
        path,
        hint: 'Open it with access "run".',
      });
  };
  /** A transaction of its own; units wait for it, and it for them. */
  const write = async <T>(isRun: boolean, work: () => Promise<T>): Promise<T> => {
    check(isRun);
    const release = await turns();
    try {
      check();
      await writer.begin();
      try {
        const result = await work();
        await writer.commit();
        return result;
      } catch (error) {
        await writer.rollback().catch(() => undefined);
        throw error;
      }
    } finally {
      release();
    }
  };
  const read = async <T>(work: () => Promise<T>): Promise<T> => {
    check();
    return work();
  };
  return {
    path,
    async begin() {
      check(true);
      const release = await turns();
      try {
        check();
        await writer.begin();
      } catch (error) {
        release();
        throw error;
      }
      return beginUnit(writer, { stamps, release, isClosed: () => closing !== undefined });
    },
    load: (objectIds) => read(() => loadSources(reader, objectIds)),
    points: (objectIds, asOf) => read(() => loadPoints(reader, objectIds, asOf)),
    cursor: (source) =>
      read(async () => {
        const row = await reader.db
          .selectFrom("cursors")
          .select("value")
          .where("source", "=", source)
          .executeTakeFirst();
        return row?.value;
      }),
    pending: (kind, options) => read(() => loadPending(reader, kind, options)),
    answer: (answers) => write(true, () => saveAnswers(writer, answers)),
    adopt: (maker) => write(true, () => adoptMaker(writer, maker)),
    importStateFolder: (folder) => write(true, () => importState(writer, folder)),
    info: () => read(() => countRows(reader, path, version)),
    export: (table, options = {}) => {
      check();
      checkOptions("export", options, STORE_EXPORT_OPTIONS);
      return exportRows(reader, table, options.nonPublic === true);
    },
    async prune(before) {
      const counts = await write(false, () => pruneSources(writer, before));
      // Beside a run there may be no moment for it; then the room is used again from within.
      if (counts.sources > 0) await writer.compact().catch(ignoreBusy);
      return counts;
    },
    setLabels: (labels) => write(false, () => saveLabels(writer, labels)),
    labels: (objectIds) => read(() => loadLabels(reader, objectIds)),
    close: () => (closing ??= close()),
  };
}

function ignoreBusy(error: unknown): void {
  if (!(error instanceof BtsbotError) || error.code !== "store-busy") throw error;
}

/** One after the other: each waits until the one before has given its turn back. */
function createTurns(): () => Promise<() => void> {
  let last = Promise.resolve();
  return async () => {
    const before = last;
    let release = (): void => undefined;
    last = new Promise((resolve) => (release = resolve));
    await before;
    return release;
  };
}
