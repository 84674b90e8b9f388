/** Columns of a panel: two vectors of four. */
const PANEL = 8;

/**
 * The next multiple of `of`.
 *
 * @param length - a number
 * @param of - 4 for a vector, 8 for a panel
 */
export function roundUp(length: number, of: 4 | 8): number {
  return Math.ceil(length / of) * of;
}

/**
 * Packs a matrix as the right side of a product: panels of 8 columns, each row after row, zeros in the
 * columns that are missing.
 *
 * @param rows - rows of the matrix, those that are all zeros too
 * @param columns - columns of the matrix
 * @param valueAt - the value at a row and a column
 * @returns rows x columns rounded up to 8
 */
export function packPanels(
  rows: number,
  columns: number,
  valueAt: (row: number, column: number) => number,
): Float32Array {
  const packed = new Float32Array(rows * roundUp(columns, PANEL));
  for (let column = 0; column < columns; column++) {
    const start = (column - (column % PANEL)) * rows + (column % PANEL);
    for (let row = 0; row < rows; row++) packed[start + row * PANEL] = valueAt(row, column);
  }
  return packed;
}
