import { BtsbotError } from "@btsbot/errors";

/**
 * What a store throws at a cursor of a claim that is not the last one.
 *
 * @param source - name of the source, or of the part
 * @returns the error, `store-fenced`
 *
 * @example
 * ```ts
 * import { toFenced } from "@btsbot/decide";
 *
 * toFenced("alerts/3").code; // => "store-fenced"
 * ```
 */
export function toFenced(source: string): BtsbotError {
  return new BtsbotError("store-fenced", "another run reads this source now", {
    got: `a cursor of ${source} under an earlier claim`,
    hint: "What was read is not kept; whoever claimed the source reads it again.",
  });
}
