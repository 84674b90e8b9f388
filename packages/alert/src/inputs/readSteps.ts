import { BtsbotError, countOf, toSafe } from "@btsbot/errors";
import type { SafeResult } from "@btsbot/errors";
import type { ByteWindow } from "../avro/ByteWindow.js";
import { AVRO_MAGIC, fill, findContainer, NEED_BYTES, readContainer } from "../avro/readContainer.js";
import { Budget } from "./Budget.js";
import { openDocument, opensItself } from "../packet/openDocument.js";
import { readDocument } from "../packet/readDocument.js";
import { toForms } from "../packet/toForms.js";
import type { Forms } from "../packet/toForms.js";
import { give } from "./give.js";
import type { AvroSchema } from "../avro/AvroSchema.js";
import type { SchemaRecord } from "../avro/avroType.js";
import { readBare } from "../avro/readBare.js";
import { readFrame } from "../avro/readFrame.js";
import { readJson } from "../json/readJson.js";
import { toBounds } from "./readLimits.js";
import type { ReadStep } from "./ReadStep.js";
import { readBase64Lines } from "./readBase64Lines.js";
import { isBase64Line, skipBlank, sniff, SNIFF_BYTES } from "./sniff.js";
import { sniffLines } from "./sniffLines.js";
import type { InputFormat } from "./sniff.js";
import type { Alert, ReadOptions, SchemaSource } from "../types.js";

/**
 * Reads the alerts of an input step by step. The steps know nothing of where bytes come from, so that
 * bytes in memory and a stream have the same outcomes, whatever the chunks.
 */
export function* readSteps(window: ByteWindow, options: ReadOptions): Generator<ReadStep, void, void> {
  yield* readInput(window, options, new Budget(toBounds(options)), toForms(options));
}

function* readInput(
  window: ByteWindow,
  options: ReadOptions,
  budget: Budget,
  forms: Forms,
): Generator<ReadStep, void, void> {
  const start = yield* findStart(window, budget.bounds.maxBlockBytes);
  const format = yield* sniffLines(
    window,
    toSafe(() => sniff(start)),
  );
  const bare =
    options.key === undefined || (format.success && format.data === "avro")
      ? undefined
      : yield* tryBare(window, options.key, budget);
  if (bare?.success) yield toSafe(() => readDocument(bare.data.record, forms, bare.data.node));
  else if (bare !== undefined && isUnknown(format, options)) yield bare;
  else if (!format.success) yield format;
  else if (format.data === "avro") yield* readAvro(window, budget, forms);
  else if (format.data === "confluent") yield* readMessage(window, options.schemas, budget, forms);
  else if (format.data === "base64")
    yield* readBase64Lines(window, budget, (line) => readLine(line, options, budget, forms));
  else
    yield* readJson(
      window,
      budget,
      (document) => readEach(document, forms),
      (head) => opensItself(head, forms),
    );
}

/** What a line of base64 stands for; base64 in base64 is not an alert. */
function readLine(line: ByteWindow, options: ReadOptions, budget: Budget, forms: Forms): Iterable<ReadStep> {
  if (!isBase64Line(line.peek())) return readInput(line, options, budget, forms);
  const error = new BtsbotError("input-unrecognized", "this is base64 in base64, not an alert packet");
  return [{ success: false, error }];
}

/** Decodes the whole input as a bare datum; undefined if it is too long for one. */
function* tryBare(
  window: ByteWindow,
  schema: AvroSchema,
  { bounds }: Budget,
): Generator<typeof NEED_BYTES, SafeResult<SchemaRecord> | undefined, void> {
  yield* fill(window, bounds.maxBlockBytes + 1);
  return window.length > bounds.maxBlockBytes ? undefined : toSafe(() => readBare(window.peek(), schema, bounds));
}

/** Whether nothing else is known of an input: no look of something else, nor the frame of a message. */
function isUnknown(format: SafeResult<InputFormat>, { schemas }: ReadOptions): boolean {
  if (!format.success) return format.error.problems[0].expected !== undefined;
  return format.data === "confluent" && schemas === undefined;
}

/** The alerts of a document. */
export function readEach(document: unknown, forms: Forms): Generator<SafeResult<Alert>, void, void> {
  return openDocument(document, forms, (each) => readDocument(each, forms));
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

/**
 * Containers that may be damaged one after the other: what only looks like many of them is given up, before it costs more
 * than it is worth.
 */
const MOST_DAMAGED = 1000;

/**
 * Reads containers, one after the other. Where one is damaged, the next one that has a record goes on; what is between is one
 * error, which comes when its end is known. What is too long for the limits ends the reading.
 */
function* readAvro(window: ByteWindow, budget: Budget, forms: Forms): Generator<ReadStep, void, void> {
  let damage: Damage | undefined;
  for (let damaged = 0; damaged <= MOST_DAMAGED;) {
    const start = window.position;
    const steps = readContainer(window, budget);
    for (;;) {
      const step = toSafe(() => steps.next());
      if (!step.success) {
        damage ??= { error: step.error, from: Math.max(window.position, start + 1) };
        break;
      }
      const { done, value } = step.data;
      if (done === true) return damage && (yield { success: false, error: damage.error });
      if (value === NEED_BYTES) {
        yield value;
        continue;
      }
      if (damage !== undefined) {
        if ((yield* give([{ success: false, error: describeDamage(damage, start) }], budget)) === "over") return;
        [damage, damaged] = [undefined, 0];
      }
      const outcome = toSafe(() => readDocument(value.record, forms, value.node));
      if ((yield* give([outcome], budget)) === "over") return;
    }
    damaged += 1;
    // The beginning of the one that is damaged is not the next one's.
    if (window.position === start) window.take(1);
    if (ENDS.includes(damage.error.code) || !(yield* findContainer(window))) break;
  }
  if (damage !== undefined) yield { success: false, error: damage.error };
}

/** What is wrong with an input as a whole, and not with a stretch of it. */
const ENDS: readonly string[] = ["limit-exceeded"];

/** A stretch without a record. */
interface Damage {
  /** What was wrong first. */
  readonly error: BtsbotError;
  /** Where, byte in the input. */
  readonly from: number;
}

function describeDamage({ error, from }: Damage, to: number): BtsbotError {
  const skipped = `${countOf(to - from, "byte")} skipped; the reading goes on with the container at byte ${to}.`;
  const [first, ...others] = error.problems;
  const hint = first.hint === undefined ? skipped : `${first.hint} ${skipped}`;
  const message = `${first.message}. ${skipped}`;
  return Object.assign(new BtsbotError([{ ...first, hint, message }, ...others]), { cause: error.cause });
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
