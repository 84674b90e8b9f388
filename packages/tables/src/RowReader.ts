import { BtsbotError } from "@btsbot/errors";
import type { Problem } from "@btsbot/errors";
import { JULIAN_DATES } from "@btsbot/sky";
import { nameColumns } from "./readCsv.js";
import { addProblem, rowProblem, showValue } from "./rowProblems.js";
import type { TableCode } from "./rowProblems.js";
import type { Row } from "./types.js";

/** How tables write a yes and a no: by hand, as Python, and as pandas does where a value of the column is missing. */
const YES: ReadonlySet<string> = new Set(["true", "t", "yes", "y"]);
const NO: ReadonlySet<string> = new Set(["false", "f", "no", "n"]);

/** What is wrong with a value. */
export interface Refusal {
  /** What was expected, in a few words. */
  readonly expected: string;
  /** What is there, where it is not simply the value in the column. */
  readonly got?: unknown;
  /** What to do, where that is not plain. */
  readonly hint?: string;
  /** The code; `table-invalid` by default. */
  readonly code?: TableCode;
}

/**
 * Reads values of a table's rows. What is wrong is kept, so that an error names several places; at the tenth it is thrown.
 *
 * @example
 * ```ts
 * import { openTable, RowReader } from "@btsbot/tables";
 *
 * const chunks = (async function* () {
 *   yield new TextEncoder().encode("objectId,jd\nA,59300\n");
 * })();
 * const { rows } = await openTable("a.csv", { chunks });
 * const reader = new RowReader("a.csv");
 * for await (const row of rows) reader.date(row, "jd"); // => NaN
 * reader.problems[0].message; // => 'a.csv:2: jd: the value cannot be used (expected a Julian date, days UTC, got "59300")'
 * ```
 */
export class RowReader {
  /** What is wrong so far. */
  readonly problems: Problem[] = [];

  /** @param path - the file, for errors */
  constructor(readonly path: string) {}

  /**
   * Keeps what is wrong with a value.
   *
   * @param row - the row
   * @param column - the column
   * @param refusal - what was expected
   * @throws BtsbotError with all problems, at the tenth
   */
  refuse(row: Row, column: string, refusal: Refusal): void {
    const { expected, hint, code } = refusal;
    const has = row.has(column) || "got" in refusal;
    const summary = has ? "the value cannot be used" : "there is no such column";
    const value = "got" in refusal ? refusal.got : row.get(column);
    const got = has ? showValue(value) : `the columns ${nameColumns(row.columns)}`;
    const details = { expected, got, ...(hint !== undefined && { hint }) };
    addProblem(this.problems, rowProblem(this.path, row.line, column, summary, details, code));
  }

  /**
   * Keeps what is wrong with a row as a whole.
   *
   * @param row - the row
   * @param summary - what is wrong, in a few words
   * @param refusal - what was expected; `got` is shown as it is
   * @param column - the column by which it is known, if there is one
   * @throws BtsbotError with all problems, at the tenth
   */
  refuseRow(
    row: Row,
    summary: string,
    { expected, got, hint, code }: Refusal & { readonly got?: string },
    column?: string,
  ): void {
    const details = { expected, ...(got !== undefined && { got }), ...(hint !== undefined && { hint }) };
    addProblem(this.problems, rowProblem(this.path, row.line, column, summary, details, code));
  }

  /**
   * Ends the reading; also to be called after the first row, as a column that is absent is so in every row.
   *
   * @throws BtsbotError if anything was refused
   */
  finish(): void {
    if (this.problems.length > 0) throw new BtsbotError(this.problems);
  }

  /**
   * A text that is not empty.
   *
   * @param row - the row
   * @param column - the column
   * @returns the text; empty if refused
   */
  text(row: Row, column: string): string {
    const value = row.get(column);
    if (typeof value === "string" && value !== "") return value;
    this.refuse(row, column, { expected: "a text" });
    return "";
  }

  /**
   * A number in a range, both ends included.
   *
   * @param row - the row
   * @param column - the column
   * @param range - the ends
   * @param refusal - what is expected, in words
   * @returns the number; NaN if refused
   */
  number(row: Row, column: string, [low, high]: readonly [number, number], refusal: Refusal): number {
    const value = toNumber("got" in refusal ? refusal.got : row.get(column));
    if (value !== undefined && value >= low && value <= high) return value;
    this.refuse(row, column, refusal);
    return NaN;
  }

  /**
   * A Julian date, days UTC.
   *
   * @param row - the row
   * @param column - the column
   * @returns the date; NaN if refused
   */
  date(row: Row, column: string): number {
    return this.number(row, column, JULIAN_DATES, { expected: "a Julian date, days UTC" });
  }

  /**
   * A yes or a no: 1 and 0, also as 1.0 and 0.0, true and false, yes and no, in letters of any size.
   *
   * @param row - the row
   * @param column - the column
   * @param refusal - what is expected, in words
   * @returns whether it is a yes; false if refused
   */
  flag(row: Row, column: string, refusal: Refusal): boolean {
    const value = toFlag(row.get(column));
    if (value === undefined) this.refuse(row, column, refusal);
    return value ?? false;
  }
}

/**
 * A number as JSON or CSV has it: never NaN or infinity, and no text but a decimal number.
 *
 * @param value - the value
 * @returns the number; undefined where it is not a number
 *
 * @example
 * ```ts
 * import { toNumber } from "@btsbot/tables";
 *
 * [toNumber("1.5e3"), toNumber("0x10"), toNumber("")]; // => [1500, undefined, undefined]
 * ```
 */
export function toNumber(value: unknown): number | undefined {
  if (typeof value === "string" && !/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(value)) return undefined;
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/**
 * Whether a value of a row is absent: no such column, null, or an empty cell.
 *
 * @param value - the value
 * @returns true if nothing is there
 *
 * @example
 * ```ts
 * import { isAbsent } from "@btsbot/tables";
 *
 * [isAbsent(""), isAbsent(0)]; // => [true, false]
 * ```
 */
export function isAbsent(value: unknown): value is undefined | null | "" {
  return value === undefined || value === null || value === "";
}

/** A yes or a no however it is written; undefined where it is neither. */
function toFlag(value: unknown): boolean | undefined {
  if (typeof value === "boolean") return value;
  const number = toNumber(value);
  if (number !== undefined) return number === 1 ? true : number === 0 ? false : undefined;
  const word = typeof value === "string" ? value.toLowerCase() : "";
  if (YES.has(word)) return true;
  return NO.has(word) ? false : undefined;
}
