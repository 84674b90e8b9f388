/** Between two columns. */
const GAP = 3;

/** A text that may hold escape sequences, and how wide it looks. */
export interface PaintedText {
  readonly text: string;
  readonly width: number;
}

/**
 * Sets short texts in columns, down and then across, as many as fit.
 *
 * @internal
 */
export function packColumns(texts: readonly PaintedText[], width: number): string[] {
  if (texts.length === 0) return [];
  const widest = Math.max(...texts.map((text) => text.width));
  const columns = Math.max(1, Math.floor((width + GAP) / (widest + GAP)));
  const rows = Math.ceil(texts.length / columns);
  return Array.from({ length: rows }, (_, row) => {
    const line = texts.filter((_text, index) => index % rows === row);
    return line
      .map((text, place) => (place === line.length - 1 ? text.text : text.text + " ".repeat(widest - text.width + GAP)))
      .join("");
  });
}
