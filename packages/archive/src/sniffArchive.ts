import { BtsbotError } from "@btsbot/errors";

/** Bytes of a tar header. */
export const TAR_BLOCK = 512;
/** First bytes of an Avro object container. */
export const AVRO_MAGIC: readonly number[] = [0x4f, 0x62, 0x6a, 0x01];

/** Where a tar header has its checksum, in octal, and how long that is: POSIX.1-2017, pax, "ustar Interchange Format". */
const SUM_START = 148;
const SUM_END = 156;
const SPACE = 0x20;
/** Where a tar header has its magic: as above. */
const USTAR_START = 257;
const USTAR: readonly number[] = [0x75, 0x73, 0x74, 0x61, 0x72];
/** First bytes of what is an alert, not the name of a tar's member: a frame, an object and a list of JSON. */
const ALERT_STARTS: readonly number[] = [0x00, 0x5b, 0x7b];
/** Names of tarballs, and of standard input. */
const TARBALL = /^-?$|\.(tar|tgz|tar\.gz)$/i;

/** Ways of packing that are not read, by their first bytes. */
const FOREIGN: readonly (readonly [name: string, bytes: readonly number[]])[] = [
  ["packed with bzip2", [0x42, 0x5a, 0x68]],
  ["packed with xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ["packed with zstd", [0x28, 0xb5, 0x2f, 0xfd]],
  ["a 7z archive", [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]],
  ["a RAR archive", [0x52, 0x61, 0x72, 0x21, 0x1a, 0x07]],
];

/** How a zip archive begins: with a member, with the end of an empty one, or marked as one that may be split. */
const ZIP: readonly (readonly number[])[] = [
  [0x50, 0x4b, 0x03, 0x04],
  [0x50, 0x4b, 0x05, 0x06],
  [0x50, 0x4b, 0x07, 0x08],
];

/** What bytes are by how they begin: packed with gzip, a tar or zip archive, or none of these. */
export type ArchiveFormat = "gzip" | "tar" | "zip" | "plain";

/**
 * Recognises an archive by its first bytes, whatever its name.
 *
 * @param head - the first 512 bytes, or all there are
 * @throws BtsbotError `archive-unsupported` for what is packed in a way that is not read
 *
 * @internal
 */
export function sniffArchive(head: Uint8Array, name: string): ArchiveFormat {
  if (startsWith(head, [0x1f, 0x8b, 0x08].slice(0, Math.max(2, head.length)))) return "gzip";
  if (isTarHeader(head) || isDamagedTar(head) || isEmptyTar(head, name)) return "tar";
  if (ZIP.some((start) => startsWith(head, start))) return "zip";
  const foreign = FOREIGN.find(([, bytes]) => startsWith(head, bytes));
  if (foreign === undefined) return "plain";
  throw new BtsbotError("archive-unsupported", `this is ${foreign[0]}, which is not supported`, {
    ...(name !== "" && { path: name }),
    expected: "gzip, tar, zip, or files that are not packed",
    hint: "Unpack it first.",
  });
}

/**
 * Whether 512 bytes are a tar header: its checksum fits. A text or a packet passes for one by chance once in millions.
 *
 * @internal
 */
export function isTarHeader(block: Uint8Array): boolean {
  if (block.length < TAR_BLOCK || block[0] === 0) return false;
  const digits = String.fromCharCode(...block.subarray(SUM_START, SUM_END))
    .replace(/[\0 ]+/g, " ")
    .trim();
  if (!/^[0-7]{1,6}$/.test(digits)) return false;
  let sum = 0;
  for (let at = 0; at < TAR_BLOCK; at += 1) sum += at >= SUM_START && at < SUM_END ? SPACE : block[at];
  return sum === Number.parseInt(digits, 8);
}

/** The magic of a tar header, whose checksum does not fit or that is cut short: its reader says so, and goes on behind it. */
function isDamagedTar(head: Uint8Array): boolean {
  if (startsWith(head, AVRO_MAGIC) || ALERT_STARTS.includes(head[0])) return false;
  return startsWith(head.subarray(USTAR_START), USTAR);
}

/** The end mark alone: so a survey packs a night without alerts. A packet whose bytes a crash left zero is not one. */
function isEmptyTar(head: Uint8Array, name: string): boolean {
  return head.length === TAR_BLOCK && head.every((byte) => byte === 0) && TARBALL.test(name);
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, place) => bytes[place] === byte);
}
