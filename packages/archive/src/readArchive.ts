import type { Alert } from "@btsbot/alert";
import { BtsbotError, checkOptions } from "@btsbot/errors";
import type { SafeResult } from "@btsbot/errors";
import { readMember } from "./readMember.js";
import { readMembers } from "./readMembers.js";
import { checkSource } from "./toChunks.js";
import { ARCHIVE_OPTIONS } from "./types.js";
import type { ArchivedAlert, ArchiveOptions, ByteSource, Member, MemberReadOptions } from "./types.js";

/**
 * Reads the alerts of bytes one by one, packed or not: a packet, a container, JSON, a Parquet file of packets, gzip
 * around them, a tarball or a zip archive of them. See {@link readMembers} for what is unpacked and `readAlertStream` of `@btsbot/alert` for what is read.
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

async function* readAll(source: ByteSource, options: ArchiveOptions): AsyncGenerator<ArchivedAlert, void, void> {
  const { read, columns, maxRowGroupBytes, maxHeldBytes, skip, onEmpty, ...unpacking } = options;
  const reading = {
    ...(read && { read }),
    ...(columns && { columns }),
    ...(maxRowGroupBytes !== undefined && { maxRowGroupBytes }),
    ...(maxHeldBytes !== undefined && { maxHeldBytes }),
  };
  const doneOf = async (name: string): Promise<number> => (await skip?.(name)) ?? 0;
  let members = 0;
  try {
    for await (const member of readMembers(source, unpacking)) {
      members += 1;
      const done = await doneOf(member.name);
      if (done === Infinity) {
        member.accept?.();
        continue;
      }
      let empty = done === 0;
      for await (const outcome of readOutcomes(member, { ...reading, skip: done })) {
        empty = false;
        yield outcome;
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

async function* readOutcomes(
  member: Member,
  reading: MemberReadOptions & { readonly skip: number },
): AsyncGenerator<ArchivedAlert, void, void> {
  const { name: file } = member;
  let index = reading.skip;
  let first: BtsbotError | undefined;
  for await (const result of guard(readMember(member, reading))) {
    // An error that is all there is concerns the file, not its first alert.
    if (first !== undefined) yield { file, index: 0, result: { success: false, error: first } };
    first = undefined;
    if (!result.success && index === 0) first = result.error;
    else yield { file, index, result };
    index += 1;
  }
  if (first !== undefined) yield { file, result: { success: false, error: first } };
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
