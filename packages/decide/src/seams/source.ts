import type { Alert } from "@btsbot/alert";
import type { BtsbotError, Platform } from "@btsbot/errors";

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
  /** The input itself, where the source can give it: for whoever passes on what could not be read. */
  readonly bytes?: Uint8Array;
}

/** One input of a source. */
export type SourceItem = SourcedAlert | SourceFailure;

/** How far a source was read. */
export interface SourceCursor {
  /** Name of the source. */
  readonly source: string;
  /** What to say to go on. */
  readonly value: string;
  /** Under which claim it was read (`Store.claim`): once another has claimed the source, it is not kept. */
  readonly claim?: number;
}

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
