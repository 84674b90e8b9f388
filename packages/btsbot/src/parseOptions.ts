import { InvalidArgumentError } from "commander";

/**
 * An option that may come again.
 *
 * @internal
 */
export function collect(value: string, previous: readonly string[]): string[] {
  return [...previous, value];
}

/**
 * A whole number from 1 on.
 *
 * @internal
 */
export function parseCount(value: string): number {
  if (!/^[1-9]\d{0,5}$/.test(value)) throw new InvalidArgumentError("A whole number from 1 on is needed.");
  return Number(value);
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
  if (value.trim() === "" || !Number.isFinite(number) || number < 0) throw new InvalidArgumentError("A number from 0 on is needed, such as 1e-5.");
  return number;
}
