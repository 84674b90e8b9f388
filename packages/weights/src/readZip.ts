import { countOf } from "@btsbot/errors";
import { crc32, inflateRawSync } from "node:zlib";

/** What each part of an archive begins with (APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12, 4.3.16), little-endian. */
const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
/** Bytes of these parts, without what follows of variable length. */
const LOCAL_LENGTH = 30;
const CENTRAL_LENGTH = 46;
const END_LENGTH = 22;
/** The longest comment behind the end. */
const MAX_COMMENT = 0xffff;
/** Files of an archive that are looked at: a `.keras` file has three, and one for each asset. */
const MAX_FILES = 1000;
/** Where a size or an offset stands in the 64-bit part instead. */
const IN_ZIP64 = 0xffffffff;

/**
 * A file of an archive, not unpacked yet.
 *
 * @internal
 */
export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly stored: number;
  readonly length: number;
  /** Where its local header stands. */
  readonly offset: number;
}

/**
 * Whether bytes begin as a zip archive does.
 *
 * @internal
 */
export function isZip(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && viewOf(bytes).getUint32(0, true) === LOCAL;
}

/**
 * Lists the files of a zip archive from its central directory.
 *
 * @throws RangeError that says what is wrong
 *
 * @internal
 */
export function listZip(bytes: Uint8Array): Map<string, ZipEntry> {
  const view = viewOf(bytes);
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  let offset = view.getUint32(end + 16, true);
  if (offset === IN_ZIP64 || count > MAX_FILES) throw new RangeError(`more than ${MAX_FILES} files, or 4 GB`);
  const entries = new Map<string, ZipEntry>();
  for (let place = 0; place < count; place++) {
    if (offset + CENTRAL_LENGTH > end || view.getUint32(offset, true) !== CENTRAL)
      throw new RangeError("its list of files is damaged");
    const [name, extra, comment] = [28, 30, 32].map((at) => view.getUint16(offset + at, true));
    const next = offset + CENTRAL_LENGTH + name + extra + comment;
    if (next > end) throw new RangeError("its list of files is damaged");
    const entry = {
      name: new TextDecoder().decode(bytes.subarray(offset + CENTRAL_LENGTH, offset + CENTRAL_LENGTH + name)),
      method: view.getUint16(offset + 10, true),
      crc: view.getUint32(offset + 16, true),
      stored: view.getUint32(offset + 20, true),
      length: view.getUint32(offset + 24, true),
      offset: view.getUint32(offset + 42, true),
    };
    entries.set(entry.name, entry);
    offset = next;
  }
  return entries;
}

/**
 * Unpacks one file, stored or deflated, and verifies its CRC-32.
 *
 * @throws RangeError that says what is wrong
 *
 * @internal
 */
export function unzipEntry(bytes: Uint8Array, entry: ZipEntry, maxBytes: number): Uint8Array {
  const { method, crc, stored, length, offset } = entry;
  const view = viewOf(bytes);
  if (offset + LOCAL_LENGTH > bytes.length || view.getUint32(offset, true) !== LOCAL)
    throw new RangeError("its header is damaged");
  const start = offset + LOCAL_LENGTH + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  if (start + stored > bytes.length) throw new RangeError("it is cut short");
  if (length > maxBytes) throw new RangeError(`it unpacks to ${countOf(length, "byte")}, more than ${maxBytes}`);
  const data = unpack(bytes.subarray(start, start + stored), method, length);
  if (data.length !== length) throw new RangeError(`${data.length} of ${length} bytes`);
  if (crc32(data) !== crc) throw new RangeError("its checksum does not match its bytes");
  return data;
}

function unpack(packed: Uint8Array, method: number, length: number): Uint8Array {
  if (method === 0) return packed;
  if (method !== 8) throw new RangeError(`compressed by method ${method}; expected 0 or 8 (deflate)`);
  // Node refuses a limit of 0.
  return inflateRawSync(packed, { maxOutputLength: Math.max(1, length) });
}

/** The end record stands last, before a comment. */
function findEnd(view: DataView): number {
  const last = view.byteLength - END_LENGTH;
  for (let at = last; at >= Math.max(0, last - MAX_COMMENT); at--) {
    if (view.getUint32(at, true) === END) return at;
  }
  throw new RangeError("no end record: not a zip archive, or cut short");
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
