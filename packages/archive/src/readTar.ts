import { BtsbotError, countOf } from "@btsbot/errors";
import { unpackTar } from "modern-tar";
import type { TarHeader } from "modern-tar";
import type { ArchiveMember, ArchiveStep } from "./ArchiveStep.js";
import type { ByteReader } from "./ByteReader.js";
import { isTarHeader, TAR_BLOCK } from "./sniffArchive.js";

/** Type flags of headers that describe the next one: pax, its global kind, and GNU's long names. */
const DESCRIBING: readonly string[] = ["x", "g", "L", "K"];
const TYPE_PLACE = 156;
const SIZE_START = 124;
const SIZE_END = 136;
/** Most bytes of what stands before a member: long names take a few hundred. */
const MAX_DESCRIPTION = 1 << 20;
/** GNU's type flags beside those of POSIX: "Basic Tar Format" in the manual of GNU tar. */
const [SPARSE, CONTINUED, LABEL, LISTING] = ["S", "M", "V", "D"];
/** Where a sparse header, and each block that goes on with its map, says that another one follows (as above). */
const MORE_IN_HEADER = 482;
const MORE_IN_BLOCK = 504;
/** Keys of pax headers that make a member a sparse one: "Storing Sparse Files" in the manual of GNU tar. */
const SPARSE_KEY = "GNU.sparse.";
const SPARSE_NAME = `${SPARSE_KEY}name`;

/**
 * Reads a tar archive as it streams. The bytes of a member are those that come next, and what its reader leaves is
 * skipped. A damaged header is told, and the next whole one is looked for. Archives one behind the other are read as one.
 *
 * modern-tar understands the headers. Its own stream is not used: it gives up members that it has read already when
 * the next header is damaged, and has no way to go on behind that.
 *
 * @throws BtsbotError `archive-invalid` where the archive ends inside a member, unless the reader of its bytes was told, or
 * without its end mark
 *
 * @internal
 */
export async function* readTar(reader: ByteReader): AsyncGenerator<ArchiveStep, void, void> {
  let ended = false;
  for (;;) {
    const block = await reader.peek(TAR_BLOCK);
    if (block.length === 0 && ended) return;
    if (block.length < TAR_BLOCK && !(ended && isBlank(block))) throw cutShort(reader, "where a header should be");
    if (isBlank(block)) {
      ended = true;
      await reader.skip(block.length);
      continue;
    }
    const start = reader.position;
    const header = isTarHeader(block) ? await readHeader(reader) : undefined;
    if (header === undefined) {
      yield await skipDamage(reader, start);
      continue;
    }
    ended = false;
    const bytes = createBytes(reader, header);
    const { name, kind, size, unreadable } = header;
    yield { name, kind, size, packed: size, ...(unreadable && { unreadable }), bytes: bytes.read() };
    // Who reads the member was told that the bytes end here: once is enough.
    if ((await bytes.finish()) === "told") return;
  }
}

/** The header of the next member, with what stands before it; undefined where it cannot be understood. */
async function readHeader(reader: ByteReader): Promise<MemberHeader | undefined> {
  let length = 0;
  let block: Uint8Array;
  for (;;) {
    const bytes = await reader.peek(length + TAR_BLOCK);
    if (bytes.length < length + TAR_BLOCK) throw cutShort(reader, "inside a header");
    block = bytes.subarray(length);
    if (!isTarHeader(block)) return undefined;
    length += TAR_BLOCK;
    if (!DESCRIBING.includes(String.fromCharCode(block[TYPE_PLACE]))) break;
    const size = Number.parseInt(String.fromCharCode(...block.subarray(SIZE_START, SIZE_END)), 8);
    if (!(size >= 0 && length + size <= MAX_DESCRIPTION)) return undefined;
    length += size + (-size & (TAR_BLOCK - 1));
  }
  let header: TarHeader | undefined;
  const bytes = (await reader.peek(length)).slice();
  // The member's own bytes are not there, so that this ends in an error as soon as the header is known.
  await unpackTar(bytes, { strict: true, filter: (found) => ((header = found), false) }).catch(() => undefined);
  if (header === undefined || !Number.isSafeInteger(header.size) || header.size < 0) return undefined;
  const flag = String.fromCharCode(block[TYPE_PLACE]);
  const described = describeMember(header, flag);
  await reader.skip(length);
  if (flag === SPARSE && block[MORE_IN_HEADER] !== 0) await skipMap(reader);
  return described;
}

type MemberHeader = Omit<ArchiveMember, "bytes" | "packed"> & Required<Pick<ArchiveMember, "size">>;

function describeMember({ name, type = "file", size, pax = {} }: TarHeader, flag: string): MemberHeader {
  if (flag === LABEL || flag === LISTING) return { name, kind: "directory", size };
  if (flag === CONTINUED)
    return { name, kind: "file", size, unreadable: inPart("the end of a file that begins in another volume") };
  if (flag === SPARSE || Object.keys(pax).some((key) => key.startsWith(SPARSE_KEY)))
    return { name: pax[SPARSE_NAME] ?? name, kind: "file", size, unreadable: inPart("a sparse file") };
  return { name, kind: type === "file" || type === "directory" ? type : "other", size };
}

/** The bytes of such a member leave out parts of the file, and would pass for a damaged packet, or for a good one. */
function inPart(what: string): BtsbotError {
  return new BtsbotError("archive-unsupported", `the tar archive holds ${what}, which is not supported`, {
    expected: "whole files",
    hint: "Pack whole files, in one volume.",
  });
}

/** What goes on with the map of a sparse member stands before its bytes, and is not counted in its size. */
async function skipMap(reader: ByteReader): Promise<void> {
  for (let more = true; more;) {
    const block = await reader.peek(TAR_BLOCK);
    if (block.length < TAR_BLOCK) throw cutShort(reader, "inside a header");
    more = block[MORE_IN_BLOCK] !== 0;
    await reader.skip(TAR_BLOCK);
  }
}

function createBytes(
  reader: ByteReader,
  { name, size }: MemberHeader,
): { read: () => AsyncGenerator<Uint8Array, void, void>; finish: () => Promise<"told" | undefined> } {
  let left = size;
  let told = false;
  return {
    async *read() {
      try {
        while (left > 0) {
          const bytes = await reader.take(left);
          if (bytes === undefined) throw cutShort(reader, `inside ${name}`);
          left -= bytes.length;
          yield bytes;
        }
      } catch (error) {
        told = true;
        throw error;
      }
    },
    async finish() {
      if (told) return "told";
      const padding = -size & (TAR_BLOCK - 1);
      if ((await reader.skip(left + padding)) < left) throw cutShort(reader, `inside ${name}`);
      left = 0;
      return undefined;
    },
  };
}

/** Goes on to the next whole header, or to the end mark. */
async function skipDamage(reader: ByteReader, start: number): Promise<BtsbotError> {
  let block: Uint8Array;
  do {
    await reader.skip(TAR_BLOCK);
    block = await reader.peek(TAR_BLOCK);
  } while (block.length === TAR_BLOCK && !isTarHeader(block) && !isBlank(block));
  return new BtsbotError("archive-invalid", "the tar archive is damaged: a header cannot be understood", {
    path: `byte ${start}`,
    got: `${countOf(reader.position - start, "byte")} were skipped up to the next member`,
  });
}

function isBlank(block: Uint8Array): boolean {
  return block.every((byte) => byte === 0);
}

function cutShort(reader: ByteReader, where: string): BtsbotError {
  return new BtsbotError("archive-invalid", `the tar archive ends early, ${where}`, {
    path: `byte ${reader.position}`,
  });
}
