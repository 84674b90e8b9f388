import { hashKeys } from "@btsbot/chance";

/** Half of what the hash can be. */
const HALF = 2 ** 31;

/**
 * The half that a source belongs to: a function of its name alone, so that more data never move a source
 * from one half to the other, and all its alerts stay together.
 *
 * @param objectId - the source's name
 * @returns true for the half that a search does not see
 */
export function isHeldOut(objectId: string): boolean {
  return hashKeys(objectId) >= HALF;
}
