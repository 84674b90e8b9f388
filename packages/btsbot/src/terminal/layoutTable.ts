import { printable } from "./printable.js";

/**
 * A piece of text and how it is painted once it has its width.
 *
 * @internal
 */
export interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

/**
 * A column of a table: how wide it must be, how wide it may get, and what stands in it.
 *
 * @internal
 */
export interface Column<Row> {
  readonly title: string;
  /** Least width, characters. */
  readonly min: number;
  /** Largest width; `min` by default. */
  readonly max?: number;
  readonly align?: "left" | "right";
  /** Columns with a number are left out, lowest first, where the table is too wide. */
  readonly drop?: number;
  /** The cell of a row, given the width that the column has got. */
  readonly cell: (row: Row, width: number) => Cell;
}

/**
 * A table that fits its width: each row is laid out as it comes.
 *
 * @internal
 */
export interface TextTable<Row> {
  readonly columns: readonly (Column<Row> & { readonly width: number })[];
  header(paint: (text: string) => string): string;
  row(row: Row): string;
}

/**
 * Chooses the columns that fit and their widths: first the gaps shrink, then columns are left out;
 * what remains goes to the columns that may grow, from the left.
 *
 * @internal
 */
export function layoutTable<Row>(columns: readonly Column<Row>[], width: number): TextTable<Row> {
  let chosen = columns;
  let gap = 2;
  while (total(chosen, gap) > width) {
    if (gap === 2) {
      gap = 1;
      continue;
    }
    const drop = Math.min(...chosen.map((column) => column.drop ?? Infinity));
    if (drop === Infinity) break;
    chosen = chosen.filter((column) => column.drop !== drop);
    gap = 2;
  }
  let left = width - total(chosen, gap);
  const sized = chosen.map((column) => {
    const more = Math.max(0, Math.min(left, (column.max ?? column.min) - column.min));
    left -= more;
    return { ...column, width: column.min + more };
  });
  const line = (cells: readonly Cell[]) =>
    cells
      .map((cell, index) => pad(cell, sized[index].width, sized[index].align))
      .join(" ".repeat(gap))
      .trimEnd();
  return {
    columns: sized,
    header: (paint) => line(sized.map(({ title }) => ({ text: title, paint }))),
    row: (row) => line(sized.map((column) => column.cell(row, column.width))),
  };
}

function total(columns: readonly { readonly min: number }[], gap: number): number {
  return columns.reduce((sum, { min }) => sum + min, 0) + gap * (columns.length - 1);
}

function pad({ text, paint }: Cell, width: number, align: "left" | "right" = "left"): string {
  const fitted = fit(text, width);
  const space = " ".repeat(width - fitted.length);
  const painted = paint && fitted ? paint(fitted) : fitted;
  return align === "right" ? space + painted : painted + space;
}

/**
 * Shortens a text that is too long, and shows that it did; makes it printable.
 *
 * @internal
 */
export function fit(text: string, width: number): string {
  const shown = printable(text);
  return shown.length <= width ? shown : `${shown.slice(0, Math.max(0, width - 1))}…`.slice(0, width);
}
