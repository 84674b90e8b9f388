import { Job } from "./job";

/** Largest value of each window: the job's kernel and steps; outside the image there is nothing. */
export function maxPool(at: usize, images: i32): void {
  const job = changetype<Job>(at);
  const bytes = ((<usize>job.channels + 3) & ~3) << 2;
  for (let image = 0; image < images; image++) {
    const source = job.source + <usize>image * job.sourceImage;
    for (let row = 0; row < job.outHeight; row++) {
      let target = job.target + <usize>image * job.targetImage + <usize>row * job.targetRow;
      const y = row * job.strideHeight - job.top;
      const low = max(0, y);
      const high = min(y + job.kernelHeight, job.height);
      let column = 0;
      // Windows that lie in the image, of 2 or 4 columns as most do.
      if (job.left === 0 && (job.kernelWidth === 2 || job.kernelWidth === 4) && job.width >= job.kernelWidth) {
        const whole = min(job.outWidth, (job.width - job.kernelWidth) / job.strideWidth + 1);
        for (; column < whole; column++) {
          const from = source + <usize>low * job.sourceRow + <usize>(column * job.strideWidth) * job.sourcePixel;
          if (job.kernelWidth === 2) poolColumns(from, job.sourceRow, job.sourcePixel, high - low, target, bytes, false);
          else poolColumns(from, job.sourceRow, job.sourcePixel, high - low, target, bytes, true);
          target += job.targetPixel;
        }
      }
      for (; column < job.outWidth; column++) {
        const x = column * job.strideWidth - job.left;
        const start = max(0, x);
        const end = min(x + job.kernelWidth, job.width);
        for (let c: usize = 0; c < bytes; c += 16) {
          let most = v128.load(source + <usize>low * job.sourceRow + <usize>start * job.sourcePixel + c);
          for (let i = low; i < high; i++) {
            let from = source + <usize>i * job.sourceRow + <usize>start * job.sourcePixel + c;
            for (let j = start; j < end; j++) {
              most = f32x4.pmax(most, v128.load(from));
              from += job.sourcePixel;
            }
          }
          v128.store(target + c, most);
        }
        target += job.targetPixel;
      }
    }
  }
}

/** Largest of `rows` rows of two or four pixels, of `bytes` bytes each. */
// @ts-ignore: decorator
@inline
function poolColumns(source: usize, row: usize, pixel: usize, rows: i32, target: usize, bytes: usize, four: bool): void {
  const end = source + bytes;
  for (; source < end; source += 16) {
    let most = v128.load(source);
    let at = source;
    for (let i = 0; i < rows; i++) {
      let pair = f32x4.pmax(v128.load(at), v128.load(at + pixel));
      if (four) pair = f32x4.pmax(pair, f32x4.pmax(v128.load(at + 2 * pixel), v128.load(at + 3 * pixel)));
      most = f32x4.pmax(most, pair);
      at += row;
    }
    v128.store(target, most);
    target += 16;
  }
}

/** Mean of `count` rows of `bytes` bytes each, a multiple of 16, that follow one another. */
export function meanRows(source: usize, target: usize, bytes: usize, count: i32): void {
  const share = f32x4.splat(<f32>1 / <f32>count);
  for (let c: usize = 0; c < bytes; c += 16) {
    let sum = f32x4.splat(0);
    let from = source + c;
    for (let i = 0; i < count; i++) {
      sum = f32x4.add(sum, v128.load(from));
      from += bytes;
    }
    v128.store(target + c, f32x4.mul(sum, share));
  }
}

/** `rows` rows of `length` floats each, from and to any steps. */
export function copyRows(source: usize, step: usize, target: usize, toStep: usize, length: usize, rows: i32): void {
  for (let i = 0; i < rows; i++) {
    if (length < 16) for (let c: usize = 0; c < length << 2; c += 4) f32.store(target + c, f32.load(source + c));
    else memory.copy(target, source, length << 2);
    source += step;
    target += toStep;
  }
}

/** (x - less) * factor + more, each with a number for each of `length` columns, on rows `step` bytes apart. */
export function affine(source: usize, target: usize, step: usize, length: usize, rows: i32, less: usize, factor: usize, more: usize): void {
  for (let i = 0; i < rows; i++) {
    for (let c: usize = 0; c < length << 2; c += 4) {
      f32.store(target + c, (f32.load(source + c) - f32.load(less + c)) * f32.load(factor + c) + f32.load(more + c));
    }
    source += step;
    target += step;
  }
}

/** Values between `least` and `most`, each with a number for each column. */
export function clip(source: usize, target: usize, step: usize, length: usize, rows: i32, least: usize, most: usize): void {
  for (let i = 0; i < rows; i++) {
    for (let c: usize = 0; c < length << 2; c += 4) {
      f32.store(target + c, min(max(f32.load(source + c), f32.load(least + c)), f32.load(most + c)));
    }
    source += step;
    target += step;
  }
}

/** A square image of `side` pixels, `pixel` bytes each, to itself and its three turns counter-clockwise. */
export function rotate(source: usize, target: usize, side: i32, pixel: usize): void {
  const row = <usize>side * pixel;
  const image = <usize>side * row;
  const last = side - 1;
  memory.copy(target, source, image);
  for (let i = 0; i < side; i++) {
    for (let j = 0; j < side; j++) {
      const to = target + <usize>i * row + <usize>j * pixel;
      memory.copy(to + image, source + <usize>j * row + <usize>(last - i) * pixel, pixel);
      memory.copy(to + 2 * image, source + <usize>(last - i) * row + <usize>(last - j) * pixel, pixel);
      memory.copy(to + 3 * image, source + <usize>(last - j) * row + <usize>i * pixel, pixel);
    }
  }
}

/** Zeros. */
export function clear(target: usize, bytes: usize): void {
  memory.fill(target, 0, bytes);
}
