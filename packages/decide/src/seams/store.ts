import type { Platform } from "@btsbot/errors";
import type { SourceState } from "./decider.js";
import type { History } from "./history.js";
import type { JudgedAlert } from "./judge.js";
import type { EntryKind, OutboxEntry, PendingEntry } from "./outbox.js";
import type { SinkAnswer } from "./sink.js";
import type { SourceCursor } from "./source.js";

/** What a store keeps of a source. */
export interface KeptSource {
  /** What the decider remembers. */
  readonly state: SourceState;
  /**
   * The state on which was decided last, where alerts have come since: of a run that decides at the end, and has not come
   * to it. Absent where all that the state comes to was said.
   */
  readonly decided?: SourceState;
  /** Keys of the actions that were asked for and not refused. */
  readonly issued: readonly string[];
}

/** What who claims a source is told. */
export interface ClaimedCursor {
  /** The claim: greater than all before it. */
  readonly claim: number;
  /** How far the source was read; absent where it was not. */
  readonly value?: string;
}

/** How a unit is begun. */
export interface UnitOptions {
  /**
   * Whether it asks for sources more than once, and so has the store to itself until it is over. Others that share the
   * store wait for it, where they wait otherwise only for whoever has the same sources. False by default.
   */
  readonly alone?: boolean;
}

/** The right to hand over entries of a kind, which one of those who share a store has at a time. */
export interface Lease {
  /** Whether who had it before may have handed over entries and died before the answers were kept. */
  readonly inDoubt: boolean;
  /** Aborted where the right is lost before it is given back: the connection to the database broke. */
  readonly lost: Platform<"AbortSignal">;
  /**
   * Gives it back.
   *
   * @param inDoubt - whether entries were handed over whose answers are not kept; false by default
   */
  release(inDoubt?: boolean): Promise<void>;
}

/** Which entries of the outbox are asked for. */
export interface PendingOptions {
  /** Those with a greater number; all by default. */
  readonly after?: number;
  /** At most so many; all by default. */
  readonly limit?: number;
}

/** What a batch changes. */
export interface Change {
  /** New states, by the source's name. */
  readonly states?: ReadonlyMap<string, SourceState>;
  /**
   * By the source's name, the state on which was decided last, to be kept beside a new one on which nobody has decided
   * yet; null once somebody has. Those that are not named stay as they were.
   */
  readonly decided?: ReadonlyMap<string, SourceState | null>;
  /** Alerts that passed: their points go into the light curves, their scores beside them. */
  readonly alerts?: readonly JudgedAlert[];
  /** What is to be handed over. An entry whose key is there already is left alone, unless that was refused. */
  readonly entries?: readonly OutboxEntry[];
  /** How far which source was read. */
  readonly cursor?: SourceCursor;
  /** The same of several. */
  readonly cursors?: readonly SourceCursor[];
}

/**
 * A transaction of a store: all that it saves is kept at its commit, or nothing. Its light curves hold what it has saved
 * already.
 */
export interface Unit extends History {
  /**
   * What is kept of sources, with what this unit has saved already.
   *
   * @param objectIds - the sources
   * @returns by the source's name; one that is not kept is absent
   */
  load(objectIds: readonly string[]): Promise<ReadonlyMap<string, KeptSource>>;
  /**
   * Sources that wait for a decision: those of which a state is kept on which was decided last.
   *
   * @returns their names, in the order of their UTF-16 code units
   */
  undecided(): Promise<readonly string[]>;
  /**
   * Saves changes; they are kept from the commit on.
   *
   * @param change - what changes
   */
  save(change: Change): Promise<void>;
  /** Keeps all that was saved. The unit is over. */
  commit(): Promise<void>;
  /** Forgets all that was saved. The unit is over; once more does nothing. */
  rollback(): Promise<void>;
}

/** Where states, light curves, the outbox and cursors are kept. */
export interface Store extends History {
  /**
   * Begins a unit. One at a time: where another run has the store, this waits a stated time. A store that several runs
   * share lets those work at once that have different sources.
   *
   * @param options - whether it is to be the only one
   * @returns the unit; what it throws as `store-conflict` was not kept, and may be done again from its beginning
   */
  begin(options?: UnitOptions): Promise<Unit>;
  /**
   * What the last commit kept of sources, without a unit.
   *
   * @param objectIds - the sources
   * @returns by the source's name; one that is not kept is absent
   */
  load(objectIds: readonly string[]): Promise<ReadonlyMap<string, KeptSource>>;
  /**
   * How far a source was read by the last commit.
   *
   * @param source - its name
   * @returns the cursor; undefined where it was not
   */
  cursor(source: string): Promise<string | undefined>;
  /**
   * Forgets how far a source was read: whoever reads it next begins anew.
   *
   * @param source - its name
   */
  forget(source: string): Promise<void>;
  /**
   * Claims sources, or parts of one, for whoever reads them from now on: a unit that keeps a cursor of an earlier claim is
   * refused (`store-fenced`), whole, so that what was given to another is not read twice.
   *
   * @param sources - their names
   * @returns by name, the claim, and how far each was read
   */
  claim(sources: readonly string[]): Promise<ReadonlyMap<string, ClaimedCursor>>;
  /**
   * Takes the right to hand over entries of a kind; waits for whoever has it. Absent where the store belongs to one run.
   *
   * @param kind - of the entries
   * @param signal - ends the waiting
   * @returns the right; it ends with the process, however that ends
   */
  lease?(kind: EntryKind, signal?: Platform<"AbortSignal">): Promise<Lease>;
  /**
   * Entries that nobody has answered for, in the order of their numbers.
   *
   * @param kind - of this kind
   * @param options - after which number, and how many at most
   * @returns the entries; none where all are done or refused
   */
  pending(kind: EntryKind, options?: PendingOptions): Promise<readonly PendingEntry[]>;
  /**
   * Keeps what a sink said. An entry that is to be handed over again stays, with one attempt more.
   *
   * @param answers - by the entry's number
   */
  answer(answers: ReadonlyMap<number, SinkAnswer>): Promise<void>;
  /** Lets go of the store. */
  close(): Promise<void>;
}
