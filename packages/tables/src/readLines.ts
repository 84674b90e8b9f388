/** Longer lines are not rows of a table: 16 MiB of UTF-16. */
const MAX_LINE = 1 << 23;

/** A line of a text, without its end. */
export interface TextLine {
  /** The line. */
  readonly text: string;
  /** Its number, from 1. */
  readonly line: number;
}

/**
 * Splits chunks of UTF-8 into lines. Of a line without end no more than 8 million characters are kept.
 *
 * @param chunks - bytes, cut anywhere
 * @returns the lines in order; what follows the last line feed is one, unless it is empty
 *
 * @example
 * ```ts
 * import { readLines } from "@btsbot/tables";
 *
 * const chunks = (async function* () {
 *   yield new TextEncoder().encode("a\nb");
 * })();
 * const lines = [];
 * for await (const { text } of readLines(chunks)) lines.push(text);
 * lines; // => ["a", "b"]
 * ```
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<TextLine, void, undefined> {
  const decoder = new TextDecoder();
  let rest = "";
  let line = 0;
  for await (const chunk of chunks) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = parts.pop()!.slice(0, MAX_LINE);
    for (const text of parts) yield { text, line: (line += 1) };
  }
  rest += decoder.decode();
  if (rest !== "") yield { text: rest, line: line + 1 };
}
