import { BtsbotError } from "@btsbot/errors";

/**
 * Levels of records, lists and objects in one another that no survey's schema, packet or document reaches (a
 * packet has 4, BOOM's documents 8). It bounds recursion, also that of `JSON.stringify` on what was read.
 */
export const MAX_DEPTH = 64;

/** What is said where the levels are more. */
export function tooDeep(path?: string): BtsbotError {
  return new BtsbotError("limit-exceeded", "the document nests too deeply", {
    ...(path !== undefined && { path }),
    expected: `at most ${MAX_DEPTH} levels`,
  });
}
