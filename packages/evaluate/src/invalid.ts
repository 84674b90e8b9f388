import { BtsbotError } from "@btsbot/errors";
import type { Problem } from "@btsbot/errors";

/**
 * One thing that is wrong with what was given.
 *
 * @param path - where, such as `rows[3].score`
 * @param expected - what belongs there
 * @param got - what is there
 * @returns the problem
 */
export function invalid(path: string, expected: string, got: unknown): Problem {
  return BtsbotError.problem("evaluation-invalid", "cannot be evaluated", { path, expected, got: String(got) });
}

/**
 * A value for a message about a number: a text of digits would look like what is asked for.
 *
 * @param value - what is there
 * @returns it, with its type if it is a text
 */
export function withType(value: unknown): string {
  return typeof value === "string" ? `the text "${value}"` : String(value);
}

/**
 * Refuses what has problems.
 *
 * @param problems - what is wrong, if anything
 * @throws BtsbotError with all of them, if there is one
 */
export function refuse(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new BtsbotError(problems);
}

/**
 * Whether a value is a score.
 *
 * @param value - the value
 * @returns true for a number from 0 to 1; false for NaN
 */
export function isScore(value: number): boolean {
  return value >= 0 && value <= 1;
}

/**
 * What is divided, where it can be.
 *
 * @param part - the numerator
 * @param whole - the denominator
 * @returns the ratio; undefined if the denominator is 0
 */
export function ratio(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : part / whole;
}
