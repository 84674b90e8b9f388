import type { Store, UnitOptions } from "@btsbot/decide";
import type { OptionNames, Platform } from "@btsbot/errors";
import type { Policy } from "@btsbot/policy";

/**
 * What an opened store is for. `run`: deciding, of which there is one at a time. `watch`: looking, labelling, pruning,
 * beside a run.
 */
export type StoreAccess = "run" | "watch";

/** How a store is opened. */
export interface StoreOptions {
  /** What for: `run` by default. */
  readonly access?: StoreAccess;
  /** How long to wait, ms, where another run has the store, or sources in it; 10,000 by default. */
  readonly waitMs?: number;
  /** The password of a database that is reached by an address; by default PGPASSWORD, or the file that PGPASSFILE names. */
  readonly password?: string;
  /** Whether an alert's stamps are kept, as its packet has them; by default they are not. */
  readonly stamps?: boolean;
  /** Ends the waiting. */
  readonly signal?: Platform<"AbortSignal">;
}

/**
 * The names of {@link StoreOptions}.
 *
 * @internal
 */
export const STORE_OPTIONS: OptionNames<StoreOptions> = {
  access: "string",
  waitMs: "number",
  password: "string",
  stamps: "boolean",
  signal: "object",
};

/** A model by which a state is made. */
export interface MakerModel {
  /** Its name. */
  readonly name: string;
  /** SHA-256 of its weights, hexadecimal. */
  readonly sha256: string;
  /** SHA-256 of its definition, hexadecimal; absent in states that were made before it was kept. */
  readonly definitionSha256?: string;
}

/** A filter by which a state is made. */
export interface MakerFilter {
  /** Its name. */
  readonly name: string;
  /** Its rule in words. */
  readonly rule: string;
  /** The models that it asks. */
  readonly models: readonly MakerModel[];
}

/** By what a state is made. */
export interface StoreMaker {
  /** What scores. */
  readonly model: MakerModel;
  /** What is scored; null for everything. */
  readonly filter: MakerFilter | null;
  /** When to act. */
  readonly policies: readonly Omit<Policy, "source">[];
}

/** What a person says of a source. */
export interface StoreLabel {
  /** The source's name. */
  readonly objectId: string;
  /** Who says it: each has one label of a source, the last. */
  readonly labeller: string;
  /** What it is; null takes the label back. */
  readonly label: string | null;
  /** When it was said, JD, days UTC. */
  readonly jd: number;
  /** In more words. */
  readonly note?: string;
}

/** How many entries of the outbox there are of a kind, by what became of them. */
export interface OutboxCounts {
  /** Those that nobody has answered for. */
  readonly pending: number;
  /** Those that were taken. */
  readonly done: number;
  /** Those that were refused. */
  readonly refused: number;
}

/** What a store holds. */
export interface StoreInfo {
  /** The database: its file, or its address. */
  readonly path: string;
  /** Version of its tables. */
  readonly version: number;
  /** Its size with what is not merged into it yet, bytes. */
  readonly bytes: number;
  /** By what its states were made; absent where nobody has said. */
  readonly maker?: StoreMaker;
  /** Number of sources. */
  readonly sources: number;
  /** Number of points of light curves that have an alert's id. */
  readonly detections: number;
  /** Number of points without. */
  readonly limits: number;
  /** Number of alerts. */
  readonly alerts: number;
  /** Number of labels. */
  readonly labels: number;
  /** Dates of the first and the last alert, JD; absent where there is none. */
  readonly nights?: readonly [first: number, last: number];
  /** By kind; a kind is absent where there is none of it. */
  readonly outbox: Readonly<Record<string, OutboxCounts>>;
  /** How far which source of alerts was read. */
  readonly cursors: Readonly<Record<string, string>>;
}

/** What can be written out, a row each. */
export type ExportedTable = "sources" | "points" | "alerts" | "outbox" | "labels";

/** What is written out of a table. */
export interface StoreExportOptions {
  /**
   * Whether what is not public is written too (ZTF's `programid` 2 and 3): points and alerts of such programmes, and
   * rows of sources and entries of the outbox that may rest on them. By default it is left out.
   */
  readonly nonPublic?: boolean;
}

/**
 * The names of {@link StoreExportOptions}.
 *
 * @internal
 */
export const STORE_EXPORT_OPTIONS: OptionNames<StoreExportOptions> = { nonPublic: "boolean" };

/** A row that is written out: what `JSON.stringify` takes. */
export type ExportedRow = Readonly<Record<string, unknown>>;

/** How is pruned. */
export interface PruneOptions {
  /** Ends it after the sources in hand. */
  readonly signal?: Platform<"AbortSignal">;
}

/**
 * The names of {@link PruneOptions}.
 *
 * @internal
 */
export const PRUNE_OPTIONS: OptionNames<PruneOptions> = { signal: "object" };

/**
 * The names of the options of a unit.
 *
 * @internal
 */
export const UNIT_OPTIONS: OptionNames<UnitOptions> = { alone: "boolean" };

/** What was removed. */
export interface PruneCounts {
  /** Sources whose light curve was. */
  readonly sources: number;
  /** Points of light curves. */
  readonly points: number;
  /** Alerts, with their scores and stamps. */
  readonly alerts: number;
}

/** What was taken over from a state folder. */
export interface ImportCounts {
  /** Sources. */
  readonly sources: number;
  /** Keys of actions that had been printed, and of decisions. */
  readonly keys: number;
}

/** A store in a database, with what only such a one can. */
export interface SqlStore extends Store {
  /** The database: its file, or its address. */
  readonly path: string;
  /** Whether there was none before this one was opened. */
  readonly isNew: boolean;
  /**
   * Says by what states are made from now on. Where it is another than before, the state goes on: a policy that is new
   * begins with the alerts to come, one whose rule has changed begins anew; what was asked for is kept, and not asked
   * for again.
   *
   * @param maker - by what
   * @returns what is different, a line each; none where nothing is, or where this is the first
   */
  adopt(maker: StoreMaker): Promise<string[]>;
  /**
   * Takes over what earlier versions kept in `state.jsonl`, once: the file stays as it is, and is not read again.
   *
   * @param folder - the folder with the file
   * @returns what was taken over; undefined where there is no such file, or where that was done before
   * @throws BtsbotError `state-damaged`, `file-unreadable`; `state-mismatch` where the store has states already
   */
  importStateFolder(folder: string): Promise<ImportCounts | undefined>;
  /** What the store holds. */
  info(): Promise<StoreInfo>;
  /**
   * Writes a table out, in the order of its key; what is committed in the meantime may be among it.
   *
   * @param table - which
   * @param options - whether what is not public is among it
   * @returns its rows; ids are decimal strings
   */
  export(table: ExportedTable, options?: StoreExportOptions): AsyncIterable<ExportedRow>;
  /**
   * Removes light curves, alerts, scores and stamps of the sources that were last seen before a date, and gives the room
   * back. States, labels and the outbox stay: nothing is asked for twice. It goes some sources at a time, so that a run
   * beside it is not held up.
   *
   * @param before - JD, days UTC
   * @param options - what ends it
   * @returns what was removed
   */
  prune(before: number, options?: PruneOptions): Promise<PruneCounts>;
  /**
   * Keeps labels.
   *
   * @param labels - each in place of the one that its labeller gave the source before
   */
  setLabels(labels: readonly StoreLabel[]): Promise<void>;
  /**
   * Labels of sources.
   *
   * @param objectIds - the sources
   * @returns by source, then labeller
   */
  labels(objectIds: readonly string[]): Promise<readonly StoreLabel[]>;
}
