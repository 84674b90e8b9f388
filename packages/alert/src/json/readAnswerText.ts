import { toSafe } from "@btsbot/errors";
import type { SafeResult } from "@btsbot/errors";
import type { ByteWindow } from "../avro/ByteWindow.js";
import { NEED_BYTES } from "../avro/readContainer.js";
import type { Budget } from "../inputs/Budget.js";
import { give } from "../inputs/give.js";
import type { ReadStep } from "../inputs/ReadStep.js";
import { countBlank } from "../inputs/sniff.js";
import { JsonScanner } from "./JsonScanner.js";
import { countLines, failed, readArray, readScanned, skipBlanks } from "./readArray.js";
import type { ReadEach } from "./readArray.js";

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPENING_BRACE, CLOSING_BRACE, OPENING_BRACKET] = [0x7b, 0x7d, 0x5b];
/** Bytes in front of the list of an answer: a status and a server's message. */
const MOST_HEAD = 4096;

/**
 * Whether a document is an answer whose documents are those of its last list, each for itself: asked with that list empty,
 * before anything of it is read.
 */
export type IsAnswer = (head: Readonly<Record<string, unknown>>) => boolean;

/**
 * Where the list begins that an answer has in front of everything but plain values, at its bracket; undefined where
 * the text does not begin as such an answer.
 */
export function* findAnswer(
  window: ByteWindow,
  isAnswer: IsAnswer,
): Generator<typeof NEED_BYTES, number | undefined, void> {
  for (;;) {
    const bytes = window.peek(MOST_HEAD);
    const at = findList(bytes);
    if (at === undefined) return undefined;
    if (at < bytes.length) return isAnswerHead(bytes.subarray(0, at), isAnswer) ? at : undefined;
    if (window.ended || bytes.length === MOST_HEAD) return undefined;
    yield NEED_BYTES;
  }
}

function isAnswerHead(head: Uint8Array, isAnswer: IsAnswer): boolean {
  let document: Record<string, unknown>;
  try {
    document = JSON.parse(`${new TextDecoder().decode(head)}[]}`) as Record<string, unknown>;
  } catch {
    // What is wrong with it is said, with its place, by who reads it as the one document that it then is.
    return false;
  }
  return isAnswer(document);
}

/**
 * Reads the documents of an answer one by one, as those of an array: each may be as long, and hold as much, as any.
 *
 * @param head - bytes in front of its list, from {@link findAnswer}
 * @returns the line feeds in it; undefined if it did not come to its end
 */
export function* readAnswerText<T>(
  window: ByteWindow,
  head: number,
  budget: Budget,
  read: ReadEach<T>,
  path?: string,
): Generator<ReadStep<T>, number | undefined, void> {
  let lines = countLines(window.take(head));
  const inside = yield* readArray(window, budget, read, path);
  if (inside === undefined) return undefined;
  lines += inside + (yield* skipBlanks(window));
  if (window.peek(1)[0] === CLOSING_BRACE) {
    window.take(1);
    return lines;
  }
  const rest = yield* readRest(window, budget, path);
  if (!rest.success) yield* give([rest], budget);
  return rest.success ? lines + rest.data : undefined;
}

/** Reads what follows the list: how many line feeds are in it, or why it is not the rest of an object. */
function* readRest(
  window: ByteWindow,
  budget: Budget,
  path?: string,
): Generator<typeof NEED_BYTES, SafeResult<number>, void> {
  const open = failed("the answer is not closed", path);
  if (window.peek(1)[0] !== COMMA) return open;
  const scanner = new JsonScanner(budget.bounds, path);
  // With a brace in place of its comma it is an object by itself; the scanner does not look back at either.
  scanner.scan(Uint8Array.of(OPENING_BRACE), false);
  for (;;) {
    const found = toSafe(() => scanner.scan(window.peek(), window.ended));
    if (!found.success) return found;
    if (found.data) break;
    if (window.ended) return open;
    yield NEED_BYTES;
  }
  const text = window.peek(scanner.at).slice();
  text[0] = OPENING_BRACE;
  const rest = toSafe(() => readScanned(text, scanner, budget, path));
  if (!rest.success) return rest.error.code === "json-invalid" ? open : rest;
  return { success: true, data: countLines(window.take(scanner.at)) };
}

/** Where the first list of an object begins; the length where that is not here yet, undefined where an object comes first or none. */
function findList(bytes: Uint8Array): number | undefined {
  const { length } = bytes;
  const skip = (at: number): number => at + countBlank(bytes.subarray(at));
  let at = skip(0);
  if (at < length && bytes[at] !== OPENING_BRACE) return undefined;
  while (at < length) {
    // Behind the brace or a comma: a name, a colon and a value.
    at = skip(at + 1);
    if (at < length && bytes[at] !== QUOTE) return undefined;
    at = skip(endOfString(bytes, at));
    if (at < length && bytes[at] !== COLON) return undefined;
    at = skip(at + 1);
    if (at >= length || bytes[at] === OPENING_BRACKET) break;
    if (bytes[at] === OPENING_BRACE) return undefined;
    if (bytes[at] === QUOTE) at = endOfString(bytes, at);
    else while (at < length && bytes[at] !== COMMA && bytes[at] !== CLOSING_BRACE) at += 1;
    at = skip(at);
    if (at < length && bytes[at] !== COMMA) return undefined;
  }
  return Math.min(at, length);
}

/** Behind the string that begins here; the length where its end is not here. */
function endOfString(bytes: Uint8Array, start: number): number {
  for (let at = start + 1; at < bytes.length; at += 1) {
    if (bytes[at] === QUOTE) return at + 1;
    if (bytes[at] === BACKSLASH) at += 1;
  }
  return bytes.length;
}
