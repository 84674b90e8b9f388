import { BtsbotError, countOf, toSafe } from "@btsbot/errors";
import type { SafeResult } from "@btsbot/errors";
import { ByteWindow } from "../avro/ByteWindow.js";
import { fill } from "../avro/readContainer.js";
import type { NEED_BYTES } from "../avro/readContainer.js";
import type { Budget } from "../inputs/Budget.js";
import { give } from "../inputs/give.js";
import { findLine, skipLine } from "../inputs/lines.js";
import type { ReadStep } from "../inputs/ReadStep.js";
import { countBlank, skipBlank } from "../inputs/sniff.js";
import { JsonScanner } from "./JsonScanner.js";
import { findAnswer, readAnswerText } from "./readAnswerText.js";
import type { IsAnswer } from "./readAnswerText.js";
import { countLines, failed, invalidText, readArray, readScanned, skipBlanks } from "./readArray.js";
import type { ReadEach } from "./readArray.js";

const LINE_FEED = 0x0a;
const [OPENING_BRACE, OPENING_BRACKET, CLOSING_BRACKET] = [0x7b, 0x5b, 0x5d];
const NO_ANSWER: IsAnswer = () => false;

/**
 * Lines behind a damaged first one that are looked at for a document of their own. So many bad ones
 * in a row are not an accident, and to parse every line of a large file that is not JSON takes long.
 */
const LINES_TRIED = 100;

/**
 * Reads the alerts of a text: one document, an array of them, or either on each line.
 *
 * An array is read document by document, and so is the list of an answer; lines may follow it. A text that begins with `{` is read
 * line by line if its first line is JSON by itself. If not, it is one document; where it is not, it
 * is read line by line all the same if one of the next lines is an object by itself: then the first
 * line is just a bad one.
 */
export function* readJson<T>(
  window: ByteWindow,
  budget: Budget,
  read: ReadEach<T>,
  isAnswer: IsAnswer = NO_ANSWER,
): Generator<ReadStep<T>, void, void> {
  const { maxBlockBytes } = budget.bounds;
  const number = 1 + countLines(window.take(skipBlank(window.peek(), 0)));
  if (window.peek(1)[0] === OPENING_BRACKET) {
    const lines = yield* readArray(window, budget, read);
    if (lines !== undefined) yield* readLines(window, budget, number + lines, read, isAnswer);
    return;
  }
  const head = yield* findAnswer(window, isAnswer);
  if (head !== undefined) {
    const lines = yield* readAnswerText(window, head, budget, read);
    if (lines !== undefined) yield* readLines(window, budget, number + lines, read, isAnswer);
    return;
  }
  const length = yield* findLine(window, maxBlockBytes);
  const first = toSafe(() => parse(window.peek(length), budget, `line ${number}`));
  if (first.success) {
    window.take(length);
    if ((yield* give(read(first.data), budget)) !== "over")
      yield* readLines(window, budget, number + 1, read, isAnswer);
    return;
  }
  yield* fill(window, maxBlockBytes + 1);
  const whole = toSafe(() => parse(window.peek(), budget));
  if (whole.success) yield* give(read(whole.data), budget);
  else if (hasDocumentLine(window.peek(maxBlockBytes), budget))
    yield* readLines(window, budget, number, read, isAnswer);
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
  isAnswer: IsAnswer,
): Generator<ReadStep<T>, void, void> {
  const { maxBlockBytes } = budget.bounds;
  for (let number = from; ; number++) {
    number += yield* skipBlanks(window);
    const length = yield* findLine(window, maxBlockBytes);
    if (length === 0) return;
    const line = window.peek(length);
    const start = skipBlank(line, 0);
    const head = length > maxBlockBytes ? undefined : yield* findList(line.subarray(start), isAnswer);
    if (head === undefined) {
      if (start < line.length && (yield* give(readText(line, budget, read, `line ${number}`), budget)) === "over")
        return;
    } else if (yield* readListLine(line.subarray(start), head, budget, read, `line ${number}`)) return;
    window.take(length);
    if (length > maxBlockBytes) yield* skipLine(window);
  }
}

/** Where the list of a line begins that is an array or an answer; undefined for anything else. */
function* findList(line: Uint8Array, isAnswer: IsAnswer): Generator<typeof NEED_BYTES, number | undefined, void> {
  return line[0] === OPENING_BRACKET ? 0 : yield* findAnswer(new ByteWindow(line), isAnswer);
}

/** Reads an array or an answer that is a line; true if nothing of the input is to be read any more. */
function* readListLine<T>(
  line: Uint8Array,
  head: number,
  budget: Budget,
  read: ReadEach<T>,
  path: string,
): Generator<ReadStep<T>, boolean, void> {
  const window = new ByteWindow(line);
  // Without documents it costs nothing else, and a short input could hold any number of such lines.
  if (line[head + 1 + countBlank(line.subarray(head + 1))] === CLOSING_BRACKET) {
    const complaint = budget.skip(line.length);
    if (complaint !== undefined) {
      yield { success: false, error: complaint };
      return true;
    }
  }
  const isArray = head === 0;
  const lines = isArray
    ? yield* readArray(window, budget, read, path)
    : yield* readAnswerText(window, head, budget, read, path);
  if (lines === undefined || countBlank(window.peek()) === window.length) return budget.isSpent;
  return (yield* give([failed(`text follows the ${isArray ? "array" : "answer"}`, path)], budget)) === "over";
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
  if (!scanner.scan(document, true)) throw invalidText("the text ends inside a document", path);
  if (scanner.at + countBlank(document.subarray(scanner.at)) < document.length)
    throw invalidText("text follows the document", path);
  return readScanned(document.subarray(0, scanner.at), scanner, budget, path);
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
