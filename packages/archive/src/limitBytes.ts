import { BtsbotError, countOf } from "@btsbot/errors";
import type { ArchiveLimits, GunzipStream } from "./types.js";

/** Alerts without their stamps, as JSON, shrink to a twentieth; a bomb to a thousandth. */
const MAX_RATIO = 200;
/** Bytes that may come out whatever went in: a page of zeros is no attack. */
const FREE_BYTES = 1 << 20;
/** A terabyte: a night of Rubin's packets. */
const MAX_UNPACKED_BYTES = 2 ** 40;

/**
 * Bytes that went in and came out so far.
 *
 * @internal
 */
export interface Meter {
  taken: number;
  given: number;
}

/**
 * Unpacks gzip within limits: what costs nothing to send shall cost little to read.
 *
 * @throws BtsbotError `archive-limit` when more comes out than is allowed
 *
 * @internal
 */
export async function* limitBytes(
  packed: AsyncIterable<Uint8Array>,
  gunzip: GunzipStream,
  { maxRatio = MAX_RATIO, maxUnpackedBytes = MAX_UNPACKED_BYTES }: ArchiveLimits,
  { what, meter }: { readonly what: string; readonly meter: Meter } = {
    what: "the gzip stream",
    meter: { taken: 0, given: 0 },
  },
): AsyncGenerator<Uint8Array, void, void> {
  async function* count(): AsyncGenerator<Uint8Array, void, void> {
    for await (const chunk of packed) {
      meter.taken += chunk.length;
      yield chunk;
    }
  }
  for await (const chunk of gunzip(count())) {
    meter.given += chunk.length;
    const { taken, given } = meter;
    if (given > maxUnpackedBytes)
      throw tooLarge(
        `${what} unpacks to more bytes than the limit`,
        `at most ${countOf(maxUnpackedBytes, "byte")}`,
        "more",
      );
    if (given > FREE_BYTES && given > taken * maxRatio)
      throw tooLarge(
        `${what} unpacks to so much that it cannot be alerts`,
        `at most ${maxRatio} times its size`,
        `${countOf(given, "byte")} out of ${taken}`,
      );
    yield chunk;
  }
}

function tooLarge(summary: string, expected: string, got: string): BtsbotError {
  return new BtsbotError("archive-limit", summary, { expected, got });
}
