/** The longest that a timer waits, ms: what is longer would end at once (HTML, timers: a signed integer of 32 bits). */
const LONGEST = 2 ** 31 - 1;

/**
 * The wait that is meant, ms; undefined where there is no end to it.
 *
 * @throws RangeError if it is not a number of 0 or more
 *
 * @internal
 */
export function checkMaxWait(maxWaitMs: number | undefined): number | undefined {
  if (maxWaitMs === undefined || maxWaitMs > LONGEST) return undefined;
  if (maxWaitMs >= 0) return maxWaitMs;
  throw new RangeError(`maxWaitMs: expected a number of milliseconds, 0 or more, got ${maxWaitMs}`);
}
