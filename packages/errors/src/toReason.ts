import { BtsbotError } from "./BtsbotError.js";
import type { ReasonCode } from "./codes.js";

/**
 * Why a model gave no score: a code from the registry, one line for people, and the facts
 * (`feature`, `path`, `expected`, `got`) that the code names.
 */
export interface Reason {
  /** The code, from the registry. */
  readonly code: ReasonCode;
  /** One line for people. */
  readonly message: string;
  /** The facts, by name. */
  readonly [fact: string]: string | number | undefined;
}

/**
 * Turns an error into the reasons that a result carries, one for each of its problems.
 *
 * @param error - a {@link BtsbotError}; anything else is a bug and is thrown again
 * @returns the reasons, at least one
 * @throws the value itself, if it is not a {@link BtsbotError}
 *
 * @example
 * ```ts
 * import { BtsbotError, toReason } from "@btsbot/errors";
 *
 * const error = new BtsbotError("stamp-all-zero", "every pixel is 0", { path: "cutoutTemplate" });
 * toReason(error)[0].code; // => "stamp-all-zero"
 * ```
 */
export function toReason(error: unknown): Reason[] {
  if (!(error instanceof BtsbotError)) throw error;
  return error.problems.map((problem) => ({ ...problem, code: problem.code as ReasonCode }));
}
