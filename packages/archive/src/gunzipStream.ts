import { BtsbotError } from "@btsbot/errors";
import { crc32Final, crc32Init, crc32Update } from "@foxglove/crc";
import { Gunzip, gunzipSync } from "fflate";

/** Packed bytes that are unpacked at once: they become a thousand times as many at most. */
const STEP = 8192;
/** Of so many at the beginning fewer are: a bomb is seen when it has begun to go off. */
const [BEGINNING, SMALL_STEP] = [1 << 16, 512];
/** So are those behind bytes that became more than so many times as many, as no alerts do: what comes next may, too. */
const STEEP = 32;
/** Packed bytes from which nothing has come out: no stream that a program writes has so many. */
const MAX_BARREN = 1 << 18;
/** CRC-32 and length of the plain bytes, at the end of a member: RFC 1952, section 2.3.1. */
const TRAILER = 8;
/** The least member has two bytes of deflate that may end in zeros, and its trailer may be zeros, too. */
const MOST_ZEROS = 16;
/** Bytes in which fflate does not look for a header yet. */
const FEWEST = 3;
/** fflate's code for what has no gzip header. */
const INVALID_HEADER = 6;

/**
 * Unpacks a gzip stream chunk by chunk: the portable default of `readArchive`, on fflate. Members may follow each
 * other, each with its checksum; zeros behind the last one are padding.
 *
 * @param packed - the stream
 * @param onMember - called at the end of each member with its plain bytes; what it throws ends the stream
 * @returns the plain bytes
 * @throws BtsbotError `archive-invalid` for a stream that is damaged or cut short, after the bytes before the damage;
 * `archive-trailing` after all bytes where something else follows the last member, which gzip(1) ignores with a warning
 *
 * Source: RFC 1951 and RFC 1952.
 *
 * @example
 * ```ts
 * import { gunzipStream } from "@btsbot/archive";
 * import { gzipSync } from "fflate";
 *
 * const packed = new Blob([gzipSync(new Uint8Array([1, 2, 3]))]).stream();
 * for await (const chunk of gunzipStream(packed)) chunk; // => new Uint8Array([1, 2, 3])
 * ```
 */
export async function* gunzipStream(
  packed: AsyncIterable<Uint8Array>,
  onMember?: (bytes: number) => void,
): AsyncGenerator<Uint8Array, void, void> {
  const members = new GzipMembers(onMember);
  let [zeros, taken] = [0, 0];
  for await (const chunk of packed) {
    for (let at = 0; at < chunk.length;) {
      const step = chunk.subarray(at, at + (taken < BEGINNING || members.isSteep ? SMALL_STEP : STEP));
      at += step.length;
      taken += step.length;
      const end = step.findLastIndex((byte) => byte !== 0) + 1;
      // Zeros are held back: they may be padding, which fflate takes for damage.
      if (end > 0)
        for (; zeros > 0; zeros -= Math.min(zeros, STEP)) yield* members.push(new Uint8Array(Math.min(zeros, STEP)));
      // A copy: fflate keeps what it could not use yet, and whoever gave the chunk may use it again.
      if (end > 0) yield* members.push(step.slice(0, end));
      zeros += step.length - end;
    }
  }
  yield* members.end(Math.min(zeros, MOST_ZEROS));
}

/** The members of a gzip stream. What comes out is counted, to be held against the trailers. */
class GzipMembers {
  private readonly gunzip = new Gunzip();
  private out: Uint8Array[] = [];
  private failure: unknown;
  private crc = crc32Init();
  private length = 0;
  private step = 0;
  /** Bytes that came out of the last packed ones. */
  private gained = 0;
  /** Packed bytes since something came out, and what was given with that. */
  private barren = 0;
  /** The last packed bytes, and how many came before them. */
  private recent: Uint8Array = new Uint8Array(0);
  private before = 0;
  /** Where the member that is being unpacked begins. */
  private start = 0;

  constructor(private readonly onMember: (bytes: number) => void = () => undefined) {
    this.gunzip.ondata = (chunk) => {
      if (chunk.length === 0) return;
      this.out.push(chunk);
      this.crc = crc32Update(this.crc, chunk);
      this.length += chunk.length;
      this.gained += chunk.length;
      // What of these packed bytes came out now is not known: they all stay in sight.
      this.barren = this.step;
    };
    this.gunzip.onmember = (offset) => {
      // Of the first member this is its beginning.
      if (offset > 0) this.endMember(this.recent.subarray(0, offset - this.before));
      [this.crc, this.length, this.start] = [crc32Init(), 0, offset];
    };
  }

  /** Whether the last packed bytes became very many more. */
  get isSteep(): boolean {
    return this.gained > STEEP * this.step;
  }

  *push(bytes: Uint8Array): Generator<Uint8Array, void, void> {
    this.feed(bytes);
    yield* this.out;
    this.out = [];
    if (this.failure !== undefined)
      throw this.isBehindEnd() ? trailing() : damaged("it cannot be unpacked", this.failure);
    if (this.barren > MAX_BARREN) throw damaged("nothing comes out of it");
  }

  /** The zeros at the end are the last bytes of the last member, or padding. */
  *end(zeros: number): Generator<Uint8Array, void, void> {
    this.feed(new Uint8Array(zeros));
    yield* this.out;
    const { recent } = this;
    for (let end = recent.length; end > recent.length - zeros - 1; end -= 1)
      if (this.fitsTrailer(recent.subarray(0, end))) return this.onMember(this.length);
    if (this.hasTrailer(FEWEST + zeros)) throw trailing();
    throw damaged("it ends early, or its checksum differs");
  }

  /** Whether what cannot be unpacked is not a header where a member might begin, behind a whole one. */
  private isBehindEnd(): boolean {
    return (this.failure as { code?: unknown }).code === INVALID_HEADER && this.hasTrailer(this.recent.length);
  }

  /** Whether a trailer that fits ends at most so many bytes before the end. Of nothing, zeros would fit everywhere. */
  private hasTrailer(most: number): boolean {
    if (this.length === 0) return false;
    for (let end = this.recent.length; end >= this.recent.length - most; end -= 1)
      if (this.fitsTrailer(this.recent.subarray(0, end))) return true;
    return false;
  }

  private feed(bytes: Uint8Array): void {
    this.step = bytes.length;
    this.gained = 0;
    this.barren += bytes.length;
    this.remember(bytes);
    try {
      this.gunzip.push(bytes);
    } catch (cause) {
      this.failure = cause;
    }
  }

  private remember(bytes: Uint8Array): void {
    // The header of a member is known when it is there as a whole; its name may be long.
    const kept = this.recent.subarray(-(this.barren + TRAILER));
    const recent = new Uint8Array(kept.length + bytes.length);
    recent.set(kept);
    recent.set(bytes, kept.length);
    this.before += this.recent.length - kept.length;
    this.recent = recent;
  }

  private endMember(packed: Uint8Array): void {
    if (!this.fitsTrailer(packed)) throw damaged("the checksum of a member differs");
    this.onMember(this.length);
  }

  private fitsTrailer(packed: Uint8Array): boolean {
    if (packed.length < TRAILER) return false;
    const view = new DataView(packed.buffer, packed.byteOffset + packed.length - TRAILER, TRAILER);
    const fits = view.getUint32(0, true) === crc32Final(this.crc) && view.getUint32(4, true) === this.length % 2 ** 32;
    // Eight zeros are the trailer of nothing: whether that was all, its bytes say, which are all here.
    return fits && (this.length > 0 || isWhole(packed.subarray(this.start - this.before)));
  }
}

function isWhole(member: Uint8Array): boolean {
  try {
    gunzipSync(member);
    return true;
  } catch {
    return false;
  }
}

function trailing(): BtsbotError {
  return new BtsbotError("archive-trailing", "what follows the gzip stream is not part of it", {
    expected: "another gzip stream, zeros, or nothing",
  });
}

function damaged(how: string, cause?: unknown): BtsbotError {
  if (cause instanceof BtsbotError) return cause;
  return new BtsbotError("archive-invalid", `the gzip stream is damaged: ${how}`, { cause });
}
