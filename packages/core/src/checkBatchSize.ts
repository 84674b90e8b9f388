/** Alerts in one run of a network unless the caller says otherwise: more gain nothing on one core, and hold memory. */
const DEFAULT_BATCH_SIZE = 32;

/**
 * The batch size that is meant.
 *
 * @throws RangeError if it is not a whole number of 1 or more
 *
 * @internal
 */
export function checkBatchSize(batchSize = DEFAULT_BATCH_SIZE): number {
  if (Number.isInteger(batchSize) && batchSize >= 1) return batchSize;
  throw new RangeError(`batchSize: expected a whole number, 1 or more, got ${batchSize}`);
}
