import { BtsbotError, toSafe } from "@btsbot/errors";
import type { SafeResult } from "@btsbot/errors";
import type { ByteWindow } from "./avro/ByteWindow.js";
import { fill, NEED_BYTES } from "./avro/readContainer.js";
import { decodeText } from "./decodeText.js";
import { parseExactJson } from "./parseExactJson.js";
import type { ReadStep } from "./readSteps.js";
import { skipBlank } from "./sniff.js";
import { toAlert } from "./toAlert.js";

const LINE_FEED = 0x0a;
const OPENING_BRACE = 0x7b;

/**
 * Lines behind a damaged first one that are looked at for a document of their own. So many bad ones
 * in a row are no accident, and to parse every line of a large file that is no JSON takes long.
 */
const LINES_TRIED = 100;

/**
 * Reads the alerts of a text: one document, an array of them, or either on each line.
 *
 * The text is read line by line if its first line is JSON by itself. If not, it is one document, of
 * at most `maxBytes`; where it is none and begins with `{`, it is read line by line all the same if
 * one of the next lines is an object by itself: then the first line is just a bad one.
 */
export function* readJson(window: ByteWindow, maxBytes: number): Generator<ReadStep, void, void> {
  const blank = window.take(skipBlank(window.peek(), 0));
  const number = 1 + blank.filter((byte) => byte === LINE_FEED).length;
  const length = yield* findLine(window, maxBytes);
  const first = toSafe(() => parse(window.peek(length), maxBytes, `line ${number}`));
  if (first.success) {
    window.take(length);
    yield* toOutcomes(first);
    return yield* readLines(window, maxBytes, number + 1);
  }
  yield* fill(window, maxBytes + 1);
  const whole = toSafe(() => parse(window.peek(), maxBytes));
  if (whole.success || !hasDocumentLine(window.peek(maxBytes))) yield* toOutcomes(whole);
  else yield* readLines(window, maxBytes, number);
}

function* readLines(window: ByteWindow, maxBytes: number, number: number): Generator<ReadStep, void, void> {
  for (; ; number++) {
    const length = yield* findLine(window, maxBytes);
    if (length === 0) return;
    if (skipBlank(window.peek(length), 0) < length)
      yield* toOutcomes(toSafe(() => parse(window.peek(length), maxBytes, `line ${number}`)));
    window.take(length);
    if (length > maxBytes) yield* skipLine(window);
  }
}

/** The length of the next line, its end included; one more than `maxBytes` if it is longer; 0 at the end of the input. */
function* findLine(window: ByteWindow, maxBytes: number): Generator<typeof NEED_BYTES, number, void> {
  for (let from = 0; ;) {
    const end = window.peek(maxBytes).indexOf(LINE_FEED, from);
    if (end >= 0) return end + 1;
    if (window.length > maxBytes) return maxBytes + 1;
    if (window.ended) return window.length;
    from = window.length;
    yield NEED_BYTES;
  }
}

/** Lets go of the rest of a line without holding it. */
function* skipLine(window: ByteWindow): Generator<typeof NEED_BYTES, void, void> {
  for (;;) {
    const end = window.peek().indexOf(LINE_FEED);
    window.take(end >= 0 ? end + 1 : window.length);
    if (end >= 0 || window.ended) return;
    yield NEED_BYTES;
  }
}

function parse(bytes: Uint8Array, maxBytes: number, path?: string): unknown {
  if (bytes.length <= maxBytes) return parseExactJson(decodeText(bytes, path), path);
  throw new BtsbotError("input-too-large", "the JSON document is longer than the limit", {
    ...(path && { path }),
    expected: `at most ${maxBytes} bytes`,
    hint: "Raise `maxBlockBytes` if the input is trusted, or give one document a line.",
  });
}

/** Whether one of the lines behind the first is an object by itself. */
function hasDocumentLine(bytes: Uint8Array): boolean {
  if (bytes[0] !== OPENING_BRACE) return false;
  for (let tried = 0, start = bytes.indexOf(LINE_FEED) + 1; start > 0 && tried < LINES_TRIED; tried++) {
    const next = bytes.indexOf(LINE_FEED, start) + 1;
    const line = bytes.subarray(start, next > 0 ? next : undefined);
    if (line[skipBlank(line, 0)] === OPENING_BRACE && toSafe(() => parseExactJson(decodeText(line))).success)
      return true;
    start = next;
  }
  return false;
}

function* toOutcomes(json: SafeResult<unknown>): Generator<ReadStep, void, void> {
  if (!json.success) return yield json;
  for (const document of Array.isArray(json.data) ? (json.data as unknown[]) : [json.data])
    yield toSafe(() => toAlert(document));
}
