import type { ByteWindow } from "../avro/ByteWindow.js";
import { NEED_BYTES } from "../avro/readContainer.js";

const LINE_FEED = 0x0a;

/** The length of the next line, its end included; one more than `maxBytes` if it is longer; 0 at the end of the input. */
export function* findLine(window: ByteWindow, maxBytes: number): Generator<typeof NEED_BYTES, number, void> {
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
export function* skipLine(window: ByteWindow): Generator<typeof NEED_BYTES, void, void> {
  for (;;) {
    const end = window.peek().indexOf(LINE_FEED);
    window.take(end >= 0 ? end + 1 : window.length);
    if (end >= 0 || window.ended) return;
    yield NEED_BYTES;
  }
}
