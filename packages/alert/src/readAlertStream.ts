import { BtsbotError, toBytes, toSafe } from "@btsbot/errors";
import type { Bytes, ChunkStream, SafeResult } from "@btsbot/errors";
import { checkReadOptions } from "./inputs/checkReadOptions.js";
import { ByteWindow } from "./avro/ByteWindow.js";
import { NEED_BYTES } from "./avro/readContainer.js";
import { readSteps } from "./inputs/readSteps.js";
import { toInput } from "./inputs/toInput.js";
import { READ_OPTIONS } from "./types.js";
import type { Alert, AlertSource, ReadOptions } from "./types.js";

/**
 * Reads the alerts of a stream one by one, with the same outcomes as {@link readAlerts} has for the
 * same bytes in memory.
 *
 * Of an Avro container one block is held at a time, of JSON Lines one line, of an array one document; a framed
 * message and any other JSON are held whole, and so are JSON Lines whose first line is bad, as far as
 * `maxBlockBytes`: they may be one document until then. A container that is damaged is one error, which comes when the next
 * container has been found; it says how many bytes were skipped. What the source itself throws goes through. Leaving the loop early
 * cancels the source.
 *
 * @param source - chunks of any size: a file's stream, the body of a response; a `Blob` (a `File` is one); or bytes
 * that are there already
 * @param options - schemas of framed messages, limits, surveys and brokers' forms
 * @throws TypeError for an option that there is not, and for a survey or a form that is not one
 * @returns the outcomes, in the input's order
 *
 * @example
 * ```ts
 * import { encodeAlerts, readAlertStream } from "@btsbot/alert";
 *
 * const bytes = encodeAlerts([{ objectId: "ZTF20aajcdad", candid: 1n, candidate: { jd: 2458881.0, fid: 1 } }]);
 * for await (const outcome of readAlertStream(new Blob([new Uint8Array(bytes)]))) {
 *   outcome.success; // => true
 * }
 * ```
 */
export function readAlertStream(
  source: AlertSource,
  options: ReadOptions = {},
): AsyncGenerator<SafeResult<Alert>, void, void> {
  checkReadOptions("readAlertStream", options, READ_OPTIONS);
  return streamAlerts(source, options);
}

async function* streamAlerts(source: AlertSource, options: ReadOptions): AsyncGenerator<SafeResult<Alert>, void, void> {
  const opened = toSafe(() => iterate(source));
  if (!opened.success) return yield opened;
  const chunks = opened.data;
  const window = new ByteWindow();
  try {
    for (const step of readSteps(window, options)) {
      if (step !== NEED_BYTES) {
        yield step;
        continue;
      }
      const next = await chunks.next();
      if (next.done) {
        window.ended = true;
        continue;
      }
      const chunk = toSafe(() => toInput(next.value));
      if (!chunk.success) return yield chunk;
      window.append(chunk.data);
    }
  } finally {
    await chunks.return?.();
  }
}

function iterate(source: AlertSource): AsyncIterator<Bytes, void, void> {
  const bytes = toBytes(source);
  if (bytes !== undefined) return once(bytes);
  if (typeof source === "object" && source !== null) {
    if ("getReader" in source) return readChunks(source);
    if (Symbol.asyncIterator in source) return source[Symbol.asyncIterator]() as AsyncIterator<Bytes, void, void>;
    if ("stream" in source && typeof source.stream === "function") return readChunks(source.stream());
  }
  throw new BtsbotError("input-invalid", "this is neither bytes nor a source of bytes", {
    expected: "an async iterable of Uint8Array, a ReadableStream, a Blob or bytes",
    got: typeof source === "string" ? "a string" : Object.prototype.toString.call(source).slice(8, -1),
  });
}

async function* once(bytes: Uint8Array): AsyncGenerator<Bytes, void, void> {
  yield await Promise.resolve(bytes);
}

/** Not every browser iterates a ReadableStream. */
async function* readChunks(source: ChunkStream<Bytes>): AsyncGenerator<Bytes, void, void> {
  const reader = source.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value as Bytes;
  } finally {
    await reader.cancel();
  }
}
