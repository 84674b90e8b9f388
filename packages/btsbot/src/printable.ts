/** The control characters of ASCII and Latin-1 (C0, DEL, C1): a terminal obeys them. */
const CONTROLS = /\p{Cc}/gu;
/** The same without the line feed. */
const CONTROLS_IN_LINES = /(?!\n)\p{Cc}/gu;
/** What is shown in place of one. */
const REPLACEMENT = "\uFFFD";

/**
 * A text from outside (a packet, a path, an error's message) as a terminal may see it: on one line, as
 * long as before, and without what would move the cursor, change colors or the title.
 *
 * @internal
 */
export function printable(text: string): string {
  return text.replace(CONTROLS, REPLACEMENT);
}

/**
 * The same for a text of several lines.
 *
 * @internal
 */
export function printableLines(text: string): string {
  return text.replace(CONTROLS_IN_LINES, REPLACEMENT);
}
