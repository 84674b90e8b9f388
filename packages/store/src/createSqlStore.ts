import type { Store } from "@btsbot/decide";
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
import type { Connection } from "./connection.js";
import { countRows } from "./countRows.js";
import { createAccess } from "./createAccess.js";
import { claimSources, dropCursor, loadCursor } from "./cursorRows.js";
import { readMetaText } from "./meta.js";
import { PRUNE_OPTIONS, STORE_EXPORT_OPTIONS, UNIT_OPTIONS } from "./types.js";
import type { PruneCounts, PruneOptions, SqlStore, StoreAccess } from "./types.js";

/** What a store is made of. */
interface StoreParts {
  readonly path: string;
  readonly version: number;
  readonly isNew: boolean;
  /** Writes, in transactions, one at a time. */
  readonly writer: Connection;
  /** Asks what is committed. */
  readonly reader: Connection;
  readonly access: StoreAccess;
  readonly stamps: boolean;
  /** Where several runs share the database. */
  readonly lease?: NonNullable<Store["lease"]>;
  readonly close: () => Promise<void>;
}

/**
 * Makes a store on two connections to its database.
 *
 * @internal
 */
export function createSqlStore(parts: StoreParts): SqlStore {
  const { path, version, writer, reader, stamps, lease } = parts;
  const { check, isClosed, turn, write, read, close } = createAccess(path, writer, parts.access, parts.close);
  /** By what states are made, as this run has said. */
  let adopted: string | undefined;
  const checkMaker = async (): Promise<void> => {
    if (adopted !== undefined && (await readMetaText(writer.db, "maker")) !== adopted) throw toTakenOver(path);
  };
  return {
    path,
    isNew: parts.isNew,
    async begin(options = {}) {
      checkOptions("begin", options, UNIT_OPTIONS);
      const { alone = false } = options;
      const release = await turn(true);
      try {
        await writer.begin({ alone });
      } catch (error) {
        release();
        throw error;
      }
      return beginUnit(writer, { stamps, alone, checkMaker, release, isClosed });
    },
    load: (objectIds) => read(() => loadSources(reader, objectIds)),
    points: (objectIds, asOf) => read(() => loadPoints(reader, objectIds, asOf)),
    cursor: (source) => read(() => loadCursor(reader, source)),
    pending: (kind, options) => read(() => loadPending(reader, kind, options)),
    forget: (source) => write(true, () => dropCursor(writer, source)),
    claim: (sources) => write(true, () => claimSources(writer, sources)),
    ...(lease && {
      lease: async (kind, signal) => {
        check(true);
        return lease(kind, signal);
      },
    }),
    answer: (answers) => write(true, () => saveAnswers(writer, answers)),
    async adopt(maker) {
      const { changes, kept } = await write(true, () => adoptMaker(writer, maker), true);
      adopted = kept;
      return changes;
    },
    importStateFolder: (folder) => write(true, () => importState(writer, folder), true),
    info: () => read(() => countRows(reader, path, version)),
    export: (table, options = {}) => {
      check();
      checkOptions("export", options, STORE_EXPORT_OPTIONS);
      return exportRows(reader, table, options.nonPublic === true);
    },
    async prune(before, options = {}) {
      checkOptions("prune", options, PRUNE_OPTIONS);
      const counts = await pruneAll(() => write(false, () => pruneSources(writer, before)), options);
      if (counts.sources > 0) await compact(writer, await turn(false));
      return counts;
    },
    setLabels: (labels) => write(false, () => saveLabels(writer, labels)),
    labels: (objectIds) => read(() => loadLabels(reader, objectIds)),
    close,
  };
}

function toTakenOver(path: string): BtsbotError {
  return new BtsbotError("store-fenced", "another run uses this store with a different model, filter or policies", {
    path,
    hint: "End this run, and start it again with the same ones as the other.",
  });
}

/** Page by page, between which others come to their turn. */
async function pruneAll(prunePage: () => Promise<PruneCounts>, { signal }: PruneOptions): Promise<PruneCounts> {
  const counts = { sources: 0, points: 0, alerts: 0 };
  for (;;) {
    signal?.throwIfAborted();
    const { sources, points, alerts } = await prunePage();
    if (sources === 0) return counts;
    counts.sources += sources;
    counts.points += points;
    counts.alerts += alerts;
  }
}

/** Beside a run there may be no moment for it; then the room is used again from within. */
async function compact(writer: Connection, release: () => void): Promise<void> {
  try {
    await writer.compact();
  } catch (error) {
    if (!(error instanceof BtsbotError) || error.code !== "store-busy") throw error;
  } finally {
    release();
  }
}
