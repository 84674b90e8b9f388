/** Rows that are added up before their sum is added to that of the rows before: stays in the cache, and keeps rounding small. */
const BLOCK: usize = 512;

/** The sum of `rows` rows of `columns` numbers. */
export function sumRows(source: usize, rows: i32, columns: i32, target: usize): void {
  const row = (<usize>columns) << 2;
  const end = source + (<usize>rows) * row;
  memory.fill(target, 0, row);
  for (; source < end; source += BLOCK * row) {
    const stop = min(source + BLOCK * row, end);
    let column: usize = 0;
    for (; column + 16 <= row; column += 16) {
      let sum = f32x4.splat(0);
      for (let at = source + column; at < stop; at += row) sum = f32x4.add(sum, v128.load(at));
      v128.store(target + column, f32x4.add(v128.load(target + column), sum));
    }
    for (; column < row; column += 4) {
      let sum: f32 = 0;
      for (let at = source + column; at < stop; at += row) sum += f32.load(at);
      f32.store(target + column, f32.load(target + column) + sum);
    }
  }
}
