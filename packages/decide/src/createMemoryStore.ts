import type { StoredPoint } from "@btsbot/alert";
import { BtsbotError, checkOptions } from "@btsbot/errors";
import type { OptionNames } from "@btsbot/errors";
import { toPoints } from "./toPoints.js";
import type { SinkAnswer, Change, EntryKind, JudgedAlert, KeptSource, PendingEntry, Store, Unit } from "./types.js";

/** An entry with what became of it. */
interface KeptEntry extends PendingEntry {
  readonly state: "pending" | "done" | "refused";
}

/** What a store in memory keeps. */
export interface MemoryStoreOptions {
  /** Whether light curves are kept; true by default. */
  readonly lightCurves?: boolean;
}

/** The names of {@link MemoryStoreOptions}. */
const MEMORY_STORE_OPTIONS: OptionNames<MemoryStoreOptions> = { lightCurves: "boolean" };

/** What a unit has saved: of alerts what is kept of them. */
interface Saved extends Omit<Change, "alerts"> {
  readonly points: ReadonlyMap<string, readonly StoredPoint[]>;
}

/** All that is kept; a unit works on a copy of what it touches. */
interface Memory {
  readonly states: Map<string, KeptSource["state"]>;
  readonly points: Map<string, StoredPoint[]>;
  /** By kind and key. */
  readonly entries: Map<string, KeptEntry>;
  readonly cursors: Map<string, string>;
}

/**
 * Makes a store that forgets all when the process ends: for one run over what matters, for tests, for pages.
 *
 * @param options - what is kept
 * @returns the store
 *
 * @example
 * ```ts
 * import { createMemoryStore } from "@btsbot/decide";
 *
 * const store = createMemoryStore();
 * const unit = await store.begin();
 * await unit.save({ cursor: { source: "night", value: "7" } });
 * await store.cursor("night"); // => undefined
 * await unit.commit();
 * await store.cursor("night"); // => "7"
 * ```
 */
export function createMemoryStore(options: MemoryStoreOptions = {}): Store {
  checkOptions("createMemoryStore", options, MEMORY_STORE_OPTIONS);
  const { lightCurves = true } = options;
  const memory: Memory = { states: new Map(), points: new Map(), entries: new Map(), cursors: new Map() };
  let busy: Promise<void> = Promise.resolve();
  let closed = false;
  return {
    async begin() {
      if (closed) throw new BtsbotError("store-closed", "the store has been closed");
      const before = busy;
      let release = (): void => undefined;
      busy = new Promise((resolve) => (release = resolve));
      await before;
      return beginUnit(memory, lightCurves, release);
    },
    load: (objectIds) => Promise.resolve(loadAll(memory, [], objectIds)),
    cursor: (source) => Promise.resolve(memory.cursors.get(source)),
    pending: (kind, { after = 0, limit = Infinity } = {}) =>
      Promise.resolve(
        [...memory.entries.values()]
          .filter((entry) => entry.kind === kind && entry.state === "pending" && entry.number > after)
          .sort((a, b) => a.number - b.number)
          .slice(0, limit)
          .map(({ state: _, ...entry }) => entry),
      ),
    answer: (answers) => {
      for (const [name, entry] of memory.entries) {
        const answer = answers.get(entry.number);
        if (answer !== undefined) memory.entries.set(name, answered(entry, answer));
      }
      return Promise.resolve();
    },
    points: (objectIds) =>
      Promise.resolve(
        new Map(
          objectIds.flatMap((objectId) => {
            const points = memory.points.get(objectId);
            return points === undefined ? [] : [[objectId, points] as const];
          }),
        ),
      ),
    close: () => {
      closed = true;
      return Promise.resolve();
    },
  };
}

function answered(entry: KeptEntry, answer: SinkAnswer): KeptEntry {
  return answer.state === "again" ? { ...entry, attempts: entry.attempts + 1 } : { ...entry, state: answer.state };
}

function beginUnit(memory: Memory, lightCurves: boolean, release: () => void): Unit {
  const changes: Saved[] = [];
  let over = false;
  const end = (): void => {
    over = true;
    release();
  };
  const check = (): void => {
    if (over) throw new BtsbotError("store-closed", "the unit is over");
  };
  return {
    load(objectIds) {
      check();
      return Promise.resolve(loadAll(memory, changes, objectIds));
    },
    save(change) {
      check();
      const { alerts = [], ...rest } = change;
      changes.push({ ...rest, points: lightCurves ? pointsOf(alerts) : new Map() });
      return Promise.resolve();
    },
    commit() {
      check();
      for (const change of changes) apply(memory, change);
      end();
      return Promise.resolve();
    },
    rollback() {
      if (!over) end();
      return Promise.resolve();
    },
  };
}

function loadAll(memory: Memory, changes: readonly Saved[], objectIds: readonly string[]): Map<string, KeptSource> {
  const kept = new Map<string, KeptSource>();
  const entries = [...memory.entries.values(), ...changes.flatMap(({ entries: added = [] }) => added)];
  for (const objectId of objectIds) {
    const changed = changes.findLast(({ states }) => states?.has(objectId))?.states?.get(objectId);
    const state = changed ?? memory.states.get(objectId);
    if (state === undefined) continue;
    const issued = entries.filter(
      (entry) =>
        entry.kind === "action" && entry.objectId === objectId && !("state" in entry && entry.state === "refused"),
    );
    kept.set(objectId, { state, issued: [...new Set(issued.map(({ key }) => key))] });
  }
  return kept;
}

function pointsOf(alerts: readonly JudgedAlert[]): Map<string, StoredPoint[]> {
  const points = new Map<string, StoredPoint[]>();
  for (const { alert } of alerts)
    points.set(alert.objectId, [...(points.get(alert.objectId) ?? []), ...toPoints(alert)]);
  return points;
}

function apply(memory: Memory, { states, points, entries = [], cursor }: Saved): void {
  for (const [objectId, state] of states ?? []) memory.states.set(objectId, state);
  for (const [objectId, added] of points)
    memory.points.set(objectId, addPoints(memory.points.get(objectId) ?? [], added));
  for (const entry of entries) addEntry(memory.entries, entry.kind, entry.key, entry);
  if (cursor !== undefined) memory.cursors.set(cursor.source, cursor.value);
}

function addEntry(
  entries: Memory["entries"],
  kind: EntryKind,
  key: string,
  entry: Omit<KeptEntry, "number" | "attempts" | "state">,
): void {
  const name = `${kind} ${key}`;
  const known = entries.get(name);
  if (known !== undefined && known.state !== "refused") return;
  const number = Math.max(0, ...[...entries.values()].map((each) => each.number)) + 1;
  entries.set(name, { ...entry, number, attempts: 0, state: "pending" });
}

/** Each point once, by date. */
function addPoints(known: readonly StoredPoint[], added: readonly StoredPoint[]): StoredPoint[] {
  const points = new Map([...known, ...added].map((point) => [nameOf(point), point]));
  return [...points.values()].sort((a, b) => a.jd - b.jd);
}

function nameOf({ candid, jd, fid, magpsf, diffmaglim }: StoredPoint): string {
  return candid != null ? String(candid) : [jd, fid, magpsf ?? "", diffmaglim ?? ""].join();
}
