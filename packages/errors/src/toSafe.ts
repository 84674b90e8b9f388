import { BtsbotError } from "./BtsbotError.js";

/** The outcome of an input that could be read. */
export interface SafeSuccess<T> {
  /** Tells this outcome from a failure. */
  readonly success: true;
  /** What was read. */
  readonly data: T;
}

/** The outcome of an input that could not be read. */
export interface SafeFailure {
  /** Tells this outcome from a success. */
  readonly success: false;
  /** The error that the throwing twin throws. */
  readonly error: BtsbotError;
}

/** What a `safe…` function returns: the data, or the error that its throwing twin throws. */
export type SafeResult<T> = SafeSuccess<T> | SafeFailure;

/**
 * Runs a function that throws on bad input and returns its outcome instead.
 *
 * @param run - the function; what it throws that is not a {@link BtsbotError} is a bug and goes through
 * @returns the data or the error
 *
 * @example
 * ```ts
 * import { BtsbotError, toSafe } from "@btsbot/errors";
 *
 * toSafe(() => 1).success; // => true
 * toSafe(() => { throw new BtsbotError("input-empty", "no bytes"); }).success; // => false
 * ```
 */
export function toSafe<T>(run: () => T): SafeResult<T> {
  try {
    return { success: true, data: run() };
  } catch (error) {
    if (error instanceof BtsbotError) return { success: false, error };
    throw error;
  }
}
