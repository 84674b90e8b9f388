import type { UnitOptions } from "@btsbot/decide";
import type {
  ColumnDataType,
  CreateTableBuilder,
  Expression,
  InsertQueryBuilder,
  InsertResult,
  Insertable,
  Kysely,
  RawBuilder,
  SqlBool,
} from "kysely";
import type { Tables } from "./tables.js";

/** The type of a column. */
type ColumnKind = ColumnDataType | RawBuilder<unknown>;

/** Where SQL differs between databases. */
export interface Dialect {
  /** The type of bytes. */
  readonly bytes: ColumnKind;
  /** The type of a number of a row, of which there may be more than 32 bits count. */
  readonly id: ColumnKind;
  /** The type of a small number as a packet has it, whatever it is. */
  readonly number: ColumnKind;
  /** The type of a text by which rows are told apart and ordered: by its bytes. */
  readonly key: ColumnKind;
  /** Whether a text of any length can be unique. */
  readonly longKeys: boolean;
  /** Whether several transactions write at once, and rows have to be locked. */
  readonly sharesRows: boolean;
  /** Rows stored in the order of the primary key. */
  clustered<T extends string, C extends string>(table: CreateTableBuilder<T, C>): CreateTableBuilder<T, C>;
}

/** What is done where a row's key is there already. */
export type OnConflict<T extends keyof Tables> = (
  insert: InsertQueryBuilder<Tables, T, InsertResult>,
) => InsertQueryBuilder<Tables, T, InsertResult>;

/** One connection to a database. */
export interface Connection extends Dialect {
  /** Asks and writes. */
  readonly db: Kysely<Tables>;
  /** A condition: the column is one of the values, however many they are. */
  readonly isIn: (column: Expression<unknown>, values: readonly (string | number)[]) => Expression<SqlBool>;
  /** Inserts rows, all with the same columns; of rows with the same key the last one counts. */
  insert<T extends keyof Tables>(
    table: T,
    rows: readonly Insertable<Tables[T]>[],
    onConflict?: OnConflict<T>,
  ): Promise<void>;
  /** Begins a transaction that writes; waits where another has one that is in its way. */
  begin(options?: UnitOptions): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /**
   * Has sources to itself until the transaction is over; waits for whoever has them.
   *
   * @param objectIds - the sources
   * @returns those that were not there, and have a row now
   */
  lockSources(objectIds: readonly string[]): Promise<readonly string[]>;
  /** Alone gives out numbers until the transaction is over: they are seen in the order in which they are given. */
  lockNumbers(): Promise<void>;
  /** Names of the tables that there are. */
  readonly tableNames: () => Promise<string[]>;
  /** Bytes of all that is kept. */
  readonly size: () => Promise<number>;
  /** Gives room that is free back to the disk, where the database does not do so by itself. */
  compact(): Promise<void>;
  close(): Promise<void>;
}

/** How long something is waited for. */
export interface LockWaiting {
  readonly waitMs: number;
  readonly signal?: AbortSignal | undefined;
}
