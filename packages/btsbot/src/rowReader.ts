import { BtsbotError } from "@btsbot/errors";
import type { Problem } from "@btsbot/errors";
import type { Row } from "./readRows.js";
import { addProblem, rowProblem, show } from "./rowProblems.js";

/** Modified Julian dates are about 60,000: one of those would move every night. */
const JULIAN_DATES = [2_400_000.5, 2_600_000] as const;

/**
 * Reads values of a table's rows; what is wrong is kept, so that an error names several places.
 *
 * @internal
 */
export class RowReader {
  readonly problems: Problem[] = [];

  constructor(private readonly path: string) {}

  /** Keeps what is wrong with a value. */
  refuse({ line, values }: Row, column: string, expected: string, hint?: string): void {
    const has = column in values;
    const summary = has ? "the value cannot be used" : "there is no such column";
    const got = has ? show(values[column]) : `the columns ${Object.keys(values).join(", ")}`;
    addProblem(
      this.problems,
      rowProblem(this.path, line, column, summary, { expected, got, ...(hint !== undefined && { hint }) }),
    );
  }

  /** Throws if anything was refused: at the end, and after the first row, as a column that is absent is so in every row. */
  finish(): void {
    if (this.problems.length > 0) throw new BtsbotError(this.problems);
  }

  /** A text that is not empty. */
  text(row: Row, column: string): string {
    const value = row.values[column];
    if (typeof value === "string" && value !== "") return value;
    this.refuse(row, column, "a text");
    return "";
  }

  /** A number in a range, both ends included. */
  number(row: Row, column: string, [low, high]: readonly [number, number], expected: string, hint?: string): number {
    const value = toNumber(row.values[column]);
    if (value !== undefined && value >= low && value <= high) return value;
    this.refuse(row, column, expected, hint);
    return NaN;
  }

  /** A Julian date. */
  date(row: Row, column: string): number {
    return this.number(row, column, JULIAN_DATES, "a Julian date, days UTC");
  }
}

/**
 * A number as JSON or CSV has it: never NaN or infinity, and no text but a decimal number.
 *
 * @internal
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
 * @internal
 */
export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}
