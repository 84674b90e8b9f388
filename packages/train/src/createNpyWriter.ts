import { open, rename, rm } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { temporaryPath, toFileError } from "@btsbot/tables";

/** Bytes of magic, version, length and header: room for any number of rows. */
const HEADER_BYTES = 128;

/**
 * Writes a float32 array row by row.
 *
 * @internal
 */
export interface NpyWriter {
  /** Adds a row. */
  write(values: Float32Array): Promise<void>;
  /** Writes the number of rows, and gives the file its name. */
  finish(): Promise<void>;
  /** Leaves nothing behind. */
  abandon(): Promise<void>;
}

/**
 * Begins a NumPy array (format 1.0, little-endian float32, C order) beside its final place; it appears there whole.
 *
 * @throws BtsbotError `disk-full`, `folder-unwritable`, also from `write` and `finish`
 * @internal
 */
export async function createNpyWriter(path: string, rowShape: readonly number[]): Promise<NpyWriter> {
  const temporary = temporaryPath(path);
  const asFileError = (error: unknown): never => {
    throw toFileError(error, path, { doing: "write" });
  };
  const file = await open(temporary, "wx").catch(asFileError);
  let rows = 0;
  let position = HEADER_BYTES;
  return {
    write: async (values) => {
      // Every machine that Node runs on has little-endian floats.
      const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      await writeAll(file, bytes, position).catch(asFileError);
      position += bytes.length;
      rows += 1;
    },
    finish: async () => {
      await writeAll(file, makeHeader([rows, ...rowShape]), 0).catch(asFileError);
      await file.sync().catch(asFileError);
      await file.close();
      await rename(temporary, path).catch(asFileError);
    },
    abandon: async () => {
      await file.close().catch(() => undefined);
      await rm(temporary, { force: true }).catch(() => undefined);
    },
  };
}

/** A disk that is nearly full takes a part of the bytes, and says so by their number alone. */
async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;)
    done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
}

function makeHeader(shape: readonly number[]): Uint8Array {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(", ")},), }`;
  const header = new TextEncoder().encode(`${text.padEnd(HEADER_BYTES - 11)}\n`);
  const bytes = new Uint8Array(HEADER_BYTES);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8]);
  bytes.set(header, 10);
  return bytes;
}
