/** The functions of assembly/forward.ts, as WebAssembly exports them: numbers all, addresses and steps in bytes. */
export interface ForwardKernels {
  multiplyAdd(
    a: number,
    aStep: number,
    b: number,
    bias: number,
    c: number,
    cStep: number,
    m: number,
    n: number,
    k: number,
    least: number,
  ): void;
  winograd(job: number, images: number): void;
  fourier(job: number, images: number): void;
  direct(job: number, images: number): void;
  depthwise(job: number, images: number): void;
  maxPool(job: number, images: number): void;
  meanRows(source: number, target: number, bytes: number, count: number): void;
  copyRows(source: number, step: number, target: number, toStep: number, length: number, rows: number): void;
  affine(
    source: number,
    target: number,
    step: number,
    length: number,
    rows: number,
    less: number,
    factor: number,
    more: number,
  ): void;
  clip(source: number, target: number, step: number, length: number, rows: number, least: number, most: number): void;
  clear(target: number, bytes: number): void;
  rotate(source: number, target: number, side: number, pixel: number): void;
}

/** The kernels with the memory that they work in. */
export interface Machine {
  readonly kernels: ForwardKernels;
  /** The memory as floats. */
  readonly floats: Float32Array;
}

/** A convolution or pooling, field after field as assembly/job.ts has it. */
export interface Job {
  source: number;
  sourceImage: number;
  sourceRow: number;
  sourcePixel: number;
  sourceQuad: number;
  before: number;
  after: number;
  height: number;
  width: number;
  channels: number;
  target: number;
  targetImage: number;
  targetRow: number;
  targetPixel: number;
  targetQuad: number;
  room: number;
  outHeight: number;
  outWidth: number;
  filters: number;
  top: number;
  left: number;
  weights: number;
  bias: number;
  relu: number;
  pool: number;
  scratch: number;
  block: number;
  kernelHeight: number;
  kernelWidth: number;
  strideHeight: number;
  strideWidth: number;
}

const FIELDS = [
  "source",
  "sourceImage",
  "sourceRow",
  "sourcePixel",
  "sourceQuad",
  "before",
  "after",
  "height",
  "width",
  "channels",
  "target",
  "targetImage",
  "targetRow",
  "targetPixel",
  "targetQuad",
  "room",
  "outHeight",
  "outWidth",
  "filters",
  "top",
  "left",
  "weights",
  "bias",
  "relu",
  "pool",
  "scratch",
  "block",
  "kernelHeight",
  "kernelWidth",
  "strideHeight",
  "strideWidth",
] as const satisfies readonly (keyof Job)[];

/** 32-bit numbers of a job. */
export const JOB_LENGTH = FIELDS.length;

/** A job as the kernels read it. */
export function encodeJob(job: Job): Int32Array {
  return Int32Array.from(FIELDS, (field) => job[field]);
}
