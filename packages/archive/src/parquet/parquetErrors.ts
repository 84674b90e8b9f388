import { BtsbotError } from "@btsbot/errors";

/**
 * What is said of a Parquet file that is damaged.
 *
 * @internal
 */
export function damaged(how: string, cause?: unknown): BtsbotError {
  return new BtsbotError("archive-invalid", `the Parquet file is damaged: ${how}`, { cause });
}

/**
 * What is said of a Parquet file that is written in a way that is not read.
 *
 * @internal
 */
export function unsupported(what: string, expected: string): BtsbotError {
  return new BtsbotError("archive-unsupported", `the Parquet file uses ${what}, which is not supported`, {
    expected,
    hint: "Write it again with one of these.",
  });
}
