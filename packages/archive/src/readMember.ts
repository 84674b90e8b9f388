import { READ_LIMITS, readAlerts, readAlertStream, toAlert } from "@btsbot/alert";
import type { Alert, ReadOptions } from "@btsbot/alert";
import { BtsbotError, checkArgument, checkOptions, countOf, toSafe } from "@btsbot/errors";
import type { SafeResult } from "@btsbot/errors";
import { ByteReader, join } from "./ByteReader.js";
import { toSeekable } from "./seekable.js";
import { READING_OPTIONS } from "./types.js";
import type { Member, MemberReadOptions, SeekableBytes } from "./types.js";

/** First bytes of a Parquet file: README.md of apache/parquet-format. */
const PARQUET_MAGIC: readonly number[] = [0x50, 0x41, 0x52, 0x31];
/** A packet of the survey has 50 to 100 kB. */
const SMALL = 1 << 20;
/**
 * Bytes of a member that pay for all that a record may decode to: a value in an eighth of a byte, where packets have one in
 * ten bytes, and 1.5 in a byte where they are packed and have no stamps.
 */
const PAYING = READ_LIMITS.values / 8;
/** A member pays as if it had so many more: an alert of a few fields, or an error of one. */
const FREE = 512;
/** Row groups of writers that are left to themselves have 128 MB, packed. */
const MAX_BYTES = 1 << 28;

/**
 * Reads the alerts of a file, or of one in an archive: everything that {@link readAlertStream} reads, and Parquet.
 *
 * @param member - from {@link readMembers}
 * @param options - how its bytes are read, and how many outcomes are left out at the beginning
 * @returns the outcomes, in order
 * @throws what is wrong with the archive around the member, or with its source; OptionsError for what is not a member
 *
 * @example
 * ```ts
 * import { encodeAlerts } from "@btsbot/alert";
 * import { readMember, readMembers } from "@btsbot/archive";
 *
 * const packet = encodeAlerts([{ objectId: "ZTF20aajcdad", candid: 1n, candidate: { jd: 2458881.0, fid: 1 } }]);
 * for await (const member of readMembers(packet))
 *   for await (const result of readMember(member)) result.success; // => true
 * ```
 */
export function readMember(
  member: Member,
  options: MemberReadOptions = {},
): AsyncGenerator<SafeResult<Alert>, void, void> {
  checkOptions("readMember", options, READING_OPTIONS);
  checkArgument("readMember", "member", member, "object", ["name", "bytes"]);
  return readResults(member, options);
}

async function* readResults(
  member: Member,
  { read = {}, columns, maxRowGroupBytes = MAX_BYTES, maxHeldBytes = MAX_BYTES, skip = 0 }: MemberReadOptions,
): AsyncGenerator<SafeResult<Alert>, void, void> {
  const { file, accept } = member;
  const reader = new ByteReader(member.bytes);
  const start = await reader.peek(PARQUET_MAGIC.length);
  if (!PARQUET_MAGIC.every((byte, at) => start[at] === byte)) {
    let left = skip;
    const results = await readSmall(reader, member, read);
    for await (const result of results) {
      if (result.success) accept?.();
      if (left <= 0) yield result;
      left -= 1;
    }
    return;
  }
  // Who has no such file does not load what reads it.
  const { readParquet } = await import("./parquet/readParquet.js");
  const rows = readParquet(file ?? (await hold(reader, maxHeldBytes)), { columns, maxRowGroupBytes, skip });
  const { surveys, forms } = read;
  const form = { ...(surveys && { surveys }), ...(forms && { forms }) };
  for await (const row of rows) {
    const result = toSafe(() => toAlert(row, form));
    if (result.success) accept?.();
    yield result;
  }
}

/**
 * Reads a member: what is small at once, which takes half the time. What comes live is answered as it comes.
 *
 * What a short member may decode to is in proportion to its length: every member begins with a budget of its own, so that a
 * night of a million packets is read to its end, and thousands of members that hold nothing would have as much each as a
 * whole input.
 */
async function readSmall(
  reader: ByteReader,
  { size, inside = false }: Member,
  read: ReadOptions,
): Promise<Iterable<SafeResult<Alert>> | AsyncIterable<SafeResult<Alert>>> {
  const known = size ?? (inside ? PAYING : Infinity);
  if (known > SMALL) return readAlertStream(reader.rest(), read);
  const parts: Uint8Array[] = [];
  let length = 0;
  let failure: { readonly error: unknown } | undefined;
  try {
    // A byte more than there are shows the end, behind which checksums stand.
    while (length <= known) {
      const part = await reader.take(known + 1 - length);
      if (part === undefined) break;
      parts.push(part);
      length += part.length;
    }
  } catch (error) {
    failure = { error };
  }
  const options = inside && length <= known ? { ...read, limits: limitsOf(length, read) } : read;
  if (failure === undefined && length <= known) return readAlerts(join(parts, length), options);
  return readAlertStream(replay(parts, failure, reader), options);
}

function limitsOf(length: number, { limits }: ReadOptions): ReadOptions["limits"] & object {
  const { values, bytes } = { ...READ_LIMITS, ...limits };
  const part = Math.min(1, (FREE + length) / PAYING);
  return { ...limits, values: Math.ceil(values * part), bytes: Math.ceil(bytes * part) };
}

/** The bytes that came, and then the damage or the others. */
async function* replay(
  parts: readonly Uint8Array[],
  failure: { readonly error: unknown } | undefined,
  reader: ByteReader,
): AsyncGenerator<Uint8Array, void, void> {
  yield* parts;
  if (failure !== undefined) throw failure.error;
  yield* reader.rest();
}

/** All the bytes of what cannot be entered. */
async function hold(reader: ByteReader, most: number): Promise<SeekableBytes> {
  const bytes = await reader.peek(most + 1);
  if (bytes.length > most)
    throw new BtsbotError(
      "archive-limit",
      "a Parquet file that comes as a stream is longer than may be held in memory",
      {
        expected: `at most ${countOf(most, "byte")}`,
        hint: "Unpack it, and name the file itself, which is read in place.",
      },
    );
  return toSeekable(bytes)!;
}
