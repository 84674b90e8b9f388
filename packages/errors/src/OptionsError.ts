/**
 * A mistake of the calling program: an option that a function does not have or needs, or an argument of the wrong kind.
 * It is a TypeError that says which, and what was expected; what is wrong with data is a `BtsbotError`.
 *
 * @example
 * ```ts
 * import { OptionsError } from "@btsbot/errors";
 *
 * const error = new OptionsError("draw: expected `width` to be a number, got null");
 * error.code; // => "options-invalid"
 * error instanceof TypeError; // => true
 * ```
 */
export class OptionsError extends TypeError {
  /** The code, from the registry. */
  readonly code = "options-invalid" as const;
  /** Its kind, by which errors are told apart. */
  override readonly name = "OptionsError";
}
