import type { StoredPoint } from "@btsbot/alert";
import { BtsbotError, checkOptions } from "@btsbot/errors";
import type { OptionNames } from "@btsbot/errors";
import { orderPoints } from "./orderPoints.js";
import { toPoints } from "./toPoints.js";
import { toFenced } from "./toFenced.js";
import type { HistoryPoint } from "./seams/history.js";
import type { JudgedAlert } from "./seams/judge.js";
import type { OutboxEntry, PendingEntry } from "./seams/outbox.js";
import type { SinkAnswer } from "./seams/sink.js";
import type { Change, ClaimedCursor, KeptSource, Store, Unit } from "./seams/store.js";

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

/** What a unit has saved, beside light curves. */
type Saved = Omit<Change, "alerts">;

/** Light curves by source, then by what tells points apart. */
type Points = Map<string, Map<string, StoredPoint>>;

/** All that is kept; a unit works on a copy of what it touches. */
interface Memory {
  readonly states: Map<string, KeptSource["state"]>;
  /** On what was decided last, of sources that wait for a decision. */
  readonly decided: Map<string, KeptSource["state"]>;
  readonly points: Points;
  /** By kind and key. */
  readonly entries: Map<string, KeptEntry>;
  /** Names of the entries that are actions, by source. */
  readonly actions: Map<string, Set<string>>;
  /** Number of the last entry. */
  last: number;
  readonly cursors: Map<string, string>;
  /** The last claim of each source that was claimed. */
  readonly claims: Map<string, number>;
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
  const memory: Memory = {
    states: new Map(),
    decided: new Map(),
    points: new Map(),
    entries: new Map(),
    actions: new Map(),
    last: 0,
    cursors: new Map(),
    claims: new Map(),
  };
  let busy: Promise<void> = Promise.resolve();
  let closed = false;
  const check = (): void => {
    if (closed) throw new BtsbotError("store-closed", "the store has been closed");
  };
  const open = <T>(work: () => T): Promise<T> =>
    new Promise((resolve) => {
      check();
      resolve(work());
    });
  return {
    async begin() {
      check();
      const before = busy;
      let release = (): void => undefined;
      busy = new Promise((resolve) => (release = resolve));
      await before;
      return beginUnit(memory, lightCurves, { release, check });
    },
    load: (objectIds) => open(() => loadAll(memory, [], objectIds)),
    cursor: (source) => open(() => memory.cursors.get(source)),
    forget: (source) => open(() => void memory.cursors.delete(source)),
    claim: (sources) => open(() => new Map([...new Set(sources)].map((source) => [source, claimOne(memory, source)]))),
    pending: (kind, { after = 0, limit = Infinity } = {}) =>
      open(() =>
        [...memory.entries.values()]
          .filter((entry) => entry.kind === kind && entry.state === "pending" && entry.number > after)
          .sort((a, b) => a.number - b.number)
          .slice(0, limit)
          .map(({ state: _, ...entry }) => entry),
      ),
    answer: (answers) =>
      open(() => {
        for (const [name, entry] of memory.entries) {
          const answer = answers.get(entry.number);
          if (answer !== undefined) memory.entries.set(name, answered(entry, answer));
        }
      }),
    points: (objectIds, asOf) => open(() => pointsBy(objectIds, asOf, [memory.points])),
    close: () => {
      closed = true;
      return Promise.resolve();
    },
  };
}

function answered(entry: KeptEntry, answer: SinkAnswer): KeptEntry {
  return answer.state === "again" ? { ...entry, attempts: entry.attempts + 1 } : { ...entry, state: answer.state };
}

function beginUnit(
  memory: Memory,
  lightCurves: boolean,
  parts: { readonly release: () => void; readonly check: () => void },
): Unit {
  const changes: Saved[] = [];
  const saved: Points = new Map();
  let over = false;
  const end = (): void => {
    over = true;
    parts.release();
  };
  /** Rejects what comes too late. */
  const within = async <T>(work: () => T): Promise<T> => {
    parts.check();
    if (over) throw new BtsbotError("store-closed", "the unit is over");
    return Promise.resolve(work());
  };
  return {
    load: (objectIds) => within(() => loadAll(memory, changes, objectIds)),
    points: (objectIds, asOf) => within(() => pointsBy(objectIds, asOf, [memory.points, saved])),
    undecided: () => within(() => waitingFor([...memory.decided, ...decidedIn(changes)])),
    save: (change) =>
      within(() => {
        const { alerts = [], ...rest } = change;
        changes.push(rest);
        if (lightCurves) addPoints(saved, alerts);
      }),
    commit: () =>
      within(() => {
        try {
          for (const change of changes) checkClaims(memory, change);
        } catch (error) {
          end();
          throw error;
        }
        for (const change of changes) apply(memory, change);
        for (const [objectId, points] of saved)
          memory.points.set(objectId, new Map([...(memory.points.get(objectId) ?? []), ...points]));
        end();
      }),
    rollback() {
      if (!over) end();
      return Promise.resolve();
    },
  };
}

function loadAll(memory: Memory, changes: readonly Saved[], objectIds: readonly string[]): Map<string, KeptSource> {
  const kept = new Map<string, KeptSource>();
  const states = new Map(changes.flatMap(({ states: saved = [] }) => [...saved]));
  const decided = decidedIn(changes);
  const added = groupActions(changes);
  for (const objectId of objectIds) {
    const state = states.get(objectId) ?? memory.states.get(objectId);
    if (state === undefined) continue;
    const known = [...(memory.actions.get(objectId) ?? [])].map((name) => memory.entries.get(name)!);
    const issued = [...known.filter((entry) => entry.state !== "refused"), ...(added.get(objectId) ?? [])];
    const last = decided.has(objectId) ? decided.get(objectId) : memory.decided.get(objectId);
    kept.set(objectId, {
      state,
      ...(last && { decided: last }),
      issued: [...new Set(issued.map(({ key }) => key))],
    });
  }
  return kept;
}

/** On what was decided last, as a unit has saved it already. */
function decidedIn(changes: readonly Saved[]): Map<string, KeptSource["state"] | null> {
  return new Map(changes.flatMap(({ decided = [] }) => [...decided]));
}

/** Of what was said one after another, the sources of which the last is that they wait. */
function waitingFor(decided: readonly (readonly [string, KeptSource["state"] | null])[]): string[] {
  return [...new Map(decided)].flatMap(([objectId, last]) => (last === null ? [] : [objectId])).sort();
}

function groupActions(changes: readonly Saved[]): Map<string, OutboxEntry[]> {
  const actions = new Map<string, OutboxEntry[]>();
  for (const { entries = [] } of changes)
    for (const entry of entries)
      if (entry.kind === "action") actions.set(entry.objectId, [...(actions.get(entry.objectId) ?? []), entry]);
  return actions;
}

function addPoints(points: Points, alerts: readonly JudgedAlert[]): void {
  for (const { alert } of alerts) {
    const known = points.get(alert.objectId) ?? new Map<string, StoredPoint>();
    points.set(alert.objectId, known);
    for (const point of toPoints(alert)) known.set(nameOf(point), point);
  }
}

/** Of what is kept, and then what comes in its place. */
function pointsBy(
  objectIds: readonly string[],
  asOf = Infinity,
  kept: readonly Points[],
): Map<string, readonly HistoryPoint[]> {
  const found = objectIds.flatMap((objectId) => {
    const known = new Map(kept.flatMap((each) => [...(each.get(objectId) ?? [])]));
    const points = [...known.values()].filter(({ jd }) => jd <= asOf);
    return points.length === 0 ? [] : [[objectId, orderPoints(points)] as const];
  });
  return new Map(found);
}

function apply(memory: Memory, { states, decided, entries = [], cursor, cursors = [] }: Saved): void {
  for (const [objectId, state] of states ?? []) memory.states.set(objectId, state);
  for (const [objectId, state] of decided ?? [])
    if (state === null) memory.decided.delete(objectId);
    else memory.decided.set(objectId, state);
  for (const entry of entries) addEntry(memory, entry);
  for (const { source, value } of cursor === undefined ? cursors : [...cursors, cursor])
    memory.cursors.set(source, value);
}

function claimOne({ claims, cursors }: Memory, source: string): ClaimedCursor {
  const claim = (claims.get(source) ?? 0) + 1;
  claims.set(source, claim);
  const value = cursors.get(source);
  return { claim, ...(value !== undefined && { value }) };
}

function checkClaims({ claims }: Memory, { cursor, cursors = [] }: Saved): void {
  for (const { source, claim } of cursor === undefined ? cursors : [...cursors, cursor])
    if (claim !== undefined && claim !== claims.get(source)) throw toFenced(source);
}

function addEntry(memory: Memory, entry: OutboxEntry): void {
  const name = `${entry.kind} ${entry.key}`;
  const known = memory.entries.get(name);
  if (known !== undefined && known.state !== "refused") return;
  memory.last += 1;
  memory.entries.set(name, { ...entry, number: memory.last, attempts: 0, state: "pending" });
  if (entry.kind !== "action") return;
  const actions = memory.actions.get(entry.objectId);
  if (actions === undefined) memory.actions.set(entry.objectId, new Set([name]));
  else actions.add(name);
}

/** A point is told by its alert's id; one without by its exposure and whether it is a detection. */
function nameOf({ candid, jd, fid, magpsf }: StoredPoint): string {
  return candid != null ? String(candid) : [jd, fid, magpsf != null].join();
}
