import { toSafe } from "@btsbot/errors";
import type { ByteWindow } from "../avro/ByteWindow.js";
import { AVRO_MAGIC, fill, NEED_BYTES, readContainer } from "../avro/readContainer.js";
import { Budget } from "./Budget.js";
import { readDocument } from "../packet/readDocument.js";
import { toForms } from "../packet/toForms.js";
import type { Forms } from "../packet/toForms.js";
import { give } from "./give.js";
import { readFrame } from "../avro/readFrame.js";
import { readJson } from "../json/readJson.js";
import { toBounds } from "./readLimits.js";
import type { ReadStep } from "./ReadStep.js";
import { skipBlank, sniff, SNIFF_BYTES } from "./sniff.js";
import type { ReadOptions, SchemaSource } from "../types.js";

/**
 * Reads the alerts of an input step by step. The steps know nothing of where bytes come from, so that
 * bytes in memory and a stream have the same outcomes, whatever the chunks.
 */
export function* readSteps(window: ByteWindow, options: ReadOptions): Generator<ReadStep, void, void> {
  const budget = new Budget(toBounds(options));
  const forms = toForms(options);
  const start = yield* findStart(window, budget.bounds.maxBlockBytes);
  const format = toSafe(() => sniff(start));
  if (!format.success) yield format;
  else if (format.data === "avro") yield* readAvro(window, budget, forms);
  else if (format.data === "confluent") yield* readMessage(window, options.schemas, budget, forms);
  else yield* readJson(window, budget, (document) => readDocument(document, forms));
}

/** As much of the input as shows what it is: its magic, or white space and what comes after. */
function* findStart(window: ByteWindow, maxBytes: number): Generator<typeof NEED_BYTES, Uint8Array, void> {
  yield* fill(window, AVRO_MAGIC.length);
  const most = Math.max(maxBytes, SNIFF_BYTES);
  for (let at = 0; ;) {
    at = skipBlank(window.peek(most), at);
    if (at < window.length || window.ended) break;
    yield NEED_BYTES;
  }
  const known = toSafe(() => sniff(window.peek(most)));
  if (!known.success || known.data === "confluent") yield* fill(window, SNIFF_BYTES);
  return window.peek(most);
}

function* readAvro(window: ByteWindow, budget: Budget, forms: Forms): Generator<ReadStep, void, void> {
  const steps = readContainer(window, budget);
  for (;;) {
    const step = toSafe(() => steps.next());
    if (!step.success) return yield step;
    if (step.data.done) return;
    const { value } = step.data;
    if (value === NEED_BYTES) yield value;
    else if (
      yield* give(
        toSafe(() => readDocument(value.record, forms, value.node)),
        budget,
      )
    )
      return;
  }
}

function* readMessage(
  window: ByteWindow,
  schemas: SchemaSource | undefined,
  { bounds }: Budget,
  forms: Forms,
): Generator<ReadStep, void, void> {
  // One byte above the limit shows that it is too long.
  yield* fill(window, bounds.maxBlockBytes + 1);
  yield toSafe(() => {
    const { record, node } = readFrame(window.peek(), schemas, bounds, forms.surveys);
    return readDocument(record, forms, node);
  });
}
