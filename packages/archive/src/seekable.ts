import type { ByteSource, SeekableBytes } from "./types.js";

/** Bytes that are read at once where a part of a file streams. */
const CHUNK = 1 << 16;

/**
 * Bytes that can be entered anywhere, where the source is such; undefined for a stream.
 *
 * @internal
 */
export function toSeekable(source: ByteSource): SeekableBytes | undefined {
  if (source instanceof Uint8Array)
    return { size: source.length, read: async (start, end) => source.subarray(start, end) };
  if (source instanceof Blob)
    return {
      size: source.size,
      read: async (start, end) => new Uint8Array(await source.slice(start, end).arrayBuffer()),
    };
  return isSeekable(source) ? source : undefined;
}

/**
 * Whether something has a size and reads from anywhere.
 *
 * @internal
 */
export function isSeekable(source: unknown): source is SeekableBytes {
  const { size, read } = (source ?? {}) as Partial<SeekableBytes>;
  return typeof size === "number" && typeof read === "function";
}

/**
 * A part of such bytes, chunk by chunk.
 *
 * @internal
 */
export async function* readRange(
  file: SeekableBytes,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array, void, void> {
  for (let at = start; at < end;) {
    const bytes = await file.read(at, Math.min(at + CHUNK, end));
    if (bytes.length === 0) return;
    at += bytes.length;
    yield bytes;
  }
}
