import { BtsbotError, countOf } from "@btsbot/errors";

/** What members may cost before the input has paid for any, in bytes of it: a small archive of small files is not an attack. */
const FREE_COST = 1 << 19;
/**
 * What a member costs, in bytes of the input: one of bgzip unpacks to 64 kB, and has 3 kB where that is JSON; a packet of the
 * survey has 20 kB, one without stamps some kB. To unpack a member takes 40 microseconds, however small it is.
 */
const MEMBER_COST = 2048;
/** What a member costs that holds nothing: a header, an error and its line are made all the same. */
const EMPTY_COST = 16_384;
/** Bytes of the input that are taken at once; a packet of the survey comes in one piece. */
const MOST_AT_ONCE = 1 << 17;
/** Bytes below which there is nothing in a member: the shortest alert in JSON has more. */
const FEWEST = 64;
/** Bytes that may come out of all layers whatever went in. */
const FREE_BYTES = 1 << 19;
/** Bytes that may come out before the first alert or between two: of one layer the same as at all, and of a few. */
const FREE_BARREN = 2 * FREE_BYTES;
/**
 * The part of all that may come out which may come out between two alerts: what shrinks to a twenty-fifth and holds none
 * is next to nothing. Alerts without stamps, as JSON, shrink to a twentieth, and so do logs.
 */
export const BARREN_PART = 1 / 8;

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
  private sinceAlert = 0;
  private failed = false;

  constructor(private readonly maxRatio: number) {}

  /** Whether the input asked for more than it pays for: nothing is read any more. */
  get isSpent(): boolean {
    return this.failed;
  }

  /** Bytes that came out since the last alert. */
  get barren(): number {
    return this.sinceAlert;
  }

  /** Counts bytes of the input when they are read: those of a long chunk, bit by bit, pay for no more than a stream's. */
  async *earn(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.length; at += MOST_AT_ONCE) {
        const part = chunk.length > MOST_AT_ONCE ? chunk.subarray(at, at + MOST_AT_ONCE) : chunk;
        this.taken += part.length;
        yield part;
      }
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
   * @returns what to call for each alert that was read out of it: then it costs nothing
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
      this.accept();
    };
  };

  /** Counts an alert that was read. */
  readonly accept = (): void => {
    this.sinceAlert = 0;
  };

  /** Counts bytes that came out of a layer, be they used or not. */
  unpack(bytes: number): void {
    this.given += bytes;
    this.sinceAlert += bytes;
  }

  /**
   * Refuses to go on when too many came out.
   *
   * @throws BtsbotError `archive-limit`
   */
  check(): void {
    const most = this.taken * this.maxRatio;
    if (this.given > FREE_BYTES + most)
      throw this.fail("the layers of the archive unpack to more than alerts can", {
        expected: `at most ${this.maxRatio} times its size`,
        got: `${countOf(this.given, "byte")} out of ${this.taken}`,
      });
    if (this.sinceAlert > FREE_BARREN + BARREN_PART * most)
      throw this.fail("more of the archive unpacks to no alert than is allowed", {
        expected: `at most ${BARREN_PART * this.maxRatio} times its size without one`,
        got: `${countOf(this.sinceAlert, "byte")} out of ${this.taken}`,
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
