import { readAlertStream, toAlert } from "@btsbot/alert";
import { BtsbotError, checkOptions, countOf, toSafe } from "@btsbot/errors";
import { ByteReader } from "./ByteReader.js";
import { toSeekable } from "./seekable.js";
import { checkSource } from "./toChunks.js";
import type { SafeResult } from "@btsbot/errors";
import type { Alert } from "@btsbot/alert";
import { readMembers } from "./readMembers.js";
import { ARCHIVE_OPTIONS } from "./types.js";
import type { ArchivedAlert, ArchiveOptions, ByteSource, Member, SeekableBytes } from "./types.js";

/** First bytes of a Parquet file: README.md of apache/parquet-format. */
const PARQUET_MAGIC: readonly number[] = [0x50, 0x41, 0x52, 0x31];
/** Row groups of writers that are left to themselves have 128 MB, packed. */
const MAX_BYTES = 1 << 28;

/**
 * Reads the alerts of bytes one by one, packed or not: a packet, a container, JSON, a Parquet file of packets, gzip
 * around them, a tarball or a zip archive of them. See {@link readMembers} for what is unpacked and {@link readAlertStream} for what is read.
 *
 * What cannot be read is an outcome in its place, and the others go on. Only what the source itself throws goes through.
 *
 * @param source - the bytes, or a stream of them
 * @param options - the input's name, how gzip is unpacked, limits, schemas of framed messages, what is done already
 * @returns the outcomes, in the input's order
 *
 * @example
 * ```ts
 * import { encodeAlerts } from "@btsbot/alert";
 * import { readArchive } from "@btsbot/archive";
 * import { gzipSync } from "fflate";
 *
 * const packet = encodeAlerts([{ objectId: "ZTF20aajcdad", candid: 1n, candidate: { jd: 2458881.0, fid: 1 } }]);
 * for await (const { file, index, result } of readArchive(gzipSync(packet), { name: "a.avro.gz" })) {
 *   file; // => "a.avro.gz"
 *   index; // => 0
 *   result.success; // => true
 * }
 * ```
 */
export function readArchive(
  source: ByteSource,
  options: ArchiveOptions = {},
): AsyncGenerator<ArchivedAlert, void, void> {
  checkOptions("readArchive", options, ARCHIVE_OPTIONS);
  checkSource("readArchive", source);
  return readAll(source, options);
}

/** How members are read. */
interface MemberReading extends Required<Pick<ArchiveOptions, "read" | "maxRowGroupBytes" | "maxHeldBytes">> {
  readonly columns: ArchiveOptions["columns"];
}

async function* readAll(source: ByteSource, options: ArchiveOptions): AsyncGenerator<ArchivedAlert, void, void> {
  const {
    read = {},
    columns,
    maxRowGroupBytes = MAX_BYTES,
    maxHeldBytes = MAX_BYTES,
    skip,
    onEmpty,
    ...unpacking
  } = options;
  const reading = { read, columns, maxRowGroupBytes, maxHeldBytes };
  const doneOf = async (name: string): Promise<number> => (await skip?.(name)) ?? 0;
  let members = 0;
  try {
    for await (const member of readMembers(source, unpacking)) {
      members += 1;
      const done = await doneOf(member.name);
      if (done === Infinity) continue;
      let empty = true;
      for await (const outcome of readMember(member, reading, done)) {
        empty = false;
        if ((outcome.index ?? 0) >= done) yield outcome;
      }
      if (empty) onEmpty?.(member.name);
    }
    if (members === 0) onEmpty?.(options.name ?? "");
  } catch (error) {
    if (!(error instanceof BtsbotError)) throw error;
    const file = options.name ?? "";
    if ((await doneOf(file)) < 1) yield { file, result: { success: false, error } };
  }
}

async function* readMember(
  member: Member,
  reading: MemberReading,
  done: number,
): AsyncGenerator<ArchivedAlert, void, void> {
  const { name: file } = member;
  let index = 0;
  const onSkipped = (count: number): unknown => (index = count);
  let first: BtsbotError | undefined;
  for await (const result of guard(readResults(member, reading, done, onSkipped))) {
    // An error that is all there is concerns the file, not its first alert.
    if (first !== undefined) yield { file, index: 0, result: { success: false, error: first } };
    first = undefined;
    if (!result.success && index === 0) first = result.error;
    else yield { file, index, result };
    index += 1;
  }
  if (first !== undefined) yield { file, result: { success: false, error: first } };
}

/** The alerts of a member; of a Parquet file, whose rows can be entered, those that are done are not decoded. */
async function* readResults(
  { bytes, file }: Member,
  { read, columns, maxRowGroupBytes, maxHeldBytes }: MemberReading,
  done: number,
  onSkipped: (count: number) => void,
): AsyncGenerator<SafeResult<Alert>, void, void> {
  const reader = new ByteReader(bytes);
  const start = await reader.peek(PARQUET_MAGIC.length);
  if (!PARQUET_MAGIC.every((byte, at) => start[at] === byte)) return yield* readAlertStream(reader.rest(), read);
  // Who has no such file does not load what reads it.
  const { readParquet } = await import("./parquet/readParquet.js");
  onSkipped(done);
  const rows = readParquet(file ?? (await hold(reader, maxHeldBytes)), { columns, maxRowGroupBytes, skip: done });
  const { surveys, forms } = read;
  for await (const row of rows)
    yield toSafe(() => toAlert(row, { ...(surveys && { surveys }), ...(forms && { forms }) }));
}

/** All the bytes of what cannot be entered. */
async function hold(reader: ByteReader, most: number): Promise<SeekableBytes> {
  const bytes = await reader.peek(most + 1);
  if (bytes.length > most)
    throw new BtsbotError("archive-limit", "a Parquet file that comes as a stream is longer than what is held of one", {
      expected: `at most ${countOf(most, "byte")}`,
      hint: "Unpack it, and name the file itself: it is not held then.",
    });
  return toSeekable(bytes)!;
}

/** Damage of the archive around a member, as one outcome of the member. */
async function* guard(outcomes: AsyncGenerator<SafeResult<Alert>, void, void>): AsyncGenerator<SafeResult<Alert>> {
  try {
    yield* outcomes;
  } catch (error) {
    if (!(error instanceof BtsbotError)) throw error;
    yield { success: false, error };
  }
}
