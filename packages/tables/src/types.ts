/** A row of a table. */
export interface Row {
  /** The line of the file on which it ends, from 1. */
  readonly line: number;
  /** The names of its columns; of JSON Lines, those of this line. */
  readonly columns: readonly string[];
  /** Whether it has such a column. */
  has(column: string): boolean;
  /** The value in a column: text of CSV, anything of JSON; undefined where there is no such column. */
  get(column: string): unknown;
}

/** A table that is open. */
export interface Table {
  /** How it is written. */
  readonly kind: "csv" | "jsonl";
  /** Its rows, to be read once. */
  readonly rows: AsyncIterable<Row>;
  /** How much of the file has been read, `12 %`; empty where its length is not known. */
  readonly progress: () => string;
}

/** What is known of a source, as tables of truth say it. */
export interface TruthRow {
  /** The source's name. */
  readonly objectId: string;
  /** 1 for a bright transient, 0 for anything else; null where the table does not say. */
  readonly label: 0 | 1 | null;
  /** What the source is, such as `"SN Ia"`; null where the table does not say. */
  readonly className: string | null;
  /** When it was saved by people, Julian date, days UTC; absent if it was not. */
  readonly saveJd?: number;
  /** When a spectrum was asked for by people, Julian date, days UTC; absent if it was not. */
  readonly triggerJd?: number;
  /** True if people put it among junk. */
  readonly junk?: true;
}
