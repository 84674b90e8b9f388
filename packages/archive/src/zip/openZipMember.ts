import { BtsbotError } from "@btsbot/errors";
import { crc32Final, crc32Init, crc32Update } from "@foxglove/crc";
import type { ArchiveMember } from "../ArchiveStep.js";
import { limitBytes } from "../limitBytes.js";
import type { Metering } from "../limitBytes.js";
import type { ArchiveLimits, GunzipStream } from "../types.js";
import { damaged, DEFLATED } from "./zipHeaders.js";
import type { ZipHeader } from "./zipHeaders.js";

/** A gzip header that says nothing but that deflate follows: RFC 1952, section 2.3. */
const GZIP_HEADER = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255);

/** Checksum and length of the plain bytes, known when the packed ones are read. */
export type ZipSums = Pick<ZipHeader, "crc" | "plain">;

/** How the members of a zip archive are unpacked. */
export interface ZipUnpacking extends ArchiveLimits, Metering {
  readonly gunzip: GunzipStream;
}

/**
 * A member of a zip archive. A deflated one is a gzip stream with another header, and unpacked as one, within the same limits.
 *
 * @param packed - its bytes in the archive
 * @param sums - asked for when those are read
 *
 * @internal
 */
export function openZipMember(
  entry: ZipHeader,
  packed: AsyncGenerator<Uint8Array, void, void>,
  sums: () => ZipSums,
  unpacking: ZipUnpacking,
): ArchiveMember {
  const { name, kind, method, unreadable } = entry;
  const isRaw = unreadable !== undefined;
  return {
    name,
    kind,
    ...(!entry.described && { size: entry.plain }),
    packed: entry.packed,
    ...(unreadable && { unreadable }),
    bytes: isRaw ? packed : method === DEFLATED ? inflate(packed, sums, unpacking, name) : check(packed, sums, name),
  };
}

async function* inflate(
  packed: AsyncGenerator<Uint8Array, void, void>,
  sums: () => ZipSums,
  { gunzip, meter, budget, ...limits }: ZipUnpacking,
  name: string,
): AsyncGenerator<Uint8Array, void, void> {
  async function* asGzip(): AsyncGenerator<Uint8Array, void, void> {
    yield GZIP_HEADER.slice();
    yield* packed;
    const trailer = new DataView(new ArrayBuffer(8));
    const { crc, plain } = sums();
    trailer.setUint32(0, crc, true);
    trailer.setUint32(4, plain % 2 ** 32, true);
    yield new Uint8Array(trailer.buffer);
  }
  try {
    yield* limitBytes(asGzip(), gunzip, limits, { what: "the zip archive", meter, budget, isMember: true });
  } catch (cause) {
    if (!(cause instanceof BtsbotError) || !GZIP_ERRORS.includes(cause.code)) throw cause;
    throw damaged(`${name} cannot be unpacked, or its checksum differs`, cause);
  }
}

/** What is wrong with a gzip stream; a member of a zip archive has none. */
const GZIP_ERRORS: readonly string[] = ["archive-invalid", "archive-trailing"];

async function* check(
  stored: AsyncGenerator<Uint8Array, void, void>,
  sums: () => ZipSums,
  name: string,
): AsyncGenerator<Uint8Array, void, void> {
  let [crc, length] = [crc32Init(), 0];
  for await (const chunk of stored) {
    crc = crc32Update(crc, chunk);
    length += chunk.length;
    yield chunk;
  }
  const expected = sums();
  if (crc32Final(crc) !== expected.crc || length !== expected.plain) throw damaged(`the checksum of ${name} differs`);
}
