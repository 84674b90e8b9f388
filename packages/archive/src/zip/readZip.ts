import type { BtsbotError } from "@btsbot/errors";
import type { ArchiveStep } from "../ArchiveStep.js";
import type { ByteReader } from "../ByteReader.js";
import { openZipMember } from "./openZipMember.js";
import type { ZipSums, ZipUnpacking } from "./openZipMember.js";
import {
  damaged,
  DESCRIPTOR,
  DIRECTORY_END,
  DIRECTORY_END_64,
  DIRECTORY_HEADER,
  END_64_LENGTH,
  END_LENGTH,
  headerLength,
  LOCAL_HEADER,
  LOCAL_LENGTH,
  parseHeader,
  ZipFields,
} from "./zipHeaders.js";
import type { ZipHeader } from "./zipHeaders.js";

/** Bytes that are looked through at once for the end of a member. */
const SCAN = 1 << 16;
/** The longest descriptor: signature, checksum, two lengths of 64 bits; APPNOTE.TXT, section 4.3.9. */
const MOST_DESCRIPTOR = 24;
/** The first two bytes of every signature. */
const [P, K] = [0x50, 0x4b];

/**
 * Reads a zip archive as it streams, by the headers in front of the members: the directory at its end is not there yet. Of a
 * member whose length follows its bytes the end is where a descriptor with that length stands.
 *
 * A damaged header is told, and the next one is looked for.
 *
 * @throws BtsbotError `archive-invalid` where the archive ends early
 *
 * @internal
 */
export async function* readZip(reader: ByteReader, unpacking: ZipUnpacking): AsyncGenerator<ArchiveStep, void, void> {
  for (;;) {
    const start = await reader.peek(4);
    if (start.length < 4) throw damaged("it ends early, where a header should be");
    const signature = new ZipFields(start).u32(0);
    if (signature === DIRECTORY_HEADER) return;
    if (signature === DIRECTORY_END || signature === DIRECTORY_END_64) return checkEmpty(reader);
    // What is split into volumes, or might have been, begins with this.
    if (signature === DESCRIPTOR && reader.position === 0) {
      await reader.skip(4);
      continue;
    }
    if (signature !== LOCAL_HEADER) {
      const at = reader.position;
      await skipDamage(reader);
      yield damaged(`a header at byte ${at} cannot be understood`);
      continue;
    }
    const entry = await readHeader(reader);
    const body = entry.described ? untilDescriptor(reader, entry) : ofLength(reader, entry);
    yield openZipMember(entry, body.read(), body.sums, unpacking);
    // Who reads the member was told that the archive ends here: once is enough.
    if ((await body.finish()) === "told") return;
  }
}

/** Where no directory stands before its end, there are no members. */
async function checkEmpty(reader: ByteReader): Promise<void> {
  const end = new ZipFields(await reader.peek(END_64_LENGTH));
  const isLong = end.u32(0) === DIRECTORY_END_64;
  if (end.bytes.length < (isLong ? END_64_LENGTH : END_LENGTH)) throw damaged("it ends early, inside its end record");
  if ((isLong ? end.u64(32) : end.u16(10)) > 0) throw damaged("its directory is missing");
}

interface Body {
  readonly read: () => AsyncGenerator<Uint8Array, void, void>;
  readonly sums: () => ZipSums;
  /** Skips what was not read; says if its reader was told that it ends early. */
  readonly finish: () => Promise<"told" | undefined>;
}

async function readHeader(reader: ByteReader): Promise<ZipHeader> {
  const fixed = await reader.peek(LOCAL_LENGTH);
  if (fixed.length < LOCAL_LENGTH) throw damaged("it ends early, inside a header");
  const length = headerLength(new ZipFields(fixed), "local");
  const bytes = (await reader.peek(length)).slice();
  if (bytes.length < length) throw damaged("it ends early, inside a header");
  await reader.skip(length);
  return parseHeader(new ZipFields(bytes), "local");
}

function ofLength(reader: ByteReader, entry: ZipHeader): Body {
  let left = entry.packed;
  let told = false;
  const endEarly = (): BtsbotError => {
    told = true;
    return damaged(`it ends early, inside ${entry.name}`);
  };
  return {
    async *read() {
      while (left > 0) {
        const bytes = await reader.take(left);
        if (bytes === undefined) throw endEarly();
        left -= bytes.length;
        yield bytes;
      }
    },
    sums: () => entry,
    async finish() {
      if (told) return "told";
      if ((await reader.skip(left)) < left) throw endEarly();
      return undefined;
    },
  };
}

function untilDescriptor(reader: ByteReader, { name }: ZipHeader): Body {
  let count = 0;
  let found: Descriptor | undefined;
  let told = false;
  async function* read(): AsyncGenerator<Uint8Array, void, void> {
    while (found === undefined) {
      const bytes = await reader.peek(SCAN);
      found = findDescriptor(bytes, count);
      const isLast = bytes.length < SCAN;
      if (found === undefined && isLast) {
        told = true;
        throw damaged(`it ends early, inside ${name}`);
      }
      // What might be the beginning of a descriptor stays.
      const length = found?.start ?? bytes.length - MOST_DESCRIPTOR - 4;
      for (let left = length; left > 0;) {
        const chunk = (await reader.take(left))!;
        left -= chunk.length;
        count += chunk.length;
        yield chunk;
      }
    }
    await reader.skip(found.length);
  }
  return {
    read,
    sums: () => found!,
    async finish() {
      if (told) return "told";
      // A reader that left early has closed its generator; another one goes on where it stood.
      const rest = read();
      while (found === undefined && !(await rest.next()).done);
      return undefined;
    },
  };
}

interface Descriptor extends ZipSums {
  readonly start: number;
  readonly length: number;
}

/** A descriptor in front of the next header, whose packed length is that of the bytes before it; its signature may be left out. */
function findDescriptor(bytes: Uint8Array, before: number): Descriptor | undefined {
  const fields = new ZipFields(bytes);
  for (let at = bytes.indexOf(P); at >= 0 && at + 4 <= bytes.length; at = bytes.indexOf(P, at + 1)) {
    if (bytes[at + 1] !== K) continue;
    const next = fields.u32(at);
    if (next !== LOCAL_HEADER && next !== DIRECTORY_HEADER) continue;
    for (const [length, wide] of [
      [16, false],
      [24, true],
      [12, false],
      [20, true],
    ] as const) {
      const start = at - length;
      if (start < 0) continue;
      const lengths = at - (wide ? 16 : 8);
      const packed = wide ? fields.u64(lengths) : fields.u32(lengths);
      if (packed !== before + start) continue;
      if (lengths - 4 > start && fields.u32(start) !== DESCRIPTOR) continue;
      const plain = wide ? fields.u64(lengths + 8) : fields.u32(lengths + 4);
      return { start, length, crc: fields.u32(lengths - 4), plain };
    }
  }
  return undefined;
}

/** Goes on to the next signature of a header. */
async function skipDamage(reader: ByteReader): Promise<void> {
  await reader.skip(1);
  for (;;) {
    const bytes = await reader.peek(SCAN);
    const fields = new ZipFields(bytes);
    for (let at = bytes.indexOf(P); at >= 0 && at + 4 <= bytes.length; at = bytes.indexOf(P, at + 1))
      if ([LOCAL_HEADER, DIRECTORY_HEADER, DIRECTORY_END].includes(fields.u32(at))) return void (await reader.skip(at));
    await reader.skip(bytes.length < SCAN ? bytes.length : SCAN - 3);
    if (bytes.length < SCAN) return;
  }
}
