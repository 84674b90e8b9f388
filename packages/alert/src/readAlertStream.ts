import { checkOptions } from "@btsbot/errors";
import type { SafeResult } from "@btsbot/errors";
import { ByteWindow } from "./avro/ByteWindow.js";
import { NEED_BYTES } from "./avro/readContainer.js";
import { readSteps } from "./readSteps.js";
import { READ_OPTIONS } from "./types.js";
import type { Alert, ReadOptions } from "./types.js";

/**
 * Reads the alerts of a stream one by one, with the same outcomes as {@link readAlerts} has for the
 * same bytes in memory.
 *
 * Of an Avro container one block is held at a time, of JSON Lines one line; a framed message and any
 * other JSON are held whole, and so are JSON Lines whose first line is bad, as far as `maxBlockBytes`:
 * they may be one document until then. What the source itself throws goes through. Leaving the loop early
 * cancels the source.
 *
 * @param source - chunks of any size: a file's stream, the body of a response
 * @param options - schemas of framed messages, limits
 * @returns the outcomes, in the input's order
 *
 * @example
 * ```ts
 * import { encodeAlerts, readAlertStream } from "@btsbot/alert";
 *
 * const bytes = encodeAlerts([{ objectId: "ZTF20aajcdad", candid: 1n, candidate: { jd: 2458881.0, fid: 1 } }]);
 * for await (const outcome of readAlertStream(new Blob([new Uint8Array(bytes)]).stream())) {
 *   outcome.success; // => true
 * }
 * ```
 */
export function readAlertStream(
  source: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>,
  options: ReadOptions = {},
): AsyncGenerator<SafeResult<Alert>, void, void> {
  checkOptions("readAlertStream", options, READ_OPTIONS);
  return readChunks(source, options);
}

async function* readChunks(
  source: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>,
  options: ReadOptions,
): AsyncGenerator<SafeResult<Alert>, void, void> {
  const chunks = iterate(source);
  const window = new ByteWindow();
  try {
    for (const step of readSteps(window, options)) {
      if (step !== NEED_BYTES) {
        yield step;
        continue;
      }
      const next = await chunks.next();
      if (next.done) window.ended = true;
      else window.append(next.value);
    }
  } finally {
    await chunks.return?.();
  }
}

/** Not every browser iterates a ReadableStream. */
async function* iterate(
  source: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>,
): AsyncGenerator<Uint8Array, void, void> {
  if (!("getReader" in source)) return yield* source;
  const reader = source.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel();
  }
}
