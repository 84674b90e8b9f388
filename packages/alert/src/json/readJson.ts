import { BtsbotError, countOf, toSafe } from "@btsbot/errors";
import type { SafeFailure, SafeResult } from "@btsbot/errors";
import { ByteWindow } from "../avro/ByteWindow.js";
import { fill, NEED_BYTES } from "../avro/readContainer.js";
import type { Budget } from "../inputs/Budget.js";
import { JsonScanner } from "./JsonScanner.js";
import { parseExactJson } from "./parseExactJson.js";
import { give } from "../inputs/give.js";
import type { ReadStep } from "../inputs/ReadStep.js";
import { countBlank, skipBlank } from "../inputs/sniff.js";

const LINE_FEED = 0x0a;
const [OPENING_BRACE, OPENING_BRACKET, CLOSING_BRACKET, COMMA] = [0x7b, 0x5b, 0x5d, 0x2c];

/**
 * Lines behind a damaged first one that are looked at for a document of their own. So many bad ones
 * in a row are not an accident, and to parse every line of a large file that is not JSON takes long.
 */
const LINES_TRIED = 100;

/** Reads what a document holds: one outcome each. */
export type ReadEach<T> = (document: unknown) => Iterable<SafeResult<T>>;

/**
 * Reads the alerts of a text: one document, an array of them, or either on each line.
 *
 * An array is read document by document, and lines may follow it. A text that begins with `{` is read
 * line by line if its first line is JSON by itself. If not, it is one document; where it is not, it
 * is read line by line all the same if one of the next lines is an object by itself: then the first
 * line is just a bad one.
 */
export function* readJson<T>(
  window: ByteWindow,
  budget: Budget,
  read: ReadEach<T>,
): Generator<ReadStep<T>, void, void> {
  const { maxBlockBytes } = budget.bounds;
  const number = 1 + countLines(window.take(skipBlank(window.peek(), 0)));
  if (window.peek(1)[0] === OPENING_BRACKET) {
    const lines = yield* readArray(window, budget, read);
    if (lines !== undefined) yield* readLines(window, budget, number + lines, read);
    return;
  }
  const length = yield* findLine(window, maxBlockBytes);
  const first = toSafe(() => parse(window.peek(length), budget, `line ${number}`));
  if (first.success) {
    window.take(length);
    if ((yield* give(read(first.data), budget)) !== "over") yield* readLines(window, budget, number + 1, read);
    return;
  }
  yield* fill(window, maxBlockBytes + 1);
  const whole = toSafe(() => parse(window.peek(), budget));
  if (whole.success) yield* give(read(whole.data), budget);
  else if (hasDocumentLine(window.peek(maxBlockBytes), budget)) yield* readLines(window, budget, number, read);
  else yield whole;
}

/** Reads the alerts of a text that is one document, or an array of them. */
export function* readDocuments<T>(
  window: ByteWindow,
  budget: Budget,
  read: ReadEach<T>,
): Generator<ReadStep<T>, void, void> {
  window.take(skipBlank(window.peek(), 0));
  if (window.peek(1)[0] !== OPENING_BRACKET) {
    yield* give(readText(window.peek(), budget, read), budget);
    return;
  }
  const lines = yield* readArray(window, budget, read);
  if (lines !== undefined && countBlank(window.peek()) < window.length) yield failed("text follows the array");
}

/** What a text that is one document holds. */
function readText<T>(bytes: Uint8Array, budget: Budget, read: ReadEach<T>, path?: string): Iterable<SafeResult<T>> {
  const document = toSafe(() => parse(bytes, budget, path));
  return document.success ? read(document.data) : [document];
}

function* readLines<T>(
  window: ByteWindow,
  budget: Budget,
  from: number,
  read: ReadEach<T>,
): Generator<ReadStep<T>, void, void> {
  const { maxBlockBytes } = budget.bounds;
  for (let number = from; ; number++) {
    number += yield* skipBlanks(window);
    const length = yield* findLine(window, maxBlockBytes);
    if (length === 0) return;
    const line = window.peek(length);
    const start = skipBlank(line, 0);
    if (start === line.length || length > maxBlockBytes || line[start] !== OPENING_BRACKET) {
      if (start < line.length && (yield* give(readText(line, budget, read, `line ${number}`), budget)) === "over")
        return;
    } else if (yield* readArrayLine(line.subarray(start), budget, read, `line ${number}`)) return;
    window.take(length);
    if (length > maxBlockBytes) yield* skipLine(window);
  }
}

/** Reads an array that is a line; true if nothing of the input is to be read any more. */
function* readArrayLine<T>(
  line: Uint8Array,
  budget: Budget,
  read: ReadEach<T>,
  path: string,
): Generator<ReadStep<T>, boolean, void> {
  const window = new ByteWindow(line);
  // Without documents it costs nothing else, and a short input could hold any number of such lines.
  if (line[skipBlank(line, 1)] === CLOSING_BRACKET) {
    const complaint = budget.skip(line.length);
    if (complaint !== undefined) {
      yield { success: false, error: complaint };
      return true;
    }
  }
  const lines = yield* readArray(window, budget, read, path);
  if (lines === undefined || countBlank(window.peek()) === window.length) return budget.isSpent;
  return (yield* give([failed("text follows the array", path)], budget)) === "over";
}

/**
 * Reads the documents of an array one by one: what is in memory is one of them, and what stands before a
 * damage is read.
 *
 * @returns the line feeds in it; undefined if it did not come to its end
 */
function* readArray<T>(
  window: ByteWindow,
  budget: Budget,
  read: ReadEach<T>,
  path?: string,
): Generator<ReadStep<T>, number | undefined, void> {
  let lines = 0;
  for (let [next, count] = [OPENING_BRACKET, 0]; next !== CLOSING_BRACKET; count++) {
    window.take(1);
    lines += yield* skipBlanks(window);
    if (count === 0 && window.peek(1)[0] === CLOSING_BRACKET) break;
    const scanner = new JsonScanner(budget.bounds, path);
    const found = yield* findEnd(window, scanner, path);
    if (!found.success) return yield* stop(found, budget);
    const document = toSafe(() => readScanned(window.peek(scanner.at), scanner, budget, path));
    const outcomes = document.success ? read(document.data) : [document];
    // Rows of a broker's answer are all of one kind: one complaint is enough.
    if ((yield* give(outcomes, budget)) !== "on") return undefined;
    lines += countLines(window.take(scanner.at));
    lines += yield* skipBlanks(window);
    [next] = window.peek(1);
    if (next !== COMMA && next !== CLOSING_BRACKET) return yield* stop(failed("the array is not closed", path), budget);
  }
  window.take(1);
  return lines;
}

function* stop(failure: SafeFailure, budget: Budget): Generator<ReadStep<never>, undefined, void> {
  yield* give([failure], budget);
  return undefined;
}

/** Asks for bytes until the value that begins the window is there. */
function* findEnd(
  window: ByteWindow,
  scanner: JsonScanner,
  path?: string,
): Generator<typeof NEED_BYTES, SafeFailure | { readonly success: true }, void> {
  for (;;) {
    const found = toSafe(() => scanner.scan(window.peek(), window.ended));
    if (!found.success) return found;
    if (found.data) return { success: true };
    if (window.ended) return failed("the text ends inside the array", path);
    yield NEED_BYTES;
  }
}

/** Lets go of white space; how many line feeds it held. */
function* skipBlanks(window: ByteWindow): Generator<typeof NEED_BYTES, number, void> {
  let lines = 0;
  for (;;) {
    const blank = window.take(countBlank(window.peek()));
    lines += countLines(blank);
    if (window.length > 0 || window.ended) return lines;
    yield NEED_BYTES;
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

/** Reads a text that is one document, with white space around it. */
function parse(bytes: Uint8Array, budget: Budget, path?: string): unknown {
  const { maxBlockBytes } = budget.bounds;
  if (bytes.length > maxBlockBytes) {
    throw new BtsbotError("input-too-large", "the JSON document is longer than the limit", {
      ...(path && { path }),
      expected: `at most ${countOf(maxBlockBytes, "byte")}`,
      hint: "Raise `maxBlockBytes` if the input is trusted, or put one document on each line.",
    });
  }
  const document = bytes.subarray(skipBlank(bytes, 0));
  const scanner = new JsonScanner(budget.bounds, path);
  if (!scanner.scan(document, true)) throw invalid("the text ends inside a document", path);
  if (scanner.at + countBlank(document.subarray(scanner.at)) < document.length)
    throw invalid("text follows the document", path);
  return readScanned(document.subarray(0, scanner.at), scanner, budget, path);
}

function readScanned(bytes: Uint8Array, { marks, values }: JsonScanner, budget: Budget, path?: string): unknown {
  budget.earn(bytes.length);
  budget.spend(values);
  return parseExactJson(bytes, marks, path);
}

/** Whether one of the lines behind the first is an object by itself. */
function hasDocumentLine(bytes: Uint8Array, budget: Budget): boolean {
  if (bytes[0] !== OPENING_BRACE) return false;
  for (let tried = 0, start = bytes.indexOf(LINE_FEED) + 1; start > 0 && tried < LINES_TRIED; tried++) {
    const next = bytes.indexOf(LINE_FEED, start) + 1;
    const line = bytes.subarray(start, next > 0 ? next : undefined);
    if (line[skipBlank(line, 0)] === OPENING_BRACE && toSafe(() => parse(line, budget)).success) return true;
    start = next;
  }
  return false;
}

function countLines(bytes: Uint8Array): number {
  const first = bytes.indexOf(LINE_FEED);
  let lines = 0;
  for (let at = first; at >= 0 && at < bytes.length; at++) if (bytes[at] === LINE_FEED) lines += 1;
  return lines;
}

function invalid(summary: string, path?: string): BtsbotError {
  return new BtsbotError("json-invalid", summary, path === undefined ? {} : { path });
}

function failed(summary: string, path?: string): SafeFailure {
  return { success: false, error: invalid(summary, path) };
}
