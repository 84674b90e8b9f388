import { BtsbotError } from "@btsbot/errors";

/**
 * Runs a function and puts a place in front of the problems of what it throws.
 *
 * @internal
 */
export function atPath<T>(path: string | undefined, run: () => T): T {
  if (path === undefined) return run();
  try {
    return run();
  } catch (error) {
    if (!(error instanceof BtsbotError)) throw error;
    const placed = new BtsbotError(
      error.problems.map((problem) => ({ ...problem, path, message: `${path}: ${problem.message}` })),
    );
    if (error.cause !== undefined) placed.cause = error.cause;
    throw placed;
  }
}
