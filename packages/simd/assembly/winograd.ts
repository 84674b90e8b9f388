import { multiply } from "./gemm";
import { Job } from "./job";
import {
  FACTORS, input8, input10, output8to4Columns, output8to4Rows, output8to6Columns, output8to6Rows, output10Columns, output10Rows, writeFactors,
} from "./transforms";

/** Bytes between two tiles beyond their length: strides that are powers of two fall on the same lines of the cache. */
const GAP: usize = 64;

/** Bytes of the tile that is worked on: 10 x 10 vectors twice. */
const WORK: usize = 3200;

/**
 * Convolution with steps of 1 by Winograd's method, on `images` images: each tile of points x points
 * pixels is transformed, multiplied point by point with the transformed kernel (one matrix product over
 * the channels for each point), and transformed back to side x side outputs, to which bias, ReLU and
 * maximum of the pool are applied before they are written. Points and side stand in the job's kernel fields.
 * src/engine/scratchBytes.ts tells how much scratch it needs.
 */
export function winograd(at: usize, images: i32): void {
  const job = changetype<Job>(at);
  const points = job.kernelHeight;
  const side = job.kernelWidth;
  const down = (job.outHeight + side - 1) / side;
  const across = (job.outWidth + side - 1) / side;
  const tiles = images * down * across;
  const channels = (<usize>job.channels + 3) & ~3;
  const filters = (<usize>job.filters + 3) & ~3;
  const squared = <usize>points * <usize>points;
  const matrixV = channels << 2;
  const matrixM = filters << 2;
  const rowV = squared * matrixV + GAP;
  const rowM = squared * matrixM + GAP;
  const matrixU = ((filters + 7) & ~7) * <usize>job.channels * 4;
  writeFactors(job.scratch);
  const v = job.scratch + FACTORS + WORK;
  const m = v + <usize>job.block * rowV;
  for (let first = 0; first < tiles; first += job.block) {
    const count = min(job.block, tiles - first);
    for (let i = 0; i < count; i++) {
      const tile = first + i;
      const image = tile / (down * across);
      const y = ((tile / across) % down) * side;
      const x = (tile % across) * side;
      readTile(job, image, y - job.top, x - job.left, v + <usize>i * rowV, matrixV);
    }
    for (let p: usize = 0; p < squared; p++) {
      multiply(v + p * matrixV, rowV, job.weights + p * matrixU, m + p * matrixM, rowM, count, filters, job.channels);
    }
    for (let i = 0; i < count; i++) {
      const tile = first + i;
      writeTile(job, tile / (down * across), (tile / across) % down, tile % across, m + <usize>i * rowM, matrixM);
    }
  }
}

/** Transforms the tile whose first pixel is (y, x), channels after channels. */
function readTile(job: Job, image: i32, y: i32, x: i32, target: usize, matrix: usize): void {
  const points = job.kernelHeight;
  const factors = job.scratch;
  const middle = factors + FACTORS;
  const copy = middle + WORK / 2;
  const line = <usize>points << 4;
  // What of the tile lies in the image.
  const left = max(0, -x);
  const columns = min(points, job.width - x) - left;
  const top = max(0, -y);
  const rows = min(points, job.height - y) - top;
  const skipped = <usize>left << 4;
  // Zeros around it, once for all channels.
  if (columns < points) memory.fill(middle, 0, line * <usize>points);
  if (rows < points) memory.fill(copy, 0, line * <usize>points);
  let source = job.source + <usize>image * job.sourceImage + (y + top) * job.sourceRow + (x + left) * job.sourcePixel;
  for (let c = 0; c < job.channels; c += 4) {
    let from = source;
    let row = job.sourceRow;
    let pixel = job.sourcePixel;
    if (rows < points) {
      copyTile(source, row, pixel, copy + <usize>top * line + skipped, line, rows, columns);
      from = copy + skipped;
      row = line;
      pixel = 16;
    }
    if (points === 8) {
      input8(from, row, pixel, middle + skipped, line, 16, columns, factors);
      input8(middle, 16, line, target, matrix, matrix << 3, 8, factors);
    } else {
      input10(from, row, pixel, middle + skipped, line, 16, columns, factors);
      input10(middle, 16, line, target, matrix, matrix * 10, 10, factors);
    }
    source += 16;
    target += 16;
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

/** Transforms a tile back, and writes its pixels that lie in the image. */
function writeTile(job: Job, image: i32, down: i32, across: i32, source: usize, matrix: usize): void {
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
  let target = job.target + <usize>image * job.targetImage + <usize>(down * part) * job.targetRow + <usize>(across * part) * job.targetPixel;
  // A whole tile goes where it belongs at once; of another, or of one that is pooled, that is left to be done.
  const whole = pool === 1 && rows === side && columns === side;
  const resultRow = whole ? job.targetRow : <usize>side << 4;
  const resultPixel = whole ? job.targetPixel : 16;
  for (let f = 0; f < job.filters; f += 4) {
    const bias = v128.load(job.bias + (<usize>f << 2));
    const result = whole ? target : middle + WORK / 2;
    if (points === 10) {
      output10Columns(source, matrix * 10, matrix, middle, line, 16, 10, factors);
      output10Rows(middle, 16, line, result, resultPixel, resultRow, 6, factors, bias, least);
    } else if (side === 4) {
      output8to4Columns(source, matrix << 3, matrix, middle, line, 16, 8, factors);
      output8to4Rows(middle, 16, line, result, resultPixel, resultRow, 4, factors, bias, least);
    } else {
      output8to6Columns(source, matrix << 3, matrix, middle, line, 16, 8, factors);
      output8to6Rows(middle, 16, line, result, resultPixel, resultRow, 6, factors, bias, least);
    }
    if (pool === 2) writePairs(result, resultRow, target, job.targetRow, job.targetPixel, rows, columns);
    else if (!whole) writePart(result, resultRow, pool, target, job.targetRow, job.targetPixel, rows, columns);
    source += 16;
    target += 16;
  }
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
