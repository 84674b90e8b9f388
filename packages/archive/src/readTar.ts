import { BtsbotError } from "@btsbot/errors";
import { unpackTar } from "modern-tar";
import type { TarHeader } from "modern-tar";
import type { ByteReader } from "./ByteReader.js";
import { isTarHeader, TAR_BLOCK } from "./sniffArchive.js";

/** Type flags of headers that describe the next one: pax, its global kind, and GNU's long names. */
const DESCRIBING: readonly string[] = ["x", "g", "L", "K"];
const TYPE_PLACE = 156;
const SIZE_START = 124;
const SIZE_END = 136;
/** Most bytes of what stands before a member: long names take a few hundred. */
const MAX_DESCRIPTION = 1 << 20;

/** One step through a tar archive: a member with its bytes, or damage behind which it goes on. */
export type TarStep =
  { readonly header: TarHeader; readonly bytes: AsyncGenerator<Uint8Array, void, void> } | BtsbotError;

/**
 * Reads a tar archive as it streams. The bytes of a member are those that come next, and what its reader leaves is
 * skipped. A damaged header is told, and the next whole one is looked for. Archives one behind the other are read as one.
 *
 * modern-tar understands the headers. Its own stream is not used: it gives up members that it has read already when
 * the next header is damaged, and has no way to go on behind that.
 *
 * @throws BtsbotError `archive-invalid` where the archive ends inside a member or without its end mark
 *
 * @internal
 */
export async function* readTar(reader: ByteReader): AsyncGenerator<TarStep, void, void> {
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
    const member = createMember(reader, header);
    yield { header, bytes: member.read() };
    await member.finish();
  }
}

/** The header of the next member, with what stands before it; undefined where it cannot be understood. */
async function readHeader(reader: ByteReader): Promise<TarHeader | undefined> {
  let length = 0;
  for (;;) {
    const bytes = await reader.peek(length + TAR_BLOCK);
    if (bytes.length < length + TAR_BLOCK) throw cutShort(reader, "inside a header");
    const block = bytes.subarray(length);
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
  await reader.skip(length);
  return header;
}

function createMember(
  reader: ByteReader,
  { name, size }: TarHeader,
): { read: () => AsyncGenerator<Uint8Array, void, void>; finish: () => Promise<void> } {
  let left = size;
  return {
    async *read() {
      while (left > 0) {
        const bytes = await reader.take(left);
        if (bytes === undefined) throw cutShort(reader, `inside ${name}`);
        left -= bytes.length;
        yield bytes;
      }
    },
    async finish() {
      const padding = -size & (TAR_BLOCK - 1);
      if ((await reader.skip(left + padding)) < left) throw cutShort(reader, `inside ${name}`);
      left = 0;
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
    got: `${reader.position - start} bytes were skipped up to the next member`,
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
