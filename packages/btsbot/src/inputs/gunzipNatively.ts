import { crc32, createInflateRaw } from "node:zlib";
import { ByteReader } from "@btsbot/archive";
import type { GunzipStream } from "@btsbot/archive";
import { BtsbotError } from "@btsbot/errors";

/** Plain bytes that come at once: a quarter less time than with as many as Node takes by itself. */
const CHUNK = 1 << 18;
/** Of RFC 1952, section 2.3: the first bytes of a member, its fixed header, its trailer, and the flags of the header. */
const MAGIC: readonly number[] = [0x1f, 0x8b, 8];
const FIXED = 10;
const TRAILER = 8;
const [FHCRC, FEXTRA, FNAME, FCOMMENT, RESERVED] = [2, 4, 8, 16, 0xe0];
/** Bytes of a header: no program writes so long a name. */
const MAX_HEADER = 1 << 18;

/**
 * Unpacks a gzip stream with Node's own zlib: four times as fast as the portable way. Members are told apart here, since
 * Node's own reader of gzip gives up what it has just unpacked where something else follows.
 *
 * @throws BtsbotError `archive-invalid` for a stream that is damaged or cut short; `archive-trailing`, after all bytes, where
 * something else follows
 *
 * @internal
 */
export const gunzipNatively: GunzipStream = async function* (packed, onMember) {
  const input = new ByteReader(packed);
  try {
    for (let members = 0; ; members += 1) {
      if (members > 0) await skipZeros(input);
      const start = await input.peek(MAGIC.length + 1);
      if (members > 0 && start.length === 0) return;
      const begins = start.length > MAGIC.length && MAGIC.every((byte, at) => start[at] === byte);
      if (members > 0 && !begins) throw trailing();
      await skipHeader(input);
      yield* readMember(input, onMember);
    }
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code?.startsWith("Z_") !== true) throw cause;
    throw damaged(message, cause);
  } finally {
    await input.close();
  }
};

/** Padding, which tapes and some programs write. */
async function skipZeros(input: ByteReader): Promise<void> {
  for (let bytes: Uint8Array | undefined = await input.take(); bytes !== undefined; bytes = await input.take()) {
    const start = bytes.findIndex((byte) => byte !== 0);
    if (start >= 0) return input.putBack(bytes.subarray(start));
  }
}

async function* readMember(
  input: ByteReader,
  onMember?: (bytes: number) => void,
): AsyncGenerator<Uint8Array, void, void> {
  let [sum, length] = [0, 0];
  for await (const chunk of inflate(input)) {
    sum = crc32(chunk, sum);
    length += chunk.length;
    yield chunk;
  }
  const trailer = await input.peek(TRAILER);
  if (trailer.length < TRAILER) throw damaged("it ends early");
  const view = new DataView(trailer.buffer, trailer.byteOffset, TRAILER);
  if (view.getUint32(0, true) !== sum) throw damaged("its checksum differs");
  if (view.getUint32(4, true) !== length % 2 ** 32) throw damaged("its length differs");
  await input.skip(TRAILER);
  onMember?.(length);
}

/** Unpacks up to the end of the member, and puts back what was given beyond that. */
async function* inflate(input: ByteReader): AsyncGenerator<Uint8Array, void, void> {
  const stream = createInflateRaw({ chunkSize: CHUNK });
  const ended = new Promise<void>((resolve) => void stream.once("end", resolve));
  let given = 0;
  let last: Uint8Array = new Uint8Array(0);
  const feed = async (): Promise<void> => {
    // What is left of a piece at the end of a member is not taken, and its callback may never come.
    while (stream.bytesWritten === given) {
      const piece = await input.take();
      if (piece === undefined) return void stream.end();
      [last, given] = [piece, given + piece.length];
      await Promise.race([ended, new Promise<unknown>((resolve) => stream.write(piece, resolve))]);
    }
  };
  // What the source throws comes out of the loop below.
  const feeding = feed().catch((error: unknown) => void stream.destroy(error as Error));
  for await (const chunk of stream) yield chunk as Uint8Array;
  await feeding;
  input.putBack(last.subarray(last.length - (given - stream.bytesWritten)));
}

async function skipHeader(input: ByteReader): Promise<void> {
  for (let size = FIXED; size <= MAX_HEADER; size *= 2) {
    const bytes = await input.peek(size);
    const end = headerEnd(bytes);
    if (end !== undefined) return void (await input.skip(end));
    if (bytes.length < size) throw damaged("it ends in its header");
  }
  throw damaged("its header is too long");
}

/** How long the header is; undefined where not all of it is there. */
function headerEnd(bytes: Uint8Array): number | undefined {
  if (bytes.length < FIXED) return undefined;
  const flags = bytes[3];
  if (!MAGIC.every((byte, at) => bytes[at] === byte) || (flags & RESERVED) !== 0)
    throw damaged("its header is unknown");
  let end = FIXED;
  if (flags & FEXTRA) end += 2 + bytes[end] + 256 * bytes[end + 1];
  // A length that lies beyond the end reads as NaN.
  if (!(end <= bytes.length)) return undefined;
  for (const flag of [FNAME, FCOMMENT]) {
    if (!(flags & flag)) continue;
    const zero = bytes.indexOf(0, end);
    if (zero < 0) return undefined;
    end = zero + 1;
  }
  const whole = end + (flags & FHCRC ? 2 : 0);
  if (whole > bytes.length) return undefined;
  if (whole > end && (crc32(bytes.subarray(0, end)) & 0xffff) !== bytes[end] + 256 * bytes[end + 1])
    throw damaged("the checksum of its header differs");
  return whole;
}

function trailing(): BtsbotError {
  return new BtsbotError("archive-trailing", "what follows the gzip stream is not part of it", {
    expected: "another gzip stream, zeros, or nothing",
  });
}

function damaged(how: string, cause?: unknown): BtsbotError {
  return new BtsbotError("archive-invalid", "the gzip stream is damaged or cut short", { got: how, cause });
}
