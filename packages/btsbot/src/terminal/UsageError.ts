import { BtsbotError } from "@btsbot/errors";

/**
 * What is wrong with what a command was told to do, whatever its code: nothing was done, and the exit status is that of wrong
 * usage. What is wrong with the inputs is not.
 *
 * @internal
 */
export class UsageError extends BtsbotError {
  /** @param error - what is wrong */
  constructor(error: BtsbotError) {
    super(error.problems);
    this.cause = error.cause;
  }
}

/**
 * Runs what reads a file that says what to do: a policy, rules, a configuration, a schema.
 *
 * @throws UsageError where it throws a BtsbotError
 *
 * @internal
 */
export async function readForUsage<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw error instanceof BtsbotError ? new UsageError(error) : error;
  }
}
