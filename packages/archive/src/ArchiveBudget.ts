import { BtsbotError, countOf } from "@btsbot/errors";

/** What members may cost before the input has paid for any, in bytes of it: a small archive of small files is not an attack. */
const FREE_COST = 1 << 18;
/** What a member costs, in bytes of the input: one of bgzip has 64 kB, a packet of the survey 20 kB, one without stamps some kB. */
const MEMBER_COST = 1024;
/** What a member costs that holds nothing: a header, an error and its line are made all the same. */
const EMPTY_COST = 8192;
/** Bytes below which there is nothing in a member: the shortest alert in JSON has more. */
const FEWEST = 64;
/** Bytes that may come out of all layers whatever went in. */
const FREE_BYTES = 1 << 20;

/**
 * What an input may still unpack to, all its layers together: each of its own bytes, as they came from outside, pays for
 * some that come out and for a part of a member. An archive in an archive pays for nothing, and so a few bytes never
 * become a hundred thousand members, while an honest archive is read to its end, however long it is.
 *
 * @internal
 */
export class ArchiveBudget {
  private taken = 0;
  private spent = 0;
  private given = 0;
  private failed = false;

  constructor(private readonly maxRatio: number) {}

  /** Whether the input asked for more than it pays for: nothing is read any more. */
  get isSpent(): boolean {
    return this.failed;
  }

  /** Counts bytes of the input while they are read. */
  async *earn(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
    for await (const chunk of chunks) {
      this.taken += chunk.length;
      yield chunk;
    }
  }

  /** Counts the bytes of an input that is entered anywhere. */
  earnAll(size: number): void {
    this.taken = Math.max(this.taken, size);
  }

  /**
   * Counts a member of a gzip stream, a tar or a zip archive.
   *
   * @param bytes - in it; none for a folder or a link, of which nothing is read
   * @returns what to call if an alert was read out of it: then it costs nothing
   * @throws BtsbotError `archive-limit`
   */
  readonly spend = (bytes?: number): (() => void) => {
    let cost = bytes !== undefined && bytes < FEWEST ? EMPTY_COST : MEMBER_COST;
    this.spent += cost;
    if (this.spent > FREE_COST + this.taken)
      throw this.fail("the archive holds too many members for its size", {
        expected: `one in ${MEMBER_COST} bytes, or an empty one in ${EMPTY_COST}, after the first ${FREE_COST / EMPTY_COST}`,
      });
    return () => {
      this.spent -= cost;
      cost = 0;
    };
  };

  /** Counts bytes that came out of a layer. */
  unpack(bytes: number): void {
    this.given += bytes;
    if (this.given > FREE_BYTES + this.taken * this.maxRatio)
      throw this.fail("the layers of the archive unpack to more than alerts can", {
        expected: `at most ${this.maxRatio} times its size`,
        got: `${countOf(this.given, "byte")} out of ${this.taken}`,
      });
  }

  private fail(summary: string, facts: { expected: string; got?: string }): BtsbotError {
    this.failed = true;
    return new BtsbotError("archive-limit", summary, {
      ...facts,
      hint: "The rest of it is not read. If it is needed, unpack the archive first, and name the files.",
    });
  }
}
