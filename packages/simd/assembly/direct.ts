import { madd, multiplyAdd } from "./gemm";
import { Job } from "./job";

/**
 * Convolution with any window and steps: the windows of `block` pixels are laid out as the rows of a
 * matrix, channels padded to a multiple of 4, and multiplied with the kernel. Needs
 * block x window x channels numbers of scratch.
 */
export function direct(at: usize, images: i32): void {
  const job = changetype<Job>(at);
  const pixels = images * job.outHeight * job.outWidth;
  const channels = (job.channels + 3) & ~3;
  const filters = (<usize>job.filters + 3) & ~3;
  const inner = job.kernelHeight * job.kernelWidth * channels;
  const least: f32 = job.relu ? 0 : -Infinity;
  const pointwise = inner === channels && job.strideHeight === 1 && job.strideWidth === 1 && job.top === 0 && job.left === 0
    && job.sourceRow === <usize>job.outWidth * job.sourcePixel && job.sourceImage === <usize>job.outHeight * job.sourceRow;
  for (let first = 0; first < pixels; first += job.block) {
    // Pixels that follow one another in the image written.
    const x = first % job.outWidth;
    const count = min(job.block, pixels - first);
    let from = job.source + <usize>first * job.sourcePixel;
    if (!pointwise) {
      from = job.scratch;
      for (let i = 0; i < count; i++) layOut(job, first + i, from + <usize>(i * inner) * 4);
    }
    const lda = pointwise ? job.sourcePixel : <usize>inner * 4;
    // One product for each row of the image, which may have gaps to the next one.
    let done = 0;
    let column = x;
    while (done < count) {
      const run = min(count - done, job.outWidth - column);
      const place = first + done;
      const row = place / job.outWidth;
      const target = job.target + <usize>(row / job.outHeight) * job.targetImage + <usize>(row % job.outHeight) * job.targetRow + <usize>column * job.targetPixel;
      multiplyAdd(from + <usize>done * lda, lda, job.weights, job.bias, target, job.targetPixel, run, filters, inner, least);
      done += run;
      column = 0;
    }
  }
}

/** One window as a row. */
function layOut(job: Job, pixel: i32, target: usize): void {
  const channels = (job.channels + 3) & ~3;
  const bytes = <usize>channels << 2;
  const row = pixel / job.outWidth;
  const y = (row % job.outHeight) * job.strideHeight - job.top;
  const x = (pixel % job.outWidth) * job.strideWidth - job.left;
  const source = job.source + <usize>(row / job.outHeight) * job.sourceImage;
  for (let i = y; i < y + job.kernelHeight; i++) {
    const inside = <u32>i < <u32>job.height;
    for (let j = x; j < x + job.kernelWidth; j++) {
      const end = target + bytes;
      if (inside && <u32>j < <u32>job.width) {
        let from = source + <usize>i * job.sourceRow + <usize>j * job.sourcePixel;
        for (; target < end; target += 16) {
          v128.store(target, v128.load(from));
          from += 16;
        }
      } else {
        for (; target < end; target += 16) v128.store(target, f32x4.splat(0));
      }
    }
  }
}

/** Convolution of each channel with a kernel of its own: kernel (height, width, channels), channels padded to a multiple of 4. */
export function depthwise(at: usize, images: i32): void {
  const job = changetype<Job>(at);
  // From column `left` on, outputs whose windows lie in the image.
  const whole = min(job.width - 2, job.outWidth - job.left);
  const fours = job.kernelWidth === 3 && job.strideWidth === 1 ? max(0, whole) >> 2 : 0;
  const begin = fours > 0 ? job.left : 0;
  for (let image = 0; image < images; image++) {
    const source = job.source + <usize>image * job.sourceImage;
    for (let row = 0; row < job.outHeight; row++) {
      const target = job.target + <usize>image * job.targetImage + <usize>row * job.targetRow;
      const y = row * job.strideHeight - job.top;
      sumColumns(job, source, target, y, 0, begin);
      sumFours(job, source, target + <usize>begin * job.targetPixel, y, fours);
      sumColumns(job, source, target, y, begin + (fours << 2), job.outWidth);
    }
  }
}

/** Outputs of a row, any windows: what of them lies outside of the image is left out. */
function sumColumns(job: Job, source: usize, target: usize, y: i32, first: i32, last: i32): void {
  const least = f32x4.splat(job.relu ? 0 : -Infinity);
  const bytes = ((<usize>job.channels + 3) & ~3) << 2;
  const low = max(0, -y);
  const high = min(job.kernelHeight, job.height - y);
  target += <usize>first * job.targetPixel;
  for (let column = first; column < last; column++) {
    const x = column * job.strideWidth - job.left;
    const start = max(0, -x);
    const end = min(job.kernelWidth, job.width - x);
    for (let c: usize = 0; c < bytes; c += 16) {
      let sum = v128.load(job.bias + c);
      for (let i = low; i < high; i++) {
        let from = source + (y + i) * job.sourceRow + (x + start) * job.sourcePixel + c;
        let weight = job.weights + <usize>(i * job.kernelWidth + start) * bytes + c;
        for (let j = start; j < end; j++) {
          sum = madd(v128.load(from), v128.load(weight), sum);
          from += job.sourcePixel;
          weight += bytes;
        }
      }
      v128.store(target + c, f32x4.pmax(sum, least));
    }
    target += job.targetPixel;
  }
}

/**
 * Four outputs at a time of windows that are three columns wide: six pixels and three numbers of the kernel give twelve
 * products. `target` is the output whose window begins with the first column of the image.
 */
function sumFours(job: Job, source: usize, target: usize, y: i32, fours: i32): void {
  const least = f32x4.splat(job.relu ? 0 : -Infinity);
  const bytes = ((<usize>job.channels + 3) & ~3) << 2;
  const pixel = job.sourcePixel;
  const low = max(0, -y);
  const high = min(job.kernelHeight, job.height - y);
  for (let c: usize = 0; c < bytes; c += 16) {
    const bias = v128.load(job.bias + c);
    let from = source + (y + low) * job.sourceRow + c;
    let to = target + c;
    for (let i = 0; i < fours; i++) {
      let s0 = bias;
      let s1 = bias;
      let s2 = bias;
      let s3 = bias;
      let at = from;
      let weight = job.weights + <usize>(3 * low) * bytes + c;
      for (let k = low; k < high; k++) {
        const w0 = v128.load(weight);
        const w1 = v128.load(weight + bytes);
        const w2 = v128.load(weight + 2 * bytes);
        let p = at;
        let x = v128.load(p);
        s0 = madd(x, w0, s0);
        p += pixel;
        x = v128.load(p);
        s0 = madd(x, w1, s0);
        s1 = madd(x, w0, s1);
        p += pixel;
        x = v128.load(p);
        s0 = madd(x, w2, s0);
        s1 = madd(x, w1, s1);
        s2 = madd(x, w0, s2);
        p += pixel;
        x = v128.load(p);
        s1 = madd(x, w2, s1);
        s2 = madd(x, w1, s2);
        s3 = madd(x, w0, s3);
        p += pixel;
        x = v128.load(p);
        s2 = madd(x, w2, s2);
        s3 = madd(x, w1, s3);
        x = v128.load(p + pixel);
        s3 = madd(x, w2, s3);
        at += job.sourceRow;
        weight += 3 * bytes;
      }
      v128.store(to, f32x4.pmax(s0, least));
      to += job.targetPixel;
      v128.store(to, f32x4.pmax(s1, least));
      to += job.targetPixel;
      v128.store(to, f32x4.pmax(s2, least));
      to += job.targetPixel;
      v128.store(to, f32x4.pmax(s3, least));
      to += job.targetPixel;
      from += 4 * pixel;
    }
  }
}
