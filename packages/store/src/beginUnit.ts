import type { Change, Unit } from "@btsbot/decide";
import { BtsbotError } from "@btsbot/errors";
import { saveAlerts } from "./alertRows.js";
import type { Connection } from "./connection.js";
import { listUndecided, saveDecided } from "./decidedRows.js";
import { saveCursors } from "./cursorRows.js";
import { saveEntries } from "./outboxRows.js";
import { loadPoints, savePoints } from "./pointRows.js";
import { loadSources, saveStates } from "./sourceRows.js";
import { takeSources } from "./takeSources.js";

/** What a unit works with. */
interface UnitParts {
  /** Whether stamps are kept. */
  readonly stamps: boolean;
  /** Whether the store is this unit's alone. */
  readonly alone: boolean;
  /** Throws where another has taken the store over; asked once the first source cannot be changed by others. */
  readonly checkMaker: () => Promise<void>;
  /** Lets the next one begin. */
  readonly release: () => void;
  /** Whether the store has been closed, and the transaction with it. */
  readonly isClosed: () => boolean;
}

/**
 * A unit on a connection whose transaction has begun.
 *
 * @internal
 */
export function beginUnit(connection: Connection, parts: UnitParts): Unit {
  const { stamps, release, isClosed } = parts;
  const sources = takeSources(connection, parts);
  let over = false;
  const check = (): void => {
    if (over || isClosed())
      throw new BtsbotError("store-closed", over ? "the unit is over" : "the store has been closed");
  };
  const rollback = async (): Promise<void> => {
    if (over) return;
    over = true;
    try {
      if (!isClosed()) await connection.rollback();
    } finally {
      release();
    }
  };
  return {
    async load(objectIds) {
      check();
      await sources.take(objectIds);
      return loadSources(connection, objectIds);
    },
    async points(objectIds, asOf) {
      check();
      return loadPoints(connection, objectIds, asOf);
    },
    async undecided() {
      check();
      return listUndecided(connection);
    },
    async save(change) {
      check();
      const { alerts = [], states = new Map<string, unknown>(), decided = new Map<string, unknown>() } = change;
      await sources.keep([...alerts.map(({ alert }) => alert.objectId), ...states.keys(), ...decided.keys()]);
      await saveChange(connection, change, stamps);
    },
    async commit() {
      check();
      try {
        await sources.settle();
        await connection.commit();
      } catch (error) {
        // A full disk, such: what was saved is gone, and the next unit finds no transaction open.
        await rollback().catch(() => undefined);
        throw error;
      }
      over = true;
      release();
    },
    rollback,
  };
}

async function saveChange(connection: Connection, change: Change, stamps: boolean): Promise<void> {
  const { alerts = [], states = new Map(), decided = new Map(), entries = [], cursor, cursors = [] } = change;
  if (alerts.length > 0) {
    await savePoints(connection, alerts);
    await saveAlerts(connection, alerts, stamps);
  }
  await saveStates(connection, states);
  await saveDecided(connection, decided);
  await saveEntries(connection, entries);
  await saveCursors(connection, cursor === undefined ? cursors : [...cursors, cursor]);
}
