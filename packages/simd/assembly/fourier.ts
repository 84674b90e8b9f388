import {
  FACTORS, forwardColumns, forwardRealColumns, forwardRows, inverseBoundedRows, inverseColumns, inverseRealColumns, inverseRows, writeFactors,
} from "./fourierCodelets";
import { addToList, clearList, listBytes } from "./channels";
import { anyOfPixels, Job } from "./job";
import { GROUP, LINE, multiplyComplexLines, multiplyLines } from "./lines";

/** 20 vectors that follow one another, in bytes. */
const COLUMN: usize = 320;
/** Bytes of the factors and of what is worked on: a row to be transformed, or two that were transformed back. */
const WORK: usize = FACTORS + 512;
/** Pixels on a side of a tile, and of the columns of its transform: 20 parts of frequencies. */
const POINTS = 20;
/** Outputs that a row is transformed back to. */
const OUTPUTS = 16;
/** Bytes of those of four channels. */
const ROW: usize = OUTPUTS * 16;
/** Lines of a column of a tile's transform: 20 complex frequencies with the sum of their parts. */
const LINES_V: usize = 60;
/** Lines of a column of a tile's product: 20 complex frequencies. */
const LINES_M: usize = 40;
/** Bytes of a tile between rows and columns: 20 columns, and one vector, since strides of powers of two fall on the same lines of the cache. */
const MIDDLE: usize = POINTS * COLUMN + 16;

/**
 * Convolution with steps of 1, of any window no larger than a tile, by Fourier transforms: each tile of
 * 20 x 20 pixels is transformed, multiplied frequency by frequency with the transformed kernel (one complex
 * matrix product over the channels for each), and transformed back to outputs, to which maximum of the pool,
 * bias and ReLU are applied before they are written. A complex product is three real ones (Gauss): with sums
 * of parts that are made once, c (a + b) - b (c + d) and c (a + b) + a (d - c).
 *
 * Channels that are zeros all over four tiles are left out of their products.
 *
 * Rows of all tiles of a block are transformed first. Then each column goes there, through its products, and back, while
 * what it takes is in the nearer caches. Then rows go back.
 *
 * Rows and columns of outputs of a tile stand in the job's kernel fields. src/engine/scratchOf.ts tells how
 * much scratch it needs; src/engine/transformFourier.ts says how the kernel lies.
 */
export function fourier(at: usize, images: i32): void {
  const job = changetype<Job>(at);
  const down = (job.outHeight + job.kernelHeight - 1) / job.kernelHeight;
  const across = (job.outWidth + job.kernelWidth - 1) / job.kernelWidth;
  const tiles = images * down * across;
  const inner = (<usize>job.channels + 3) >> 2;
  const outer = (<usize>job.filters + 3) >> 2;
  const block = <usize>job.block;
  const there = job.scratch + WORK;
  const back = there + block * inner * MIDDLE;
  const v = back + block * outer * MIDDLE;
  const m = v + (block / GROUP) * inner * LINES_V * LINE;
  const lists = m + (block / GROUP) * outer * LINES_M * LINE;
  writeFactors(job.scratch);
  if (job.before > 0 || job.after > 0) clearMargins(job, images);
  for (let first = 0; first < tiles; first += job.block) {
    const count = min(job.block, tiles - first);
    for (let tile = 0; tile < count; tile += GROUP) {
      const list = lists + (<usize>tile / GROUP) * listBytes(inner);
      readGroup(job, first + tile, min(GROUP, count - tile), down, across, there + <usize>tile * MIDDLE, block * MIDDLE, list);
    }
    let u = job.weights;
    for (let column: usize = 0; column < 11; column++) {
      transformColumn(column, there, v, count, block, inner, job.scratch);
      u = multiplyColumn(column, v, lists, u, m, count, inner, outer, <usize>job.channels & 3);
      if (column === 0) addBias(m, job.bias, count, outer);
      restoreColumn(column, m, back, count, block, outer, job.scratch);
    }
    for (let tile = 0; tile < count; tile++) writeTile(job, first + tile, down, across, back + <usize>tile * MIDDLE, block * MIDDLE);
  }
}

/**
 * Zeros before and after each row of the images read, each time: who writes them writes beyond their rows, and others use
 * the same memory in between. Only planes of four channels have that room.
 */
function clearMargins(job: Job, images: i32): void {
  for (let image = 0; image < images; image++) {
    for (let c = 0; c < job.channels; c += 4) {
      let row = job.source + <usize>image * job.sourceImage + <usize>(c >> 2) * job.sourceQuad;
      for (let y = 0; y < job.height; y++) {
        for (let at = row - (<usize>job.before << 4); at < row; at += 16) v128.store(at, f32x4.splat(0));
        const end = row + (<usize>job.width << 4);
        for (let at = end; at < end + (<usize>job.after << 4); at += 16) v128.store(at, f32x4.splat(0));
        row += job.sourceRow;
      }
    }
  }
}

/** Transforms the rows of up to four tiles, four channels after four channels, which are `step` bytes apart, and lists the channels. */
function readGroup(job: Job, first: i32, count: i32, down: i32, across: i32, middle: usize, step: usize, list: usize): void {
  clearList(list);
  for (let c = 0; c < job.channels; c += 4) {
    let some = i32x4.splat(0);
    for (let i = 0; i < count; i++) {
      const tile = first + i;
      const y = ((tile / across) % down) * job.kernelHeight - job.top;
      const x = (tile % across) * job.kernelWidth - job.left;
      const source = job.source + <usize>(tile / (down * across)) * job.sourceImage + <usize>(c >> 2) * job.sourceQuad;
      some = anyOfPixels(job, source, y, x, POINTS, some);
      readRows(job, source, y, x, middle + <usize>i * MIDDLE, job.scratch);
    }
    addToList(list, some, <usize>(c >> 2), LINES_V * LINE, job.channels);
    middle += step;
  }
}

/** Transforms the rows of a tile whose first pixel is (y, x), four channels of it. */
function readRows(job: Job, source: usize, y: i32, x: i32, middle: usize, f: usize): void {
  const left = max(0, -x - job.before);
  const columns = min(POINTS, job.width + job.after - x) - left;
  // Rows that lie in the image; those above and below are zeros.
  const top = columns > 0 ? min(POINTS, max(0, -y)) : POINTS;
  const bottom = max(top, min(POINTS, job.height - y));
  clearRows(middle, 0, top);
  clearRows(middle, bottom, POINTS);
  middle += <usize>top << 4;
  source += <usize>(y + top) * job.sourceRow + <usize>(x + left) * job.sourcePixel;
  if (columns === POINTS && job.sourcePixel === 16) {
    forwardRows(source, job.sourceRow, middle, 16, bottom - top, f);
    return;
  }
  // Of the rows that are cut, with zeros on both sides.
  const copy = f + FACTORS;
  if (columns < POINTS) memory.fill(copy, 0, COLUMN);
  for (let i = top; i < bottom; i++) {
    copyPixels(source, job.sourcePixel, copy + (<usize>left << 4), 16, columns, f32x4.splat(-Infinity));
    forwardRows(copy, 0, middle, 0, 1, f);
    source += job.sourceRow;
    middle += 16;
  }
}

/** Zeros for the transforms of rows. */
function clearRows(middle: usize, first: i32, end: i32): void {
  for (let i = first; i < end; i++) {
    const row = middle + (<usize>i << 4);
    for (let at = row; at < row + POINTS * COLUMN; at += COLUMN) v128.store(at, f32x4.splat(0));
  }
}

/** Four channels of pixels, none less than `least`. */
// @ts-ignore: decorator
@inline
function copyPixels(source: usize, step: usize, target: usize, toStep: usize, count: i32, least: v128): void {
  // Two a turn: what a turn costs is much of this.
  for (; count > 1; count -= 2) {
    v128.store(target, f32x4.pmax(v128.load(source), least));
    v128.store(target + toStep, f32x4.pmax(v128.load(source + step), least));
    source += step << 1;
    target += toStep << 1;
  }
  if (count > 0) v128.store(target, f32x4.pmax(v128.load(source), least));
}

/** Where a column lies in a tile: the first two are real, and then each is two, of real and imaginary parts. */
// @ts-ignore: decorator
@inline
function placeOf(column: usize): usize {
  return (column < 2 ? column : 2 * column - 2) * COLUMN;
}

/** Transforms a column of all tiles to lines: four channels after four channels of each four tiles. */
function transformColumn(column: usize, middle: usize, v: usize, tiles: i32, block: usize, inner: usize, f: usize): void {
  middle += placeOf(column);
  for (let first = 0; first < tiles; first += GROUP) {
    for (let c: usize = 0; c < inner; c++) {
      const from = middle + (c * block + <usize>first) * MIDDLE;
      if (column < 2) forwardRealColumns(from, MIDDLE, v, 16, min(GROUP, tiles - first), f);
      else forwardColumns(from, MIDDLE, v, 16, min(GROUP, tiles - first), f);
      v += LINES_V * LINE;
    }
  }
}

/** For each frequency of a column the product of all tiles, over the channels. */
function multiplyColumn(column: usize, v: usize, lists: usize, u: usize, m: usize, tiles: i32, inner: usize, outer: usize, last: usize): usize {
  const vStep = LINES_V * LINE;
  const mStep = LINES_M * LINE;
  let complex = POINTS;
  if (column < 2) {
    for (let i = 0; i < 2; i++) {
      u = multiplyLines(v, vStep, lists, u, m, mStep, tiles, inner, outer);
      v += LINE;
      m += LINE;
    }
    complex = POINTS / 2 - 1;
  }
  for (let i = 0; i < complex; i++) {
    u = multiplyComplexLines(v, vStep, lists, u, m, mStep, tiles, inner, outer, last);
    v += 3 * LINE;
    m += 2 * LINE;
  }
  return u;
}

/** Transforms a column of all tiles back. */
function restoreColumn(column: usize, m: usize, middle: usize, tiles: i32, block: usize, outer: usize, f: usize): void {
  middle += placeOf(column);
  for (let first = 0; first < tiles; first += GROUP) {
    for (let c: usize = 0; c < outer; c++) {
      const to = middle + (c * block + <usize>first) * MIDDLE;
      if (column < 2) inverseRealColumns(m, 16, to, MIDDLE, min(GROUP, tiles - first), f);
      else inverseColumns(m, 16, to, MIDDLE, min(GROUP, tiles - first), f);
      m += LINES_M * LINE;
    }
  }
}

/** Adds the bias to frequency 0, which is in all pixels alike: the first line of every four filters of every group of tiles. */
function addBias(m: usize, bias: usize, tiles: i32, outer: usize): void {
  for (let tile = 0; tile < tiles; tile += GROUP) {
    for (let filter: usize = 0; filter < outer; filter++) {
      const value = v128.load(bias + (filter << 4));
      for (let at = m; at < m + LINE; at += 16) v128.store(at, f32x4.add(v128.load(at), value));
      m += LINES_M * LINE;
    }
  }
}

/** Transforms the rows of a tile back, four filters after four filters, which are `step` bytes apart. */
function writeTile(job: Job, tile: i32, down: i32, across: i32, middle: usize, step: usize): void {
  const y = (tile / across) % down;
  const x = tile % across;
  const high = job.kernelHeight / job.pool;
  const wide = job.kernelWidth / job.pool;
  const rows = min(high, job.outHeight / job.pool - y * high);
  const columns = min(wide, job.outWidth / job.pool - x * wide);
  let target = job.target + <usize>(tile / (down * across)) * job.targetImage + <usize>(y * high) * job.targetRow + <usize>(x * wide) * job.targetPixel;
  for (let filter = 0; filter < job.filters; filter += 4) {
    writeRows(job, middle, target, rows, columns);
    middle += step;
    target += job.targetQuad;
  }
}

/** Transforms rows of a tile back, four filters of it, and writes what lies in the image. */
function writeRows(job: Job, middle: usize, target: usize, rows: i32, columns: i32): void {
  const f = job.scratch;
  const pool = job.pool;
  const least = f32x4.splat(job.relu ? 0 : -Infinity);
  const line = f + FACTORS;
  // A row goes where it belongs at once; what of it lies after the image, into the room there.
  const whole = pool === 1 && job.kernelWidth === OUTPUTS && job.targetPixel === 16 && columns + job.room >= OUTPUTS;
  if (whole) {
    inverseBoundedRows(middle, 16, target, job.targetRow, rows, f, least);
    return;
  }
  for (let i = 0; i < rows; i++) {
    if (pool === 2) {
      inverseRows(middle, 16, line, ROW, 2, f);
      writePairs(line, target, job.targetPixel, columns, least);
      middle += 32;
    } else {
      for (let row = 0; row < pool; row++) {
        inverseRows(middle, 0, line, 0, 1, f);
        middle += 16;
        // Of the first row, `least` is what is not to be gone below; of others, what is there.
        if (pool === 1) copyPixels(line, 16, target, job.targetPixel, columns, least);
        else writeMost(line, pool, target, job.targetPixel, columns, least, row > 0);
      }
    }
    target += job.targetRow;
  }
}

/** The maximum of each 2 x 2 pixels of two rows. */
function writePairs(source: usize, target: usize, step: usize, columns: i32, least: v128): void {
  for (let i = 0; i < columns; i++) {
    const upper = f32x4.pmax(v128.load(source), v128.load(source, 16));
    const lower = f32x4.pmax(v128.load(source + ROW), v128.load(source + ROW, 16));
    v128.store(target, f32x4.pmax(f32x4.pmax(upper, lower), least));
    source += 32;
    target += step;
  }
}

/** The maximum of each `pool` pixels of a row, and of what is there already if there is `more`. */
function writeMost(source: usize, pool: i32, target: usize, step: usize, columns: i32, least: v128, more: bool): void {
  for (let i = 0; i < columns; i++) {
    let most = more ? v128.load(target) : least;
    const end = source + (<usize>pool << 4);
    while (source < end) {
      most = f32x4.pmax(most, v128.load(source));
      source += 16;
    }
    v128.store(target, most);
    target += step;
  }
}
