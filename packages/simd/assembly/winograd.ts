import { addToList, clearList, listBytes } from "./channels";
import { GROUP, LINE, multiplyLines } from "./lines";
import { anyOfPixels, Job } from "./job";
import { FACTORS, input8, output8to4Columns, output8to4Rows, output8to6Columns, output8to6Rows, writeFactors } from "./transforms";

/** Pixels on a side of a tile, and points of its transform. */
const POINTS = 8;
/** Bytes of a row of them. */
const ROW: usize = POINTS * 16;
/** Bytes that one tile is worked on in: 8 x 8 vectors twice. */
const WORK: usize = 2 * POINTS * ROW;
/** Lines of a tile's transform. */
const LINES: usize = POINTS * POINTS;
/** Bytes of them: with one line more, since strides that are powers of two fall on the same lines of the cache. */
const STEP: usize = (LINES + 1) * LINE;

/**
 * Convolution with steps of 1 by Winograd's method, on `images` images: each tile of 8 x 8
 * pixels is transformed, multiplied point by point with the transformed kernel (one matrix product over
 * the channels for each point), and transformed back to side x side outputs, to which bias, ReLU and
 * maximum of the pool are applied before they are written. Channels that are zeros all over four tiles are left
 * out of their products. The side stands in the job's kernel fields.
 * src/engine/scratchOf.ts tells how much scratch it needs.
 */
export function winograd(at: usize, images: i32): void {
  const job = changetype<Job>(at);
  const side = job.kernelWidth;
  const down = (job.outHeight + side - 1) / side;
  const across = (job.outWidth + side - 1) / side;
  const tiles = images * down * across;
  const inner = (<usize>job.channels + 3) >> 2;
  const outer = (<usize>job.filters + 3) >> 2;
  writeFactors(job.scratch);
  const v = job.scratch + FACTORS + <usize>GROUP * WORK;
  const m = v + <usize>(job.block / GROUP) * inner * STEP;
  const lists = m + <usize>(job.block / GROUP) * outer * STEP;
  for (let first = 0; first < tiles; first += job.block) {
    const count = min(job.block, tiles - first);
    const groups = (count + GROUP - 1) / GROUP;
    for (let group = 0; group < groups; group++) {
      const list = lists + <usize>group * listBytes(inner);
      readGroup(job, first + group * GROUP, min(GROUP, count - group * GROUP), down, across, v + <usize>group * inner * STEP, list);
    }
    let u = job.weights;
    for (let line: usize = 0; line < LINES; line++) {
      u = multiplyLines(v + line * LINE, STEP, lists, u, m + line * LINE, STEP, count, inner, outer);
    }
    for (let group = 0; group < groups; group++) {
      writeGroup(job, first + group * GROUP, min(GROUP, count - group * GROUP), down, across, m + <usize>group * outer * STEP);
    }
  }
}

/** Transforms up to four tiles, four channels after four channels, so that lines are filled while they are at hand. */
function readGroup(job: Job, first: i32, count: i32, down: i32, across: i32, target: usize, list: usize): void {
  const side = job.kernelWidth;
  const work = job.scratch + FACTORS;
  clearList(list);
  for (let c = 0; c < job.channels; c += 4) {
    let some = i32x4.splat(0);
    for (let i = 0; i < count; i++) {
      const tile = first + i;
      const y = ((tile / across) % down) * side - job.top;
      const x = (tile % across) * side - job.left;
      const middle = work + <usize>i * WORK;
      // Zeros around what of the tile lies in the image, once for all channels.
      if (c === 0 && (x < 0 || x + POINTS > job.width)) memory.fill(middle, 0, WORK / 2);
      if (c === 0 && (y < 0 || y + POINTS > job.height)) memory.fill(middle + WORK / 2, 0, WORK / 2);
      const source = job.source + <usize>(tile / (down * across)) * job.sourceImage + <usize>(c >> 2) * job.sourceQuad;
      const any = anyOfPixels(job, source, y, x, POINTS, i32x4.splat(0));
      some = v128.or(some, any);
      if (v128.any_true(any)) readTile(job, source, y, x, middle, target + (<usize>i << 4));
      else clearTile(target + (<usize>i << 4));
    }
    addToList(list, some, <usize>(c >> 2), STEP, job.channels);
    target += STEP;
  }
}

/** Zeros for the transform of four channels of a tile. */
function clearTile(target: usize): void {
  for (let line: usize = 0; line < LINES; line++) v128.store(target + line * LINE, f32x4.splat(0));
}

/** Transforms four channels of the tile whose first pixel is (y, x). */
function readTile(job: Job, source: usize, y: i32, x: i32, middle: usize, target: usize): void {
  const factors = job.scratch;
  const left = max(0, -x);
  const columns = min(POINTS, job.width - x) - left;
  const top = max(0, -y);
  const rows = min(POINTS, job.height - y) - top;
  const skipped = <usize>left << 4;
  let from = source + (y + top) * job.sourceRow + (x + left) * job.sourcePixel;
  let row = job.sourceRow;
  let pixel = job.sourcePixel;
  if (rows < POINTS) {
    const copy = middle + WORK / 2;
    copyTile(from, row, pixel, copy + <usize>top * ROW + skipped, rows, columns);
    from = copy + skipped;
    row = ROW;
    pixel = 16;
  }
  input8(from, row, pixel, middle + skipped, ROW, 16, columns, factors);
  input8(middle, 16, ROW, target, LINE, POINTS * LINE, POINTS, factors);
}

/** Four channels of the pixels of a tile. */
function copyTile(source: usize, row: usize, pixel: usize, target: usize, rows: i32, columns: i32): void {
  for (let i = 0; i < rows; i++) {
    let from = source;
    for (let to = target; to < target + (<usize>columns << 4); to += 16) {
      v128.store(to, v128.load(from));
      from += pixel;
    }
    source += row;
    target += ROW;
  }
}

/** Transforms up to four tiles back, four filters after four filters. */
function writeGroup(job: Job, first: i32, count: i32, down: i32, across: i32, source: usize): void {
  for (let filter = 0; filter < job.filters; filter += 4) {
    for (let i = 0; i < count; i++) {
      const tile = first + i;
      writeTile(job, tile / (down * across), (tile / across) % down, tile % across, filter, source + (<usize>i << 4));
    }
    source += STEP;
  }
}

/** Transforms four filters of a tile back, and writes its pixels that lie in the image. */
function writeTile(job: Job, image: i32, down: i32, across: i32, filter: i32, source: usize): void {
  const side = job.kernelWidth;
  const factors = job.scratch;
  const middle = factors + FACTORS;
  const pool = job.pool;
  const part = side / pool;
  const rows = min(part, job.outHeight / pool - down * part);
  const columns = min(part, job.outWidth / pool - across * part);
  const least = f32x4.splat(job.relu ? 0 : -Infinity);
  const bias = v128.load(job.bias + (<usize>filter << 2));
  const target = job.target + <usize>image * job.targetImage + <usize>(down * part) * job.targetRow + <usize>(across * part) * job.targetPixel
    + <usize>(filter >> 2) * job.targetQuad;
  // A whole tile goes where it belongs at once; of another, or of one that is pooled, that is left to be done.
  const whole = pool === 1 && rows === side && columns === side;
  const resultRow = whole ? job.targetRow : <usize>side << 4;
  const resultPixel = whole ? job.targetPixel : 16;
  const result = whole ? target : middle + WORK / 2;
  if (side === 4) {
    output8to4Columns(source, POINTS * LINE, LINE, middle, ROW, 16, POINTS, factors);
    output8to4Rows(middle, 16, ROW, result, resultPixel, resultRow, 4, factors, bias, least);
  } else {
    output8to6Columns(source, POINTS * LINE, LINE, middle, ROW, 16, POINTS, factors);
    output8to6Rows(middle, 16, ROW, result, resultPixel, resultRow, 6, factors, bias, least);
  }
  if (pool === 2) writePairs(result, resultRow, target, job.targetRow, job.targetPixel, rows, columns);
  else if (!whole) writePart(result, resultRow, pool, target, job.targetRow, job.targetPixel, rows, columns);
}

/** The maximum of each 2 x 2 pixels. */
function writePairs(source: usize, sourceRow: usize, target: usize, row: usize, pixel: usize, rows: i32, columns: i32): void {
  for (let i = 0; i < rows; i++) {
    let from = source;
    let to = target;
    for (let j = 0; j < columns; j++) {
      const above = f32x4.pmax(v128.load(from), v128.load(from, 16));
      const below = f32x4.pmax(v128.load(from + sourceRow), v128.load(from + sourceRow, 16));
      v128.store(to, f32x4.pmax(above, below));
      from += 32;
      to += pixel;
    }
    source += sourceRow << 1;
    target += row;
  }
}

/** The maximum of each pool x pool pixels. */
function writePart(source: usize, sourceRow: usize, pool: i32, target: usize, row: usize, pixel: usize, rows: i32, columns: i32): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let from = source + (<usize>(j * pool) << 4);
      let value = v128.load(from);
      for (let y = 0; y < pool; y++) {
        for (let x = 0; x < pool; x++) value = f32x4.pmax(value, v128.load(from + (<usize>x << 4)));
        from += sourceRow;
      }
      v128.store(target + <usize>j * pixel, value);
    }
    source += sourceRow * <usize>pool;
    target += row;
  }
}
