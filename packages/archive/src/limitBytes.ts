import { BtsbotError, countOf } from "@btsbot/errors";
import { BARREN_PART } from "./ArchiveBudget.js";
import type { ArchiveBudget } from "./ArchiveBudget.js";
import type { ArchiveLimits, GunzipStream } from "./types.js";

/** Alerts without their stamps, as JSON, shrink to a twentieth; a bomb to a thousandth. */
export const MAX_RATIO = 200;
/** Bytes that may come out whatever went in: a page of zeros is not an attack. */
const FREE_BYTES = 1 << 19;
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
 * What is counted: of a stream or an archive alone, and of the whole input.
 *
 * @internal
 */
export interface Metering {
  readonly meter: Meter;
  readonly budget: ArchiveBudget;
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
  { what, meter, budget, isMember = false }: Metering & { readonly what: string; readonly isMember?: boolean },
): AsyncGenerator<Uint8Array, void, void> {
  async function* count(): AsyncGenerator<Uint8Array, void, void> {
    for await (const chunk of packed) {
      meter.taken += chunk.length;
      yield chunk;
    }
  }
  // A member of an archive was counted when its header was read.
  let uncounted = isMember ? 1 : 0;
  const onMember = (bytes: number): void => {
    if (uncounted === 0) budget.spend(bytes);
    else uncounted -= 1;
  };
  for await (const chunk of gunzip(count(), onMember)) {
    meter.given += chunk.length;
    // Before anything is refused: what a refused member unpacked to was unpacked.
    budget.unpack(chunk.length);
    const { taken, given } = meter;
    if (given > maxUnpackedBytes)
      throw tooLarge(
        `${what} unpacks to more bytes than the limit`,
        `at most ${countOf(maxUnpackedBytes, "byte")}`,
        "more",
      );
    // Sooner than all layers together: a bomb is refused before it has spent what others need.
    const barren = Math.min(given, budget.barren);
    const isBarren = barren > FREE_BYTES + BARREN_PART * taken * maxRatio;
    if (isBarren || (given > FREE_BYTES && given > taken * maxRatio))
      throw tooLarge(
        `${what} unpacks to more than alerts can`,
        isBarren
          ? `at most ${BARREN_PART * maxRatio} times its size without one`
          : `at most ${maxRatio} times its size`,
        `${countOf(isBarren ? barren : given, "byte")} out of ${taken}`,
      );
    budget.check();
    yield chunk;
  }
}

function tooLarge(summary: string, expected: string, got: string): BtsbotError {
  return new BtsbotError("archive-limit", summary, { expected, got });
}
