import { BtsbotError, countOf } from "@btsbot/errors";
import { MAX_DEPTH, tooDeep } from "../inputs/maxDepth.js";
import { CONTAINER_VALUES } from "../inputs/readLimits.js";
import type { ReadLimits } from "../types.js";

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];

/** Bytes of a string that are looked at one by one before a search for its end pays. */
const SHORT_STRING = 32;

/** The shortest integer that a JavaScript number may not hold exactly. */
const EXACT_DIGITS = 16;

/** What a number or word counts that is replaced before parsing: the text is cut there, and an object made of it. */
const MARK_VALUES = 10;

/** Bytes that end a number or a word. */
const ENDS = new Uint8Array(256);
for (const byte of [QUOTE, COMMA, COLON, OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET]) ENDS[byte] = 1;
for (const blank of [0x20, 0x09, 0x0a, 0x0d]) ENDS[blank] = 1;

/**
 * Finds the end of a JSON value without making anything of it, and counts what `JSON.parse` would make, so
 * that a text which would take gigabytes is refused before it is parsed. It looks at brackets, strings and
 * words alone: whether the value is JSON, `JSON.parse` says.
 */
export class JsonScanner {
  /** Bytes that were looked at; behind the value when it is found. */
  at = 0;
  /** Values so far: items of lists, members of objects and their names, and what lists and objects take themselves. */
  values = 0;
  /** Where numbers and words begin and end that `JSON.parse` cannot be given: long integers, NaN and Infinity. */
  readonly marks: number[] = [];
  private depth = 0;
  private inString = false;
  private slash = 0;
  private searched = 0;

  /**
   * @param path - the place of the value in its input, for errors
   */
  constructor(
    private readonly limits: Pick<ReadLimits, "values" | "bytes">,
    private readonly path?: string,
  ) {}

  /**
   * Goes on where the last call ended.
   *
   * @param bytes - those from the value's first on, as far as they are there; each call must give at least the last's
   * @param ended - whether no more will come
   * @returns whether the value is found: it ends before `at`
   */
  scan(bytes: Uint8Array, ended: boolean): boolean {
    const found = this.walk(bytes, ended);
    if (this.at > this.limits.bytes) this.tooLong();
    return found;
  }

  private walk(all: Uint8Array, ended: boolean): boolean {
    const bytes = all.subarray(0, this.limits.bytes + 1);
    while (this.at < bytes.length) {
      if (this.inString) {
        if (!this.skipString(bytes)) return false;
        if (this.depth === 0) return true;
        continue;
      }
      switch (bytes[this.at]) {
        case QUOTE:
          this.inString = true;
          this.at += 1;
          break;
        case OPEN_BRACE:
        case OPEN_BRACKET:
          this.count(CONTAINER_VALUES);
          if ((this.depth += 1) > MAX_DEPTH) throw tooDeep(this.path);
          this.at += 1;
          break;
        case CLOSE_BRACE:
        case CLOSE_BRACKET:
          // What closes nothing is left to whoever reads what is around.
          if (this.depth > 0) this.at += 1;
          if ((this.depth -= 1) <= 0) return true;
          break;
        case COMMA:
        case COLON:
          // Behind a value of its own there is nothing to look for.
          if (this.depth === 0) return true;
          this.count(1);
          this.at += 1;
          break;
        default:
          // White space, or a number or a word.
          if (ENDS[bytes[this.at]] === 1) this.at += 1;
          else if (!this.skipWord(bytes, ended)) return false;
          else if (this.depth === 0) return true;
      }
    }
    return false;
  }

  private count(values: number): void {
    if ((this.values += values) <= this.limits.values) return;
    throw new BtsbotError("limit-exceeded", "the document holds more values than the limit", {
      ...(this.path !== undefined && { path: this.path }),
      expected: `at most ${this.limits.values}`,
      hint: "Raise `limits.values` if the input is trusted.",
    });
  }

  private tooLong(): never {
    throw new BtsbotError("input-too-large", "the JSON document is longer than the limit", {
      ...(this.path !== undefined && { path: this.path }),
      expected: `at most ${countOf(this.limits.bytes, "byte")}`,
      hint: "Raise `limits.bytes` if the input is trusted.",
    });
  }

  /** Goes behind the string's end; false if that is not there yet. */
  private skipString(bytes: Uint8Array): boolean {
    const { length } = bytes;
    let { at } = this;
    let near = at + SHORT_STRING;
    let quote = -1;
    while (at < length) {
      if (at >= near) {
        // A long one, most likely a stamp in base64, which has no backslashes.
        if (quote < at) quote = indexOrEnd(bytes, QUOTE, at);
        at = Math.min(quote, this.nextSlash(bytes, at));
        near = at + SHORT_STRING;
        if (at >= length) break;
      }
      const byte = bytes[at];
      if (byte === QUOTE) {
        this.at = at + 1;
        this.inString = false;
        return true;
      }
      // What is escaped may not be there yet.
      if (byte === BACKSLASH && at + 1 >= length) break;
      at += byte === BACKSLASH ? 2 : 1;
    }
    this.at = at;
    return false;
  }

  /** Where the next backslash is, from `at` on; no byte is searched twice. */
  private nextSlash(bytes: Uint8Array, at: number): number {
    const isNone = this.slash === this.searched;
    if (this.slash < at || (isNone && this.searched < bytes.length)) {
      this.slash = indexOrEnd(bytes, BACKSLASH, isNone ? Math.max(at, this.searched) : at);
      this.searched = bytes.length;
    }
    return this.slash;
  }

  /** Goes behind a number or a word; false if it may go on where the bytes end. */
  private skipWord(bytes: Uint8Array, ended: boolean): boolean {
    const { length } = bytes;
    const start = this.at;
    let at = start;
    let digits = true;
    for (; at < length; at++) {
      const byte = bytes[at];
      if (byte >= 0x30 && byte <= 0x39) continue;
      if (ENDS[byte] === 1) break;
      if (byte !== 0x2d || at > start) digits = false;
    }
    if (at === length && (!ended || at > this.limits.bytes)) {
      if (at > this.limits.bytes) this.at = at;
      return false;
    }
    this.at = at;
    if (digits ? at - start >= EXACT_DIGITS : isPythonWord(bytes, start)) {
      this.count(MARK_VALUES);
      this.marks.push(start, at);
    }
    return true;
  }
}

function indexOrEnd(bytes: Uint8Array, wanted: number, from: number): number {
  const at = bytes.indexOf(wanted, from);
  return at < 0 ? bytes.length : at;
}

/** Whether what begins here may be NaN, Infinity or -Infinity. */
function isPythonWord(bytes: Uint8Array, start: number): boolean {
  const first = bytes[start] === 0x2d ? bytes[start + 1] : bytes[start];
  return first === 0x4e || first === 0x49;
}
