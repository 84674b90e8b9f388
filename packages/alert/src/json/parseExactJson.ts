import { BtsbotError, countOf } from "@btsbot/errors";
import { decodeText } from "./decodeText.js";
import type { JsonScanner } from "./JsonScanner.js";

/**
 * Parses JSON without rounding: integers above 2^53 become `{"$numberLong": "…"}` and the bare words
 * NaN and Infinity `{"$numberDouble": "…"}`, which the readers of ids and numbers understand.
 *
 * (`JSON.parse` shows the source of a number to its reviver only in Node 21 and later.)
 *
 * @param marks - where the numbers and words stand that may need it, as {@link JsonScanner} finds them
 * @param path - the place of the text in its input, for errors
 */
export function parseExactJson(bytes: Uint8Array, marks: JsonScanner["marks"], path?: string): unknown {
  const text = wrapNumbers(bytes, marks, path);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new BtsbotError("json-invalid", "the text is not JSON", {
      ...(path && { path }),
      got: (cause as Error).message,
      cause,
    });
  }
}

function wrapNumbers(bytes: Uint8Array, marks: readonly number[], path?: string): string {
  let text = "";
  let from = 0;
  try {
    for (let i = 0; i < marks.length; i += 2) {
      const token = decodeText(bytes.subarray(marks[i], marks[i + 1]), path);
      const wrapped = wrapNumber(token);
      if (wrapped === token) continue;
      // What stands before ends with an ASCII letter: no character is cut.
      text += decodeText(bytes.subarray(from, marks[i]), path) + wrapped;
      from = marks[i + 1];
    }
    return text + decodeText(from === 0 ? bytes : bytes.subarray(from), path);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    // Wrapped, the numbers take more room than a string has.
    throw new BtsbotError("input-too-large", "the text is longer than can be read at once", {
      ...(path && { path }),
      got: countOf(bytes.length, "byte"),
      cause,
    });
  }
}

function wrapNumber(token: string): string {
  if (/^(?:NaN|-?Infinity)$/.test(token)) return `{"$numberDouble":"${token}"}`;
  return /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token)) ? `{"$numberLong":"${token}"}` : token;
}
