import { BtsbotError } from "@btsbot/errors";
import type { Problem, ProblemDetails } from "@btsbot/errors";

/** As many as a message names: a wrong column has as many as the file has lines. */
const MOST = 10;

/** The codes of what can be wrong with a row. */
export type TableCode = "table-invalid" | "label-invalid";

/**
 * One thing that is wrong with a table.
 *
 * @param path - the file
 * @param line - the line, from 1
 * @param column - the column, where it is one column's
 * @param summary - what is wrong, in a few words
 * @param details - what was expected, and what is there
 * @param code - the code; `table-invalid` by default
 *
 * @internal
 */
export function rowProblem(
  path: string,
  line: number,
  column: string | undefined,
  summary: string,
  details: Omit<ProblemDetails, "path">,
  code: TableCode = "table-invalid",
): Problem {
  return BtsbotError.problem(code, summary, {
    ...details,
    path: `${path}:${line}${column === undefined ? "" : `: ${column}`}`,
  });
}

/**
 * Keeps problems; at the tenth it throws them all.
 *
 * @internal
 */
export function addProblem(problems: Problem[], problem: Problem): void {
  problems.push(problem);
  if (problems.length >= MOST) throw new BtsbotError(problems);
}

/**
 * A value for an error's message, cut short.
 *
 * @internal
 */
export function showValue(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
