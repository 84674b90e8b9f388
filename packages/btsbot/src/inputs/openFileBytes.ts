import { closeSync, createReadStream, openSync, read } from "node:fs";
import type { PathLike } from "node:fs";
import type { SeekableBytes } from "@btsbot/archive";

/** Bytes that are read at once: of most chunks, a packet in an archive is one part, and not copied. */
const CHUNK = 1 << 18;

/**
 * The bytes of a regular file: as a stream, or a part of them, which zip archives and Parquet files are read by. It is open
 * while it is read, and no longer.
 *
 * @internal
 */
export function openFileBytes(at: PathLike, size: number): SeekableBytes & AsyncIterable<Uint8Array> {
  return {
    size,
    read: (start, end) => readPart(at, start, end),
    [Symbol.asyncIterator]: () =>
      createReadStream(at, { highWaterMark: CHUNK })[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>,
  };
}

function readPart(at: PathLike, start: number, end: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    // As of small files: opening waits for nothing, and reading may.
    const file = openSync(at, "r");
    const bytes = new Uint8Array(end - start);
    let count = 0;
    const next = (): void =>
      read(file, bytes, count, bytes.length - count, start + count, (error, more) => {
        count += more;
        if (!error && more > 0 && count < bytes.length) return next();
        closeSync(file);
        if (error) reject(error);
        else resolve(bytes.subarray(0, count));
      });
    next();
  });
}
