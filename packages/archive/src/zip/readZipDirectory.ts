import { BtsbotError } from "@btsbot/errors";
import type { ArchiveMember } from "../ArchiveStep.js";
import { ByteReader } from "../ByteReader.js";
import { readRange } from "../seekable.js";
import type { SeekableBytes } from "../types.js";
import { openZipMember } from "./openZipMember.js";
import type { ZipUnpacking } from "./openZipMember.js";
import {
  damaged,
  DIRECTORY_END,
  DIRECTORY_END_64,
  DIRECTORY_HEADER,
  DIRECTORY_LENGTH,
  END_64_LENGTH,
  END_LENGTH,
  headerLength,
  LOCAL_HEADER,
  LOCAL_LENGTH,
  LOCATOR_64,
  LOCATOR_64_LENGTH,
  parseHeader,
  ZipFields,
} from "./zipHeaders.js";
import type { ZipHeader } from "./zipHeaders.js";

/** The longest comment behind the directory: its length has 16 bits. */
const MOST_COMMENT = 0xffff;
/** What stands for a value that is in the zip64 record: APPNOTE.TXT, section 4.4.1.4. */
const [IN_64_SHORT, IN_64] = [0xffff, 0xffffffff];

/** Files whose format is a zip archive, by a member that they have and an archive of alerts has not. */
const FOREIGN: readonly (readonly [member: string, what: string, hint: string])[] = [
  ["model.weights.h5", "a Keras model", "Give it to the command that imports models."],
  ["[Content_Types].xml", "an Office document", "Give the alerts themselves."],
  ["META-INF/MANIFEST.MF", "a Java archive", "Give the alerts themselves."],
];
/** Bytes of a directory that are looked through for such a member. */
const FOREIGN_WITHIN = 1 << 14;

/** Where the directory of a zip archive lies. */
export interface ZipDirectory {
  readonly start: number;
  readonly end: number;
  readonly count: number;
  /** Bytes in front of the archive, which the places in it do not count. */
  readonly shift: number;
}

/**
 * Finds the directory of a zip archive, at its end; undefined where there is none, as of an archive that is cut short.
 *
 * @internal
 */
export async function findZipDirectory(file: SeekableBytes): Promise<ZipDirectory | undefined> {
  const tailStart = Math.max(0, file.size - END_LENGTH - MOST_COMMENT - LOCATOR_64_LENGTH);
  const fields = new ZipFields(await file.read(tailStart, file.size));
  for (let at = fields.bytes.length - END_LENGTH; at >= 0; at -= 1) {
    if (fields.u32(at) !== DIRECTORY_END || at + END_LENGTH + fields.u16(at + 20) > fields.bytes.length) continue;
    const [count, size, offset] = [fields.u16(at + 10), fields.u32(at + 12), fields.u32(at + 16)];
    const isLong = count === IN_64_SHORT || size === IN_64 || offset === IN_64;
    const hasLocator = at >= LOCATOR_64_LENGTH && fields.u32(at - LOCATOR_64_LENGTH) === LOCATOR_64;
    if (isLong && hasLocator) return findLong(file, fields.u64(at - LOCATOR_64_LENGTH + 8));
    return place(tailStart + at, count, size, offset);
  }
  return undefined;
}

async function findLong(file: SeekableBytes, at: number): Promise<ZipDirectory | undefined> {
  if (at + END_64_LENGTH > file.size) return undefined;
  const fields = new ZipFields(await file.read(at, at + END_64_LENGTH));
  if (fields.bytes.length < END_64_LENGTH || fields.u32(0) !== DIRECTORY_END_64) return undefined;
  return place(at, fields.u64(32), fields.u64(40), fields.u64(48));
}

function place(end: number, count: number, size: number, offset: number): ZipDirectory | undefined {
  const start = end - size;
  const shift = start - offset;
  return start >= 0 && shift >= 0 ? { start, end, count, shift } : undefined;
}

/**
 * Reads a zip archive by its directory, which alone says which members there are: what was replaced is not among them.
 *
 * @throws BtsbotError `archive-invalid` where the directory is damaged, after the members before; `archive-unsupported` for
 * a file of another kind whose format is a zip archive
 *
 * @internal
 */
export async function* readZipDirectory(
  file: SeekableBytes,
  { start, end, shift, count }: ZipDirectory,
  unpacking: ZipUnpacking,
): AsyncGenerator<ArchiveMember, void, void> {
  const reader = new ByteReader(readRange(file, start, end));
  refuseForeign(await reader.peek(FOREIGN_WITHIN));
  // Members that share their bytes are how a small archive becomes petabytes.
  let left = file.size;
  for (let read = 0; ; read += 1) {
    const fixed = await reader.peek(DIRECTORY_LENGTH);
    if (fixed.length === 0) {
      if (read < count % 2 ** 16) throw damaged("its directory ends early");
      return;
    }
    if (fixed.length < DIRECTORY_LENGTH || new ZipFields(fixed).u32(0) !== DIRECTORY_HEADER)
      throw damaged("its directory cannot be understood");
    const length = headerLength(new ZipFields(fixed), "directory");
    const header = (await reader.peek(length)).slice();
    if (header.length < length) throw damaged("its directory ends early");
    await reader.skip(length);
    const entry = parseHeader(new ZipFields(header), "directory");
    left -= entry.packed;
    if (left < 0) throw new BtsbotError("archive-limit", "members of the zip archive overlap", { path: entry.name });
    yield openZipMember(entry, readPacked(file, entry, shift), () => entry, unpacking);
  }
}

async function* readPacked(
  file: SeekableBytes,
  { name, offset, packed }: ZipHeader,
  shift: number,
): AsyncGenerator<Uint8Array, void, void> {
  const reader = new ByteReader(readRange(file, offset + shift, file.size));
  const fixed = await reader.peek(LOCAL_LENGTH);
  if (fixed.length < LOCAL_LENGTH || new ZipFields(fixed).u32(0) !== LOCAL_HEADER)
    throw damaged(`${name} is not where its directory says`);
  await reader.skip(headerLength(new ZipFields(fixed), "local"));
  for (let left = packed; left > 0;) {
    const bytes = await reader.take(left);
    if (bytes === undefined) throw damaged(`it ends early, inside ${name}`);
    left -= bytes.length;
    yield bytes;
  }
}

function refuseForeign(directory: Uint8Array): void {
  const text = Array.from(directory, (byte) => String.fromCharCode(byte)).join("");
  const foreign = FOREIGN.find(([member]) => text.includes(member));
  if (foreign === undefined) return;
  const [, what, hint] = foreign;
  throw new BtsbotError("archive-unsupported", `this is ${what}, not an archive of alerts`, { hint });
}
