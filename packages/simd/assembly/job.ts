/**
 * A convolution, as 32-bit numbers in memory. Lengths and steps of memory are in bytes. Images are rows of
 * pixels, channels last, or planes of four channels each, which only tiles read and write; channels are padded
 * with anything finite to a multiple of 4.
 */
@unmanaged
export class Job {
  /** First pixel of the first image read. */
  source: usize;
  sourceImage: usize;
  sourceRow: usize;
  sourcePixel: usize;
  /** From four channels to the next four. */
  sourceQuad: usize;
  /** Columns before and after a row that there is room for, where Fourier transforms put the zeros that they read. */
  before: i32;
  after: i32;
  /** Rows and columns of an image read; around them are zeros. */
  height: i32;
  width: i32;
  channels: i32;
  /** First pixel of the first image written. */
  target: usize;
  targetImage: usize;
  targetRow: usize;
  targetPixel: usize;
  targetQuad: usize;
  /** Columns after a row that may be written, with anything. */
  room: i32;
  /** Rows and columns of the convolution, before pooling. */
  outHeight: i32;
  outWidth: i32;
  filters: i32;
  /** Rows of zeros above and columns of zeros left of an image read. */
  top: i32;
  left: i32;
  weights: usize;
  /** A multiple of 8 numbers. */
  bias: usize;
  /** 1 for ReLU. */
  relu: i32;
  /** Pixels on a side of the pooling window, 1 for none; divides the sides of a tile's output. */
  pool: i32;
  scratch: usize;
  /** Tiles, or pixels, that are worked on at once. */
  block: i32;
  /** Direct: the window and its steps. By tiles, in the first two: rows and columns of the outputs of a tile. */
  kernelHeight: i32;
  kernelWidth: i32;
  strideHeight: i32;
  strideWidth: i32;
}

/** All bits of four channels of the pixels of a square, whose first is (y, x), that lie in the image, and of `some`. */
export function anyOfPixels(job: Job, source: usize, y: i32, x: i32, side: i32, some: v128): v128 {
  const pixel = job.sourcePixel;
  const top = max(0, y);
  const left = max(0, x);
  const bottom = min(job.height, y + side);
  const length = <usize>max(0, min(job.width, x + side) - left) * pixel;
  let row = source + <usize>top * job.sourceRow + <usize>left * pixel;
  for (let i = top; i < bottom; i++) {
    if (i32x4.all_true(some)) break;
    const end = row + length;
    let at = row;
    for (; at + 3 * pixel < end; at += 4 * pixel) {
      const pair = v128.or(v128.load(at), v128.load(at + pixel));
      some = v128.or(some, v128.or(pair, v128.or(v128.load(at + 2 * pixel), v128.load(at + 3 * pixel))));
    }
    for (; at < end; at += pixel) some = v128.or(some, v128.load(at));
    row += job.sourceRow;
  }
  return some;
}
