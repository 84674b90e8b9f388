import { BtsbotError, toSafe } from "@btsbot/errors";
import type { SafeFailure, SafeResult } from "@btsbot/errors";
import type { ByteWindow } from "../avro/ByteWindow.js";
import { NEED_BYTES } from "../avro/readContainer.js";
import type { Budget } from "../inputs/Budget.js";
import { give } from "../inputs/give.js";
import type { ReadStep } from "../inputs/ReadStep.js";
import { countBlank } from "../inputs/sniff.js";
import { JsonScanner } from "./JsonScanner.js";
import { parseExactJson } from "./parseExactJson.js";

const LINE_FEED = 0x0a;
const [OPENING_BRACKET, CLOSING_BRACKET, COMMA] = [0x5b, 0x5d, 0x2c];

/** Reads what a document holds: one outcome each. */
export type ReadEach<T> = (document: unknown) => Iterable<SafeResult<T>>;

/**
 * Reads the documents of an array one by one: what is in memory is one of them, and what stands before a
 * damage is read.
 *
 * @returns the line feeds in it; undefined if it did not come to its end
 */
export function* readArray<T>(
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
export function* skipBlanks(window: ByteWindow): Generator<typeof NEED_BYTES, number, void> {
  let lines = 0;
  for (;;) {
    const blank = window.take(countBlank(window.peek()));
    lines += countLines(blank);
    if (window.length > 0 || window.ended) return lines;
    yield NEED_BYTES;
  }
}

/** Makes the value that a scanner has found. */
export function readScanned(bytes: Uint8Array, { marks, values }: JsonScanner, budget: Budget, path?: string): unknown {
  budget.earn(bytes.length);
  budget.spend(values);
  return parseExactJson(bytes, marks, path);
}

/** How many line feeds there are. */
export function countLines(bytes: Uint8Array): number {
  const first = bytes.indexOf(LINE_FEED);
  let lines = 0;
  for (let at = first; at >= 0 && at < bytes.length; at++) if (bytes[at] === LINE_FEED) lines += 1;
  return lines;
}

/** What is wrong with a text. */
export function invalidText(summary: string, path?: string): BtsbotError {
  return new BtsbotError("json-invalid", summary, path === undefined ? {} : { path });
}

/** The same as an outcome. */
export function failed(summary: string, path?: string): SafeFailure {
  return { success: false, error: invalidText(summary, path) };
}
