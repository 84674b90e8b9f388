/**
 * What a terminal obeys, or what changes how the text around it is shown: controls (C0, DEL, C1), format characters
 * (the bidirectional overrides and isolates, marks without width, tags), separators of lines and paragraphs, and halves
 * of surrogate pairs. Unicode's general categories Cc, Cf, Zl, Zp and Cs.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
/** The same without the line feed. */
const UNSAFE_IN_LINES = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
/** The same without what this program itself writes: line ends, and escapes for colors and progress. */
// eslint-disable-next-line no-control-regex -- the escape character is meant
const NEVER_WRITTEN = /(?![\n\r\t\u001B])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
/** What is shown in place of one. */
const REPLACEMENT = "\uFFFD";

/**
 * A text from outside (a packet, a path, an error's message) as a terminal may see it: on one line, as
 * long as before, and without what would move the cursor, change colors or the title, or turn letters around.
 *
 * @internal
 */
export function printable(text: string): string {
  return text.replace(UNSAFE, REPLACEMENT);
}

/**
 * The same for a text of several lines.
 *
 * @internal
 */
export function printableLines(text: string): string {
  return text.replace(UNSAFE_IN_LINES, REPLACEMENT);
}

/**
 * An output's text with what a terminal must not see as `\u202e`: in JSON, where it stands in strings alone, that is the
 * same value. The last guard, behind {@link printable}; it cannot know whose an escape character is.
 *
 * @internal
 */
export function escapeUnsafe(text: string): string {
  return text.replace(NEVER_WRITTEN, (found) =>
    Array.from({ length: found.length }, (_, at) => `\\u${found.charCodeAt(at).toString(16).padStart(4, "0")}`).join(
      "",
    ),
  );
}
