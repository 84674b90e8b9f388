import { BtsbotError } from "@btsbot/errors";

/** Signatures of a zip file's records: APPNOTE.TXT 6.3.10 of PKWARE, sections 4.3.7 to 4.3.16. */
export const LOCAL_HEADER = 0x04034b50;
export const DIRECTORY_HEADER = 0x02014b50;
export const DIRECTORY_END = 0x06054b50;
export const DIRECTORY_END_64 = 0x06064b50;
export const LOCATOR_64 = 0x07064b50;
export const DESCRIPTOR = 0x08074b50;
/** Lengths of their fixed parts (as above). */
export const LOCAL_LENGTH = 30;
export const DIRECTORY_LENGTH = 46;
export const END_LENGTH = 22;
export const END_64_LENGTH = 56;
export const LOCATOR_64_LENGTH = 20;

/** What stands for a value that is in the extra field, and the id of that field: section 4.5.3. */
const IN_EXTRA = 0xffffffff;
const ZIP64 = 1;
/** Bits of the general flags: section 4.4.4. */
const [ENCRYPTED, DESCRIBED, UTF8] = [1, 8, 0x800];
/** Methods that are read, and the names of others: section 4.4.5. */
export const STORED = 0;
export const DEFLATED = 8;
const METHODS: Readonly<Record<number, string>> = {
  1: "Shrink",
  6: "Implode",
  9: "Deflate64",
  12: "bzip2",
  14: "LZMA",
  20: "zstd",
  93: "zstd",
  95: "xz",
  97: "WavPack",
  98: "PPMd",
  99: "AES encryption",
};
/** Of "version made by" and the attributes of a file that Unix made: sections 4.4.2 and 4.4.15, and stat(2). */
const [UNIX, TYPE_MASK, LINK] = [3, 0xf000, 0xa000];

/** What a header says of a member. */
export interface ZipHeader {
  readonly name: string;
  readonly kind: "file" | "directory" | "other";
  readonly method: number;
  /** Checksum and lengths; they follow the bytes where `described` is set, and are zero here. */
  readonly crc: number;
  readonly packed: number;
  readonly plain: number;
  readonly described: boolean;
  readonly unreadable?: BtsbotError;
  /** Where its local header begins, as the directory says; 0 from that header itself. */
  readonly offset: number;
}

/**
 * The fields of a zip file's little-endian records.
 *
 * @internal
 */
export class ZipFields {
  private readonly view: DataView;

  constructor(readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u16(at: number): number {
    return this.view.getUint16(at, true);
  }

  u32(at: number): number {
    return this.view.getUint32(at, true);
  }

  /** A length or a place: beyond 2^53 there is none. */
  u64(at: number): number {
    return Number(this.view.getBigUint64(at, true));
  }
}

/**
 * The length of a member's header, from its fixed part.
 *
 * @internal
 */
export function headerLength(fields: ZipFields, of: "local" | "directory"): number {
  if (of === "local") return LOCAL_LENGTH + fields.u16(26) + fields.u16(28);
  return DIRECTORY_LENGTH + fields.u16(28) + fields.u16(30) + fields.u16(32);
}

/**
 * Reads a member's header: the local one in front of its bytes, or that of the directory.
 *
 * @param fields - the whole header
 * @throws BtsbotError `archive-invalid` where its extra fields are damaged
 *
 * @internal
 */
export function parseHeader(fields: ZipFields, of: "local" | "directory"): ZipHeader {
  const isLocal = of === "local";
  // From the flags on both have the same fields.
  const base = isLocal ? 6 : 8;
  const fixed = isLocal ? LOCAL_LENGTH : DIRECTORY_LENGTH;
  const [flags, method] = [fields.u16(base), fields.u16(base + 2)];
  const nameLength = fields.u16(base + 20);
  const name = readName(fields.bytes.subarray(fixed, fixed + nameLength), (flags & UTF8) !== 0);
  const stated = [fields.u32(base + 16), fields.u32(base + 12), isLocal ? 0 : fields.u32(42)];
  const [plain, packed, offset] = readLong(stated, fields, fixed + nameLength, fields.u16(base + 22), name);
  const unreadable = refuse(flags, method, name);
  return {
    name,
    kind: isLocal ? kindByName(name) : kindOf(fields, name),
    method,
    crc: fields.u32(base + 8),
    packed,
    plain,
    offset,
    described: isLocal && (flags & DESCRIBED) !== 0,
    ...(unreadable && { unreadable }),
  };
}

/** Zip64 has in its extra field those values, in this order, that do not fit into their own: section 4.5.3. */
function readLong(stated: readonly number[], fields: ZipFields, start: number, length: number, name: string): number[] {
  if (!stated.includes(IN_EXTRA)) return [...stated];
  const end = Math.min(start + length, fields.bytes.length);
  for (let at = start; at + 4 <= end; at += 4 + fields.u16(at + 2)) {
    if (fields.u16(at) !== ZIP64) continue;
    let next = at + 4;
    return stated.map((value) => {
      if (value !== IN_EXTRA) return value;
      if (next + 8 > end) throw damaged(`the lengths of ${name} are missing`);
      next += 8;
      return fields.u64(next - 8);
    });
  }
  throw damaged(`the lengths of ${name} are missing`);
}

function readName(bytes: Uint8Array, isUtf8: boolean): string {
  const text = new TextDecoder().decode(bytes);
  // Others use UTF-8 too, without saying so. What is not gets one character a byte, whatever page of code it was.
  const name =
    isUtf8 || !text.includes("\ufffd") ? text : Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return name.replaceAll("\\", "/");
}

function kindOf(fields: ZipFields, name: string): ZipHeader["kind"] {
  const isLink = fields.u16(4) >> 8 === UNIX && ((fields.u32(38) >>> 16) & TYPE_MASK) === LINK;
  return isLink ? "other" : kindByName(name);
}

function kindByName(name: string): ZipHeader["kind"] {
  return name.endsWith("/") ? "directory" : "file";
}

function refuse(flags: number, method: number, name: string): BtsbotError | undefined {
  if ((flags & ENCRYPTED) !== 0)
    return new BtsbotError("archive-unsupported", "the zip archive is encrypted", {
      path: name,
      hint: "Unpack it with its password first.",
    });
  if (method === STORED || method === DEFLATED) return undefined;
  return new BtsbotError("archive-unsupported", "the zip archive packs this file in a way that is not supported", {
    path: name,
    expected: "stored or deflated files",
    got: METHODS[method] ?? `method ${method}`,
    hint: "Unpack it first.",
  });
}

/**
 * What is said of a zip archive that is damaged.
 *
 * @internal
 */
export function damaged(how: string, cause?: unknown): BtsbotError {
  return new BtsbotError("archive-invalid", `the zip archive is damaged: ${how}`, { cause });
}
