import { checkArgument } from "@btsbot/errors";
import type { ChunkStream } from "@btsbot/errors";
import { isSeekable, readRange } from "./seekable.js";
import type { ByteSource } from "./types.js";

/**
 * Bytes from anywhere as chunks.
 *
 * @internal
 */
export async function* toChunks(source: ByteSource): AsyncGenerator<Uint8Array, void, void> {
  if (source instanceof Uint8Array) yield source;
  else if (source instanceof Blob) yield* toChunks(source.stream());
  else if ("getReader" in source) yield* readAll(source);
  // What does both streams faster than it is entered.
  else if (!(Symbol.asyncIterator in source)) yield* readRange(source, 0, source.size);
  else yield* source;
}

/** Not every browser iterates a ReadableStream. */
async function* readAll(stream: ChunkStream<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  const reader = stream.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value as Uint8Array;
  } finally {
    await reader.cancel();
  }
}

/**
 * Refuses what has no bytes to give.
 *
 * @internal
 */
export function checkSource(caller: string, source: ByteSource): void {
  const isStream =
    source instanceof Blob || typeof (source as Partial<ReadableStream> | null)?.getReader === "function";
  if (!isStream && !isSeekable(source)) checkArgument(caller, "source", source, "bytes|iterable");
}
