import { addToList, clearList, listBytes } from "./channels";
import { GROUP, LINE, multiplyLines } from "./lines";
import { anyOfPixels, Job } from "./job";
import {
  FACTORS, input8, input10, output8to4Columns, output8to4Rows, output8to6Columns, output8to6Rows, output10Columns, output10Rows, writeFactors,
} from "./transforms";

/** Bytes that one tile is worked on in: 10 x 10 vectors twice. */
const WORK: usize = 3200;

/**
 * Convolution with steps of 1 by Winograd's method, on `images` images: each tile of points x points
 * pixels is transformed, multiplied point by point with the transformed kernel (one matrix product over
 * the channels for each point), and transformed back to side x side outputs, to which bias, ReLU and
 * maximum of the pool are applied before they are written. Channels that are zeros all over four tiles are left
 * out of their products. Points and side stand in the job's kernel fields.
 * src/engine/scratchOf.ts tells how much scratch it needs.
 */
export function winograd(at: usize, images: i32): void {
  const job = changetype<Job>(at);
  const points = job.kernelHeight;
  const side = job.kernelWidth;
  const down = (job.outHeight + side - 1) / side;
  const across = (job.outWidth + side - 1) / side;
  const tiles = images * down * across;
  const inner = (<usize>job.channels + 3) >> 2;
  const outer = (<usize>job.filters + 3) >> 2;
  const lines = <usize>(points * points);
  // One line more for each four channels: strides that are powers of two fall on the same lines of the cache.
  const step = (lines + 1) * LINE;
  writeFactors(job.scratch);
  const v = job.scratch + FACTORS + <usize>GROUP * WORK;
  const m = v + <usize>(job.block / GROUP) * inner * step;
  const lists = m + <usize>(job.block / GROUP) * outer * step;
  for (let first = 0; first < tiles; first += job.block) {
    const count = min(job.block, tiles - first);
    const groups = (count + GROUP - 1) / GROUP;
    for (let group = 0; group < groups; group++) {
      readGroup(job, first + group * GROUP, min(GROUP, count - group * GROUP), down, across, v + <usize>group * inner * step, step, lists + <usize>group * listBytes(inner));
    }
    let u = job.weights;
    for (let line: usize = 0; line < lines; line++) {
      u = multiplyLines(v + line * LINE, step, lists, u, m + line * LINE, step, count, inner, outer);
    }
    for (let group = 0; group < groups; group++) {
      writeGroup(job, first + group * GROUP, min(GROUP, count - group * GROUP), down, across, m + <usize>group * outer * step, step);
    }
  }
}

/** Transforms up to four tiles, four channels after four channels, so that lines are filled while they are at hand. */
function readGroup(job: Job, first: i32, count: i32, down: i32, across: i32, target: usize, step: usize, list: usize): void {
  const side = job.kernelWidth;
  const points = job.kernelHeight;
  const line = <usize>points << 4;
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
      if (c === 0 && (x < 0 || x + points > job.width)) memory.fill(middle, 0, line * <usize>points);
      if (c === 0 && (y < 0 || y + points > job.height)) memory.fill(middle + WORK / 2, 0, line * <usize>points);
      const source = job.source + <usize>(tile / (down * across)) * job.sourceImage + <usize>(c >> 2) * job.sourceQuad;
      const any = anyOfPixels(job, source, y, x, points, i32x4.splat(0));
      some = v128.or(some, any);
      if (v128.any_true(any)) readTile(job, source, y, x, middle, target + (<usize>i << 4));
      else clearTile(points * points, target + (<usize>i << 4));
    }
    addToList(list, some, <usize>(c >> 2), step, job.channels);
    target += step;
  }
}

/** Zeros for the transform of four channels of a tile. */
function clearTile(lines: i32, target: usize): void {
  for (let i = 0; i < lines; i++) v128.store(target + <usize>i * LINE, f32x4.splat(0));
}

/** Transforms four channels of the tile whose first pixel is (y, x). */
function readTile(job: Job, source: usize, y: i32, x: i32, middle: usize, target: usize): void {
  const points = job.kernelHeight;
  const factors = job.scratch;
  const line = <usize>points << 4;
  const left = max(0, -x);
  const columns = min(points, job.width - x) - left;
  const top = max(0, -y);
  const rows = min(points, job.height - y) - top;
  const skipped = <usize>left << 4;
  let from = source + (y + top) * job.sourceRow + (x + left) * job.sourcePixel;
  let row = job.sourceRow;
  let pixel = job.sourcePixel;
  if (rows < points) {
    const copy = middle + WORK / 2;
    copyTile(from, row, pixel, copy + <usize>top * line + skipped, line, rows, columns);
    from = copy + skipped;
    row = line;
    pixel = 16;
  }
  if (points === 8) {
    input8(from, row, pixel, middle + skipped, line, 16, columns, factors);
    input8(middle, 16, line, target, LINE, 8 * LINE, 8, factors);
  } else {
    input10(from, row, pixel, middle + skipped, line, 16, columns, factors);
    input10(middle, 16, line, target, LINE, 10 * LINE, 10, factors);
  }
}

/** Four channels of the pixels of a tile. */
function copyTile(source: usize, row: usize, pixel: usize, target: usize, line: usize, rows: i32, columns: i32): void {
  for (let i = 0; i < rows; i++) {
    let from = source;
    for (let to = target; to < target + (<usize>columns << 4); to += 16) {
      v128.store(to, v128.load(from));
      from += pixel;
    }
    source += row;
    target += line;
  }
}

/** Transforms up to four tiles back, four filters after four filters. */
function writeGroup(job: Job, first: i32, count: i32, down: i32, across: i32, source: usize, step: usize): void {
  for (let filter = 0; filter < job.filters; filter += 4) {
    for (let i = 0; i < count; i++) {
      const tile = first + i;
      writeTile(job, tile / (down * across), (tile / across) % down, tile % across, filter, source + (<usize>i << 4));
    }
    source += step;
  }
}

/** Transforms four filters of a tile back, and writes its pixels that lie in the image. */
function writeTile(job: Job, image: i32, down: i32, across: i32, filter: i32, source: usize): void {
  const points = job.kernelHeight;
  const side = job.kernelWidth;
  const factors = job.scratch;
  const middle = factors + FACTORS;
  const line = <usize>points << 4;
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
  if (points === 10) {
    output10Columns(source, 10 * LINE, LINE, middle, line, 16, 10, factors);
    output10Rows(middle, 16, line, result, resultPixel, resultRow, 6, factors, bias, least);
  } else if (side === 4) {
    output8to4Columns(source, 8 * LINE, LINE, middle, line, 16, 8, factors);
    output8to4Rows(middle, 16, line, result, resultPixel, resultRow, 4, factors, bias, least);
  } else {
    output8to6Columns(source, 8 * LINE, LINE, middle, line, 16, 8, factors);
    output8to6Rows(middle, 16, line, result, resultPixel, resultRow, 6, factors, bias, least);
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
