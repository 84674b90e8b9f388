import { BtsbotError, toSafe } from "@btsbot/errors";
import type { SafeResult } from "@btsbot/errors";
import { ByteWindow } from "./avro/ByteWindow.js";
import { NEED_BYTES, readContainer } from "./avro/readContainer.js";
import { MAX_BLOCK_BYTES } from "./maxBlockBytes.js";
import { parseExactJson } from "./parseExactJson.js";
import { readAlerts } from "./readAlerts.js";
import { sniff } from "./sniff.js";
import { toAlert } from "./toAlert.js";
import type { Alert, ReadOptions } from "./types.js";

/** Bytes looked at to recognise a stream; any alert is longer. */
const SNIFF_BYTES = 64;

const LINE_FEED = 0x0a;

/** Bytes of a stream as they come in. */
interface Feed {
  readonly window: ByteWindow;
  /** Appends the next chunk to the window, or marks it as ended. */
  readonly pull: () => Promise<void>;
}

/**
 * Reads the alerts of a stream one by one, each with its own outcome, as {@link readAlerts} does for
 * bytes in memory.
 *
 * Of an Avro container one block is held at a time, of JSON Lines one line; a framed message and any
 * other JSON are held whole. What the source itself throws goes through. Leaving the loop early
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
export async function* readAlertStream(
  source: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>,
  options: ReadOptions = {},
): AsyncGenerator<SafeResult<Alert>, void, void> {
  const chunks = iterate(source);
  const window = new ByteWindow();
  const feed: Feed = {
    window,
    pull: async () => {
      const next = await chunks.next();
      if (next.done) window.ended = true;
      else window.append(next.value);
    },
  };
  try {
    yield* readFeed(feed, options);
  } finally {
    await chunks.return?.();
  }
}

async function* readFeed(feed: Feed, options: ReadOptions): AsyncGenerator<SafeResult<Alert>, void, void> {
  const { window } = feed;
  const { maxBlockBytes = MAX_BLOCK_BYTES } = options;
  while (window.length < SNIFF_BYTES && !window.ended) await feed.pull();
  const format = toSafe(() => sniff(window.peek()));
  if (!format.success) {
    yield format;
  } else if (format.data === "avro") {
    yield* readAvro(feed, maxBlockBytes);
  } else if (format.data === "json") {
    yield* readJson(feed);
  } else {
    while (!window.ended && window.length <= maxBlockBytes) await feed.pull();
    yield* window.ended ? readAlerts(window.peek(), options) : [tooLong(maxBlockBytes)];
  }
}

async function* readAvro({ window, pull }: Feed, maxBlockBytes: number): AsyncGenerator<SafeResult<Alert>, void, void> {
  const steps = readContainer(window, maxBlockBytes);
  for (;;) {
    const step = toSafe(() => steps.next());
    if (!step.success) return yield step;
    if (step.data.done) return;
    const { value } = step.data;
    if (value === NEED_BYTES) await pull();
    else yield toSafe(() => toAlert(value.record));
  }
}

async function* readJson(feed: Feed): AsyncGenerator<SafeResult<Alert>, void, void> {
  const { window, pull } = feed;
  const first = await findLine(feed);
  if (first === window.length || !toSafe(() => parseLine(window.peek(first), 1)).success) {
    while (!window.ended) await pull();
    return yield* readAlerts(window.peek());
  }
  for (let line = 1; ; line++) {
    const length = line === 1 ? first : await findLine(feed);
    if (length === 0) return;
    const bytes = window.take(length);
    if (!isBlank(bytes)) yield toSafe(() => toAlert(parseLine(bytes, line)));
  }
}

/** The length of the next line, its end included; 0 at the end of the stream. */
async function findLine({ window, pull }: Feed): Promise<number> {
  for (let from = 0; ; ) {
    const end = window.peek().indexOf(LINE_FEED, from);
    if (end >= 0) return end + 1;
    from = window.length;
    if (window.ended) return from;
    await pull();
  }
}

function parseLine(bytes: Uint8Array, line: number): unknown {
  return parseExactJson(new TextDecoder().decode(bytes), `line ${line}`);
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte <= 0x20);
}

function tooLong(maxBytes: number): SafeResult<Alert> {
  const error = new BtsbotError("avro-length-invalid", "the framed message is longer than the limit", { expected: `at most ${maxBytes} bytes` });
  return { success: false, error };
}

/** Not every browser iterates a ReadableStream. */
async function* iterate(source: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  if (!("getReader" in source)) return yield* source;
  const reader = source.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel();
  }
}
