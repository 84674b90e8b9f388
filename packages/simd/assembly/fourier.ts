import { FACTORS, forwardColumn, forwardRealColumn, forwardRow, inverseColumn, inverseRealColumn, inverseRow, inverseRowLeast, writeFactors } from "./fourierCodelets";
import { GROUP, LINE, multiplyComplexLines, multiplyLines } from "./lines";
import { Job } from "./job";

/** 20 vectors that follow one another, in bytes. */
const COLUMN: usize = 320;
/** Bytes of the factors and of a row that is worked on. */
const WORK: usize = FACTORS + COLUMN;
/** Pixels on a side of a tile, and of the columns of its transform: 20 parts of frequencies. */
const POINTS = 20;
/** Outputs that a row is transformed back to. */
const OUTPUTS = 16;
/** Lines of a tile's transform: 4 real frequencies, 198 complex ones with the sum of their parts. */
const LINES_V: usize = 598;
/** Lines of a tile's product: 4 real frequencies, 198 complex ones; one more, since strides of powers of two fall on the same lines of the cache. */
const LINES_M: usize = 401;
/** Bytes of a tile in the middle, between rows and columns: 20 columns, and one vector, for the same reason. */
const MIDDLE: usize = 20 * COLUMN + 16;

/**
 * Convolution with steps of 1, of any window no larger than a tile, by Fourier transforms: each tile of
 * 20 x 20 pixels is transformed, multiplied frequency by frequency with the transformed kernel (one complex
 * matrix product over the channels for each), and transformed back to outputs, to which maximum of the pool,
 * bias and ReLU are applied before they are written. A complex product is three real ones (Gauss): with sums
 * of parts that are made once, c (a + b) - b (c + d) and c (a + b) + a (d - c).
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
  const middle = job.scratch + WORK;
  const v = middle + <usize>GROUP * MIDDLE;
  const groups = job.block / GROUP;
  const m = v + <usize>groups * inner * LINES_V * LINE;
  writeFactors(job.scratch);
  if (job.before > 0 || job.after > 0) clearMargins(job, images);
  for (let first = 0; first < tiles; first += job.block) {
    const count = min(job.block, tiles - first);
    const used = (count + GROUP - 1) / GROUP;
    for (let group = 0; group < used; group++) {
      readGroup(job, first + group * GROUP, min(GROUP, count - group * GROUP), down, across, v + <usize>group * inner * LINES_V * LINE);
    }
    multiplyFrequencies(v, job.weights, m, count, inner, outer, <usize>job.channels & 3, job.bias);
    for (let group = 0; group < used; group++) {
      writeGroup(job, first + group * GROUP, min(GROUP, count - group * GROUP), down, across, m + <usize>group * outer * LINES_M * LINE);
    }
  }
}

/** Zeros before and after each row of the images read. */
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

/** Transforms up to four tiles, four channels after four channels. */
function readGroup(job: Job, first: i32, count: i32, down: i32, across: i32, target: usize): void {
  const f = job.scratch;
  const middle = f + WORK;
  for (let c = 0; c < job.channels; c += 4) {
    for (let i = 0; i < count; i++) {
      const tile = first + i;
      const y = ((tile / across) % down) * job.kernelHeight - job.top;
      const x = (tile % across) * job.kernelWidth - job.left;
      const source = job.source + <usize>(tile / (down * across)) * job.sourceImage + <usize>(c >> 2) * job.sourceQuad;
      readRows(job, source, y, x, middle + <usize>i * MIDDLE, f);
    }
    for (let i = 0; i < count; i++) {
      forwardRealColumn(middle + <usize>i * MIDDLE, target + (<usize>i << 4), f);
      forwardRealColumn(middle + <usize>i * MIDDLE + COLUMN, target + (<usize>i << 4) + 29 * LINE, f);
    }
    for (let k: usize = 0; k < 9; k++) {
      for (let i = 0; i < count; i++) {
        forwardColumn(middle + <usize>i * MIDDLE + (2 * k + 2) * COLUMN, target + (<usize>i << 4) + (58 + 60 * k) * LINE, f);
      }
    }
    target += LINES_V * LINE;
  }
}

/** Transforms the rows of a tile whose first pixel is (y, x), four channels of it. */
function readRows(job: Job, source: usize, y: i32, x: i32, middle: usize, f: usize): void {
  const left = max(0, -x - job.before);
  const columns = min(POINTS, job.width + job.after - x) - left;
  // Of the rows that are cut, with zeros on both sides.
  const copy = f + FACTORS;
  if (columns < POINTS) memory.fill(copy, 0, COLUMN);
  for (let i = y; i < y + POINTS; i++) {
    if (<u32>i >= <u32>job.height || columns <= 0) {
      for (let at = middle; at < middle + 20 * COLUMN; at += COLUMN) v128.store(at, f32x4.splat(0));
    } else {
      const from = source + <usize>i * job.sourceRow + <usize>(x + left) * job.sourcePixel;
      const close = columns === POINTS && job.sourcePixel === 16;
      if (!close) copyPixels(from, job.sourcePixel, copy + (<usize>left << 4), 16, columns, f32x4.splat(-Infinity));
      forwardRow(close ? from : copy, middle, f);
    }
    middle += 16;
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

/** For each frequency the product of all tiles, over the channels; of frequency 0, which is in all pixels alike, with the bias. */
function multiplyFrequencies(v: usize, u: usize, m: usize, tiles: i32, inner: usize, outer: usize, rest: usize, bias: usize): void {
  const vStep = LINES_V * LINE;
  const mStep = LINES_M * LINE;
  const first = m;
  for (let column = 0; column < 11; column++) {
    let complex = POINTS;
    if (column < 2) {
      for (let i = 0; i < 2; i++) {
        u = multiplyLines(v, vStep, u, m, mStep, tiles, inner, outer, rest);
        v += LINE;
        m += LINE;
      }
      complex = POINTS / 2 - 1;
    }
    for (let i = 0; i < complex; i++) {
      u = multiplyComplexLines(v, vStep, u, m, mStep, tiles, inner, outer, rest);
      v += 3 * LINE;
      m += 2 * LINE;
    }
  }
  addBias(first, bias, tiles, outer);
}

/** Adds the bias to a line of every four filters of every group of tiles. */
function addBias(m: usize, bias: usize, tiles: i32, outer: usize): void {
  for (let tile = 0; tile < tiles; tile += GROUP) {
    for (let filter: usize = 0; filter < outer; filter++) {
      const value = v128.load(bias + (filter << 4));
      for (let at = m; at < m + LINE; at += 16) v128.store(at, f32x4.add(v128.load(at), value));
      m += LINES_M * LINE;
    }
  }
}

/** Transforms up to four tiles back, and writes their pixels that lie in the image. */
function writeGroup(job: Job, first: i32, count: i32, down: i32, across: i32, source: usize): void {
  const f = job.scratch;
  const middle = f + WORK;
  for (let filter = 0; filter < job.filters; filter += 4) {
    for (let i = 0; i < count; i++) {
      inverseRealColumn(source + (<usize>i << 4), middle + <usize>i * MIDDLE, f);
      inverseRealColumn(source + (<usize>i << 4) + 20 * LINE, middle + <usize>i * MIDDLE + COLUMN, f);
    }
    for (let k: usize = 0; k < 9; k++) {
      for (let i = 0; i < count; i++) {
        inverseColumn(source + (<usize>i << 4) + (40 + 40 * k) * LINE, middle + <usize>i * MIDDLE + (2 * k + 2) * COLUMN, f);
      }
    }
    for (let i = 0; i < count; i++) {
      const tile = first + i;
      writeTile(job, tile / (down * across), (tile / across) % down, tile % across, filter, middle + <usize>i * MIDDLE, f);
    }
    source += LINES_M * LINE;
  }
}

/** Transforms the rows of a tile back, four filters of it, and writes what lies in the image. */
function writeTile(job: Job, image: i32, down: i32, across: i32, filter: i32, middle: usize, f: usize): void {
  const pool = job.pool;
  const high = job.kernelHeight / pool;
  const wide = job.kernelWidth / pool;
  const rows = min(high, job.outHeight / pool - down * high);
  const columns = min(wide, job.outWidth / pool - across * wide);
  const least = f32x4.splat(job.relu ? 0 : -Infinity);
  const line = f + FACTORS;
  // A row goes where it belongs at once; what of it lies after the image, into the room there.
  const whole = pool === 1 && wide === OUTPUTS && job.targetPixel === 16 && columns + job.room >= OUTPUTS;
  let target = job.target + <usize>image * job.targetImage + <usize>(down * high) * job.targetRow
    + <usize>(across * wide) * job.targetPixel + <usize>(filter >> 2) * job.targetQuad;
  for (let i = 0; i < rows; i++) {
    if (whole) {
      inverseRowLeast(middle, target, f, least);
      middle += 16;
      target += job.targetRow;
      continue;
    }
    for (let row = 0; row < pool; row++) {
      inverseRow(middle, line, f);
      middle += 16;
      // Of the first row, `least` is what is not to be gone below; of others, what is there.
      if (pool === 1) copyPixels(line, 16, target, job.targetPixel, columns, least);
      else if (pool === 2) writePairs(line, target, job.targetPixel, columns, least, row > 0);
      else writeMost(line, pool, target, job.targetPixel, columns, least, row > 0);
    }
    target += job.targetRow;
  }
}

/** The maximum of each two pixels of a row, and of what is there already if there is `more`. */
function writePairs(source: usize, target: usize, step: usize, columns: i32, least: v128, more: bool): void {
  for (let i = 0; i < columns; i++) {
    const most = f32x4.pmax(v128.load(source), v128.load(source, 16));
    v128.store(target, f32x4.pmax(most, more ? v128.load(target) : least));
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
