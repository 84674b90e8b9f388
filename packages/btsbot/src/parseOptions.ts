import { InvalidArgumentError } from "commander";
import { MAX_BATCH } from "./scoreCommand.js";

/**
 * An option that may come again.
 *
 * @internal
 */
export function collect(value: string, previous: readonly string[]): string[] {
  return [...previous, value];
}

/**
 * Alerts in a batch: a whole number from 1 to the most that there is room for.
 *
 * @internal
 */
export function parseBatch(value: string): number {
  const count = /^[1-9]\d{0,8}$/.test(value) ? Number(value) : NaN;
  if (!(count <= MAX_BATCH)) throw new InvalidArgumentError(`A whole number from 1 to ${MAX_BATCH} is needed.`);
  return count;
}

/**
 * A whole number from 0 on.
 *
 * @internal
 */
export function parseIndex(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError("A whole number from 0 on is needed.");
  return Number(value);
}

/**
 * A tolerance: a number from 0 on.
 *
 * @internal
 */
export function parseTolerance(value: string): number {
  const number = Number(value);
  if (value.trim() === "" || !Number.isFinite(number) || number < 0)
    throw new InvalidArgumentError("A number from 0 on is needed, such as 1e-5.");
  return number;
}
