import type { SafeResult } from "@btsbot/errors";
import type { ByteWindow } from "../avro/ByteWindow.js";
import { fill, NEED_BYTES } from "../avro/readContainer.js";
import { isBase64Line, SNIFF_BYTES } from "./sniff.js";
import type { InputFormat } from "./sniff.js";

const LINE_FEED = 0x0a;

/** Lines behind a damaged first one that are looked at, and bytes of them: then the input is not lines of base64. */
const [LINES_TRIED, MOST_BYTES] = [100, 1 << 20];

/**
 * What an input is that its first line does not tell: a text of which a later line is an alert in base64 is lines of base64, and the
 * first one is damaged.
 *
 * @param format - what the input is by its first bytes
 */
export function* sniffLines(
  window: ByteWindow,
  format: SafeResult<InputFormat>,
): Generator<typeof NEED_BYTES, SafeResult<InputFormat>, void> {
  // What is known to be something else is that.
  const isUnknown = !format.success && format.error.problems[0].expected !== undefined;
  if (!isUnknown || !window.peek(SNIFF_BYTES).every(isText)) return format;
  for (let [tried, from] = [0, 0]; tried < LINES_TRIED;) {
    const end = window.peek(MOST_BYTES).indexOf(LINE_FEED, from);
    if (end < 0) {
      if (window.ended || window.length >= MOST_BYTES) return format;
      from = window.length;
      yield NEED_BYTES;
      continue;
    }
    [tried, from] = [tried + 1, end + 1];
    yield* fill(window, Math.min(from + SNIFF_BYTES, MOST_BYTES));
    if (isBase64Line(window.peek(MOST_BYTES).subarray(from))) return { success: true, data: "base64" };
  }
  return format;
}

function isText(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === LINE_FEED || byte === 0x0d || byte === 0x09;
}
