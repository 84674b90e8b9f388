import { multiply } from "./gemm";
import { Job } from "./job";
import { input8, input10, output8to4, output8to6, output10to6 } from "./transforms";

/** Bytes between two matrices beyond their length: strides that are powers of two fall on the same lines of the cache. */
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
  const rowV = channels << 2;
  const rowM = filters << 2;
  const matrixV = <usize>job.block * rowV + GAP;
  const matrixM = <usize>job.block * rowM + GAP;
  const matrixU = ((filters + 7) & ~7) * <usize>job.channels * 4;
  const v = job.scratch + WORK;
  const m = v + squared * matrixV;
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
  const middle = job.scratch;
  const line = <usize>points << 4;
  const inside = y >= 0 && x >= 0 && y + points <= job.height && x + points <= job.width;
  let source = job.source + <usize>image * job.sourceImage + y * job.sourceRow + x * job.sourcePixel;
  for (let c = 0; c < job.channels; c += 4) {
    let from = source;
    let row = job.sourceRow;
    let pixel = job.sourcePixel;
    if (!inside) {
      from = job.scratch + WORK / 2;
      copyTile(job, source, y, x, from);
      row = line;
      pixel = 16;
    }
    if (points === 8) {
      input8(from, row, pixel, middle, line, 16, 8);
      input8(middle, 16, line, target, matrix, matrix << 3, 8);
    } else {
      input10(from, row, pixel, middle, line, 16, 10);
      input10(middle, 16, line, target, matrix, matrix * 10, 10);
    }
    source += 16;
    target += 16;
  }
}

/** Four channels of a tile that reaches over the border, with zeros there. */
function copyTile(job: Job, source: usize, y: i32, x: i32, target: usize): void {
  const points = job.kernelHeight;
  for (let i = 0; i < points; i++) {
    let from = source;
    const inside = <u32>(y + i) < <u32>job.height;
    for (let j = 0; j < points; j++) {
      v128.store(target, inside && <u32>(x + j) < <u32>job.width ? v128.load(from) : f32x4.splat(0));
      from += job.sourcePixel;
      target += 16;
    }
    source += job.sourceRow;
  }
}

/** Transforms a tile back, and writes its pixels that lie in the image. */
function writeTile(job: Job, image: i32, down: i32, across: i32, source: usize, matrix: usize): void {
  const points = job.kernelHeight;
  const side = job.kernelWidth;
  const middle = job.scratch;
  const line = <usize>points << 4;
  const result = middle + WORK / 2;
  const pool = job.pool;
  const part = side / pool;
  const rows = min(part, job.outHeight / pool - down * part);
  const columns = min(part, job.outWidth / pool - across * part);
  const least = f32x4.splat(job.relu ? 0 : -Infinity);
  let target = job.target + <usize>image * job.targetImage + <usize>(down * part) * job.targetRow + <usize>(across * part) * job.targetPixel;
  for (let f = 0; f < job.filters; f += 4) {
    if (points === 10) {
      output10to6(source, matrix * 10, matrix, middle, line, 16, 10);
      output10to6(middle, 16, line, result, 16, 96, 6);
    } else if (side === 4) {
      output8to4(source, matrix << 3, matrix, middle, line, 16, 8);
      output8to4(middle, 16, line, result, 16, 64, 4);
    } else {
      output8to6(source, matrix << 3, matrix, middle, line, 16, 8);
      output8to6(middle, 16, line, result, 16, 96, 6);
    }
    const bias = v128.load(job.bias + (<usize>f << 2));
    let to = target;
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        let value: v128;
        const from = result + (<usize>(i * pool * side + j * pool) << 4);
        if (pool === 1) value = v128.load(from);
        else value = largest(from, pool, <usize>side << 4);
        v128.store(to + <usize>j * job.targetPixel, f32x4.pmax(f32x4.add(value, bias), least));
      }
      to += job.targetRow;
    }
    source += 16;
    target += 16;
  }
}

// @ts-ignore: decorator
@inline
function largest(from: usize, pool: i32, row: usize): v128 {
  let value = v128.load(from);
  for (let i = 0; i < pool; i++) {
    for (let j = 0; j < pool; j++) value = f32x4.pmax(value, v128.load(from + (<usize>j << 4)));
    from += row;
  }
  return value;
}
