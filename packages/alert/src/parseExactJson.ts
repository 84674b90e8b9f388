import { BtsbotError } from "@btsbot/errors";

/** Numbers and the words that Python's json writes for what JSON cannot say. */
const TOKEN = /-?(?:\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|Infinity)|NaN/g;

/** Shorter integers are exact in a JavaScript number. */
const EXACT_DIGITS = 16;

/**
 * Parses JSON without rounding: integers above 2^53 become `{"$numberLong": "…"}` and the bare words
 * NaN and Infinity `{"$numberDouble": "…"}`, which the readers of ids and numbers understand.
 *
 * (`JSON.parse` shows the source of a number to its reviver only in Node 21 and later.)
 *
 * @param path - the place of the text in its input, for errors
 */
export function parseExactJson(text: string, path?: string): unknown {
  try {
    return JSON.parse(wrapNumbers(text));
  } catch (cause) {
    if (cause instanceof RangeError) {
      // Wrapped, the numbers take more room than a string has.
      throw new BtsbotError("input-too-large", "the text is longer than can be read at once", {
        ...(path && { path }),
        got: `${text.length} characters`,
        cause,
      });
    }
    throw new BtsbotError("json-invalid", "the text is not JSON", {
      ...(path && { path }),
      got: (cause as Error).message,
      cause,
    });
  }
}

function wrapNumbers(text: string): string {
  let result = "";
  for (let at = 0; at < text.length;) {
    const open = text.indexOf('"', at);
    const outside = open < 0 ? text.slice(at) : text.slice(at, open);
    result += outside.replace(TOKEN, wrapNumber);
    if (open < 0) break;
    at = endOfString(text, open);
    result += text.slice(open, at);
  }
  return result;
}

function wrapNumber(token: string): string {
  if (token.endsWith("NaN") || token.endsWith("Infinity")) return `{"$numberDouble":"${token}"}`;
  const whole = token.length >= EXACT_DIGITS && /^-?\d+$/.test(token);
  return whole && !Number.isSafeInteger(Number(token)) ? `{"$numberLong":"${token}"}` : token;
}

/** The position behind the string that opens at `open`. */
function endOfString(text: string, open: number): number {
  for (let close = text.indexOf('"', open + 1); close >= 0; close = text.indexOf('"', close + 1)) {
    let slashes = 0;
    while (text[close - 1 - slashes] === "\\") slashes += 1;
    if (slashes % 2 === 0) return close + 1;
  }
  return text.length;
}
