import { readAlerts, readAlertStream, toAlert } from "@btsbot/alert";
import type { Alert } from "@btsbot/alert";
import { BtsbotError, checkArgument, checkOptions, countOf, toSafe } from "@btsbot/errors";
import type { SafeResult } from "@btsbot/errors";
import { ByteReader } from "./ByteReader.js";
import { toSeekable } from "./seekable.js";
import { READING_OPTIONS } from "./types.js";
import type { Member, MemberReadOptions, SeekableBytes } from "./types.js";

/** First bytes of a Parquet file: README.md of apache/parquet-format. */
const PARQUET_MAGIC: readonly number[] = [0x50, 0x41, 0x52, 0x31];
/** A packet of the survey has 50 to 100 kB. */
const SMALL = 1 << 20;
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
  { bytes, size = Infinity, file, accept }: Member,
  { read = {}, columns, maxRowGroupBytes = MAX_BYTES, maxHeldBytes = MAX_BYTES, skip = 0 }: MemberReadOptions,
): AsyncGenerator<SafeResult<Alert>, void, void> {
  const reader = new ByteReader(bytes);
  const start = await reader.peek(PARQUET_MAGIC.length);
  if (!PARQUET_MAGIC.every((byte, at) => start[at] === byte)) {
    let left = skip;
    // What is small is read at once, which takes half the time. What comes live is answered as it comes.
    // A byte more than there are shows the end, behind which checksums stand.
    const whole = size <= SMALL && start.length > 0 ? await toSafeBytes(reader.peek(size + 1)) : undefined;
    const results = whole?.success
      ? readAlerts(whole.data, read)
      : readAlertStream(whole ? failBehind(reader, whole.error) : reader.rest(), read);
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

type Attempt =
  { readonly success: true; readonly data: Uint8Array } | { readonly success: false; readonly error: unknown };

async function toSafeBytes(bytes: Promise<Uint8Array>): Promise<Attempt> {
  return bytes.then(
    (data) => ({ success: true, data }),
    (error: unknown) => ({ success: false, error }),
  );
}

/** The bytes that came before damage, and then the damage. */
async function* failBehind(reader: ByteReader, error: unknown): AsyncGenerator<Uint8Array, void, void> {
  yield* reader.rest();
  throw error;
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
