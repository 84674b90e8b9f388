import type { Alert, StoredPoint } from "@btsbot/alert";
import type { ModelResult } from "@btsbot/core";
import type { BtsbotError, OptionNames, Platform } from "@btsbot/errors";
import type {
  Decision,
  FilterResult,
  FollowUpAction,
  FollowUpRule,
  JsonValue,
  Policy,
  PolicyAlert,
  PolicyState,
  SkyPosition,
  SourceKnowledge,
} from "@btsbot/policy";

/** Where an alert came from: a file or a topic, and which alert of it. */
export interface AlertPlace {
  /** The file, archive member, or topic and partition. */
  readonly file: string;
  /** Which alert of it, from 0, or its offset; absent where the whole cannot be read. */
  readonly index?: number;
}

/** An alert that was read. */
export interface SourcedAlert extends AlertPlace {
  /** The alert. */
  readonly alert: Alert;
}

/** An input that could not be read; the others go on. */
export interface SourceFailure extends AlertPlace {
  /** What is wrong with it. */
  readonly error: BtsbotError;
  /** The input itself, where the source can give it: for who passes on what could not be read. */
  readonly bytes?: Uint8Array;
}

/** One input of a source. */
export type SourceItem = SourcedAlert | SourceFailure;

/** Inputs that are judged and committed together. */
export interface SourceBatch {
  /** In the source's order. */
  readonly items: readonly SourceItem[];
  /** What to say to go on after this batch; absent where the source can only begin anew. */
  readonly cursor?: string;
  /** The same of a source in parts, each kept under a name of its own: partitions, which go from one run to another. */
  readonly cursors?: readonly SourceCursor[];
}

/** How a source is read. */
export interface SourceReading {
  /** The cursor of the last batch that was committed; absent for the beginning. */
  readonly after?: string;
  /** Ends the reading before the next batch. */
  readonly signal?: Platform<"AbortSignal">;
}

/** Alerts in batches: files, an archive, topics, a database. */
export interface Source {
  /** Under which name its cursor is kept: another source has another. */
  readonly name: string;
  /**
   * The batches from a cursor on. A batch that was cut by a failure comes again, whole, from its beginning.
   *
   * @param options - where to go on, and what ends it
   * @returns the batches, in order
   */
  batches(options?: SourceReading): AsyncIterable<SourceBatch>;
}

/** An alert with what the filter and, where it passes, the model say of it. */
export interface JudgedAlert extends SourcedAlert {
  /** Absent without a filter. */
  readonly filtered?: FilterResult;
  /** Absent where the filter rejects the alert. */
  readonly result?: ModelResult;
}

/** One input, judged; or why it is not. */
export type JudgedItem = JudgedAlert | SourceFailure;

/**
 * Filters and scores alerts: one outcome each, in order. What it throws ends the run; what is wrong with one alert is
 * that alert's failure. Of a run it is given the light curves that are kept by then, those of the run itself among them.
 */
export type Judge = (alerts: readonly SourcedAlert[], history?: History) => Promise<readonly JudgedItem[]>;

/** The latest alert of a source, which says where it is. */
export interface LatestAlert {
  /** Julian date, days UTC. */
  readonly jd: number;
  /** Its id in decimal, which JSON keeps exact. */
  readonly candid: string;
  /** Where it is, if the packet says so. */
  readonly position?: SkyPosition;
}

/** What a decider remembers of one source: plain data that survive JSON, and do not grow with its alerts. */
export interface SourceState {
  /** By the policy's name; a policy is absent where no alert counts for it yet. */
  readonly policies: Readonly<Record<string, PolicyState>>;
  /** The latest alert by date; absent where none was judged. */
  readonly latest?: LatestAlert;
}

/** A decision, and what is to be done about it. */
export interface PlannedDecision {
  /** The decision. */
  readonly decision: Decision;
  /** What the rules of follow-up ask for, with reasons; absent without rules. */
  readonly plan?: readonly FollowUpAction[];
}

/**
 * What decides, source by source: pure functions of a source's state. The same alerts in any order, once or twice, cut
 * into whatever batches, give the same state (see `stepPolicy` of `@btsbot/policy`).
 */
export interface Decider {
  /** When to act. */
  readonly policies: readonly Policy[];
  /** What to do then; absent for the decision's own action alone. */
  readonly rules?: readonly FollowUpRule[];
  /**
   * Shows the policies one more alert of a source.
   *
   * @param state - what is remembered of the source; undefined before its first alert
   * @param judged - the alert; one that the filter rejects changes nothing
   * @returns the next state; the same object where nothing changed
   */
  step(state: SourceState | undefined, judged: JudgedAlert): SourceState;
  /**
   * The same for who has a row of scores and no packet: a backtest.
   *
   * @param state - what is remembered of the source; undefined before its first alert
   * @param alert - what policies read of an alert
   * @returns the next state; the same object where nothing changed
   */
  count(state: SourceState | undefined, alert: PolicyAlert): SourceState;
  /**
   * What is said now that was not said before.
   *
   * @param before - the state before the alerts
   * @param after - the state after them
   * @returns in the policies' order; one that only moved to another alert is `revised`
   */
  decide(before: SourceState | undefined, after: SourceState): Decision[];
  /**
   * What is to be done about decisions of one source.
   *
   * @param decisions - of the source
   * @param known - what is known of it, with the keys of what was asked for before
   * @param now - when the plan is made, JD, days UTC
   * @returns each decision with its plan
   */
  plan(decisions: readonly Decision[], known: SourceKnowledge, now: number): PlannedDecision[];
}

/** What others know of a source: its groups, spectra, classifications, requests, its name at TNS. */
export interface Knowledge {
  /**
   * Asked once a batch, for the sources with decisions.
   *
   * @param objectIds - the sources
   * @returns what is known, by the source's name; one that is absent is not known anywhere
   */
  know(objectIds: readonly string[]): Promise<ReadonlyMap<string, Omit<SourceKnowledge, "objectId" | "issued">>>;
}

/** A point of a light curve that is kept. */
export interface HistoryPoint extends StoredPoint {
  /** True where another point of its exposure comes before it: features see both, and who counts exposures counts one. */
  readonly copy?: true;
}

/** Light curves of sources beyond the packet's thirty days. */
export interface History {
  /**
   * Asked once a batch, never by alert.
   *
   * @param objectIds - the sources
   * @param asOf - no point after this date, JD; of any date by default. What is later than one alert of several is left
   * out by who reads it (`toLightCurve` of `@btsbot/alert`)
   * @returns every point that is known, by the source's name, in the order of `orderPoints`; a source without is absent
   */
  points(objectIds: readonly string[], asOf?: number): Promise<ReadonlyMap<string, readonly HistoryPoint[]>>;
}

/** Now, as a Julian date, days UTC. */
export type Clock = () => number;

/**
 * What one entry of the outbox is: a decision, for who reads them; one action of a plan, for who carries it out; an
 * alert with its scores; or an input that could not be read or judged.
 */
export type EntryKind = "decision" | "action" | "alert" | "failure";

/** What an entry of the outbox asks for. */
export interface OutboxEntry {
  /** What it is. */
  readonly kind: EntryKind;
  /** The same for the same decision or action, however often it is reached: a key is in the outbox once a kind. */
  readonly key: string;
  /** The source's name. */
  readonly objectId: string;
  /** The decision with its plan, the action, or what is announced, as JSON. */
  readonly body: JsonValue;
}

/** An entry that is to be handed over. */
export interface PendingEntry extends OutboxEntry {
  /** Its place in the outbox: entries are handed over in this order. */
  readonly number: number;
  /** How often it was handed over before, in vain. */
  readonly attempts: number;
}

/** What a sink says of an entry: taken; refused for good, and why; or to be handed over again later, and why. */
export interface SinkAnswer {
  /** What became of it. */
  readonly state: "done" | "refused" | "again";
  /** What whoever took it answered, to be kept; absent where there is nothing to keep. */
  readonly answer?: JsonValue;
  /** Why it was refused, or is to be handed over again. */
  readonly reason?: string;
}

/** Where decisions and actions go: a file, a terminal, a topic, SkyPortal. */
export interface Sink {
  /** What it takes; each kind has one sink. */
  readonly kind: EntryKind;
  /**
   * Of entries that an earlier run may have handed over before it died: the keys of those that arrived. Without it
   * each is handed over again, and who reads tells them by their key.
   *
   * @param entries - those in doubt
   * @returns the keys of those that need not be handed over again
   */
  recall?(entries: readonly PendingEntry[]): Promise<ReadonlySet<string>>;
  /**
   * Takes entries, in order.
   *
   * @param entries - at least one
   * @param signal - ends the waiting: what was not handed over is `again`
   * @returns an answer each, in order; what it throws leaves all of them in doubt and ends the run
   */
  take(entries: readonly PendingEntry[], signal?: Platform<"AbortSignal">): Promise<readonly SinkAnswer[]>;
}

/** What a store keeps of a source. */
export interface KeptSource {
  /** What the decider remembers. */
  readonly state: SourceState;
  /** Keys of the actions that were asked for and not refused. */
  readonly issued: readonly string[];
}

/** How far a source was read. */
export interface SourceCursor {
  /** Name of the source. */
  readonly source: string;
  /** What to say to go on. */
  readonly value: string;
  /** Under which claim it was read (`Store.claim`): once another has claimed the source, it is not kept. */
  readonly claim?: number;
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
   * Claims sources, or parts of one, for who reads them from now on: a unit that keeps a cursor of an earlier claim is
   * refused (`store-fenced`), whole, so that what was given to another is not read twice.
   *
   * @param sources - their names
   * @returns by name, the claim, and how far each was read
   */
  claim(sources: readonly string[]): Promise<ReadonlyMap<string, ClaimedCursor>>;
  /**
   * Takes the right to hand over entries of a kind; waits for who has it. Absent where the store belongs to one run.
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

/**
 * When decisions are reached: after each batch, for input that goes on; or at the end, for a set of alerts that belong
 * together, such as a night's files, so that their order does not show.
 */
export type Settling = "batch" | "end";

/** What a run is made of. */
export interface RunOptions {
  /** Where alerts come from. */
  readonly source: Source;
  /** What filters and scores them. */
  readonly judge: Judge;
  /** What decides. */
  readonly decider: Decider;
  /** Where it is kept. */
  readonly store: Store;
  /** Where decisions and actions go; what has no sink waits in the store. */
  readonly sinks?: readonly Sink[];
  /** Now. */
  readonly clock: Clock;
  /** What others know; nothing by default. */
  readonly knowledge?: Knowledge;
  /** When decisions are reached: `batch` by default. */
  readonly settle?: Settling;
  /** Ends the run in order: after the batch in hand; where decisions are reached at the end, with none. */
  readonly signal?: Platform<"AbortSignal">;
  /** Shown each batch as it was judged, before anything is kept: for progress, and for who reports what cannot be read. */
  readonly onJudged?: (judged: readonly JudgedItem[]) => void;
  /**
   * What is handed over of a batch beside decisions and actions, such as alerts with their scores, or what could not be
   * read: entries are kept with what the batch changes, and go to the sinks of their kinds. Nothing by default.
   */
  readonly announce?: (judged: readonly JudgedItem[]) => readonly OutboxEntry[];
  /**
   * Shown decisions as they are reached, before they are kept; once more where the store could not keep the batch beside
   * what others kept, and it was done again.
   */
  readonly onDecided?: (decisions: readonly PlannedDecision[]) => void;
}

/**
 * The names of {@link RunOptions}.
 *
 * @internal
 */
export const RUN_OPTIONS: OptionNames<RunOptions> = {
  source: "object!",
  judge: "function!",
  decider: "object!",
  store: "object!",
  sinks: "list",
  clock: "function!",
  knowledge: "object",
  settle: "string",
  signal: "object",
  onJudged: "function",
  announce: "function",
  onDecided: "function",
};

/** What a run did. */
export interface RunCounts {
  /** Alerts that were read. */
  readonly alerts: number;
  /** Those that the filter let through. */
  readonly passed: number;
  /** Those with a score. */
  readonly scored: number;
  /** Inputs that could not be read or judged. */
  readonly failed: number;
  /** Decisions, those that only moved among them. */
  readonly decisions: number;
  /** Entries that sinks took. */
  readonly done: number;
  /** Entries that sinks refused. */
  readonly refused: number;
  /** Entries that are to be handed over again. */
  readonly waiting: number;
}
