import { toSafe } from "@btsbot/errors";
import type { SafeResult } from "@btsbot/errors";
import type { ByteWindow } from "./avro/ByteWindow.js";
import { AVRO_MAGIC, fill, NEED_BYTES, readContainer } from "./avro/readContainer.js";
import { MAX_BLOCK_BYTES } from "./maxBlockBytes.js";
import { findInForm } from "./findInForm.js";
import { readFrame } from "./readFrame.js";
import { readJson } from "./readJson.js";
import { skipBlank, sniff } from "./sniff.js";
import { readDocument } from "./toAlert.js";
import type { Alert, ReadOptions, SchemaSource } from "./types.js";

/** One step of a reading: the outcome of a record, or the wish for more bytes. */
export type ReadStep = SafeResult<Alert> | typeof NEED_BYTES;

/**
 * Reads the alerts of an input step by step. The steps know nothing of where bytes come from, so that
 * bytes in memory and a stream have the same outcomes, whatever the chunks.
 */
export function* readSteps(window: ByteWindow, options: ReadOptions): Generator<ReadStep, void, void> {
  const { maxBlockBytes = MAX_BLOCK_BYTES, schemas } = options;
  const start = yield* findStart(window, maxBlockBytes);
  const format = toSafe(() => sniff(start));
  if (!format.success) yield format;
  else if (format.data === "avro") yield* readAvro(window, maxBlockBytes);
  else if (format.data === "confluent") yield* readMessage(window, schemas, maxBlockBytes);
  else yield* readJson(window, maxBlockBytes);
}

/** As much of the input as shows what it is: its magic, or white space and what comes after. */
function* findStart(window: ByteWindow, maxBytes: number): Generator<typeof NEED_BYTES, Uint8Array, void> {
  yield* fill(window, AVRO_MAGIC.length);
  const most = Math.max(maxBytes, AVRO_MAGIC.length);
  for (let at = 0; ;) {
    at = skipBlank(window.peek(most), at);
    if (at < window.length || window.ended) return window.peek(most);
    yield NEED_BYTES;
  }
}

function* readAvro(window: ByteWindow, maxBlockBytes: number): Generator<ReadStep, void, void> {
  const steps = readContainer(window, maxBlockBytes);
  for (;;) {
    const step = toSafe(() => steps.next());
    if (!step.success) return yield step;
    if (step.data.done) return;
    const { value } = step.data;
    yield value === NEED_BYTES ? value : toSafe(() => readDocument(value.record, findInForm(value.node)));
  }
}

function* readMessage(
  window: ByteWindow,
  schemas: SchemaSource | undefined,
  maxBytes: number,
): Generator<ReadStep, void, void> {
  // One byte above the limit shows that it is too long.
  yield* fill(window, maxBytes + 1);
  yield toSafe(() => {
    const { record, node } = readFrame(window.peek(), schemas, maxBytes);
    return readDocument(record, findInForm(node));
  });
}
