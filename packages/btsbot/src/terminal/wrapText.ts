/** What a continued line begins with. */
const INDENT = "   ";

/**
 * Breaks a text into lines at its spaces; those after the first are indented.
 *
 * @internal
 */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line.trim() !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = `${INDENT}${word}`;
    } else {
      line = lines.length === 0 && line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
