import { roundUp } from "./convolveImages.js";
import { LEAST } from "./convolutions.js";
import { lengthOf } from "./elementwise.js";
import type { TfjsHeap } from "./TfjsHeap.js";
import type { Kernel } from "./Kernel.js";
import type { KernelCall, TensorInfo } from "./types.js";

/** Products of matrices: `rows` x `inner` times `inner` x `columns`, as many as there are `left` and `right`, one of them for all if there is one. */
interface Product {
  readonly left: number;
  readonly right: number;
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  readonly turnLeft: boolean;
  readonly turnRight: boolean;
  readonly shape: readonly number[];
}

/** `BatchMatMul`. */
export const batchMatMul: Kernel = (heap, _, call) => {
  const of = readProduct(call);
  return of && multiply(heap, of, call, 0, -Infinity);
};

/** A dense layer, with bias and ReLU: `_FusedMatMul`. */
export const fusedMatMul: Kernel = (heap, _, call) => {
  const { bias } = call.inputs;
  const least = LEAST[call.attrs["activation"] as string];
  const of = readProduct(call);
  if (
    of === undefined ||
    least === undefined ||
    (bias !== undefined && (bias.shape.length !== 1 || bias.shape[0] !== of.columns))
  )
    return undefined;
  return multiply(heap, of, call, bias === undefined ? 0 : heap.addressOf(bias), least);
};

function multiply(heap: TfjsHeap, of: Product, { inputs }: KernelCall, givenBias: number, least: number): TensorInfo {
  const { a, b } = inputs;
  const { kernels } = heap;
  const output = heap.makeTensor(of.shape);
  const [left, right, target] = [heap.addressOf(a!), packRight(heap, of, b!), heap.addressOf(output)];
  const columns = roundUp(of.columns, 4);
  const biases = roundUp(of.columns, 8);
  const lengths = [biases, of.turnLeft ? of.rows * of.inner : 0, columns === of.columns ? 0 : of.rows * columns];
  heap.withScratch(lengths, (bias, turned, wide) => {
    if (givenBias === 0) heap.kernels.clear(bias, biases);
    else kernels.resizeRows(givenBias, of.columns, of.columns, bias, biases, 1);
    for (let place = 0; place < lengthOf(of.shape.slice(0, -2)); place++) {
      const from = left + 4 * (of.left === 1 ? 0 : place) * of.rows * of.inner;
      const to = target + 4 * place * of.rows * of.columns;
      if (of.turnLeft) kernels.transposeMatrix(from, of.inner, of.rows, turned, of.inner);
      // A convolution of one row of pixels with one tap.
      kernels.convolve(
        turned || from,
        0,
        0,
        4 * of.inner,
        1,
        4 * of.inner,
        right + 4 * (of.right === 1 ? 0 : place) * of.inner * biases,
        bias,
        wide || to,
        1,
        of.rows,
        columns,
        least,
      );
      if (wide !== 0) kernels.resizeRows(wide, columns, columns, to, of.columns, of.rows);
    }
  });
  return output;
}

function packRight(heap: TfjsHeap, of: Product, b: TensorInfo): number {
  const length = of.inner * roundUp(of.columns, 8);
  return heap.transformed(b, of.turnRight ? "matrix turned" : "matrix", of.right * length, (address) => {
    const [inner, outer] = of.turnRight ? [1, of.inner] : [of.columns, 1];
    for (let place = 0; place < of.right; place++) {
      const from = heap.addressOf(b) + 4 * place * of.inner * of.columns;
      heap.kernels.packFilter(from, 1, of.inner, of.columns, 0, inner, outer, address + 4 * place * length, of.inner);
    }
  });
}

function readProduct({ inputs, attrs }: KernelCall): Product | undefined {
  const { a, b } = inputs;
  if (a === undefined || b === undefined) return undefined;
  const [turnLeft, turnRight] = [attrs["transposeA"] === true, attrs["transposeB"] === true];
  const [left, right] = [lengthOf(a.shape.slice(0, -2)), lengthOf(b.shape.slice(0, -2))];
  const outer = (right === 1 && a.shape.length >= b.shape.length ? a : b).shape.slice(0, -2);
  // Axes that spread over others one by one are left to the kernel that was there.
  const same = a.shape.slice(0, -2).join() === b.shape.slice(0, -2).join();
  if (!same && (left !== 1 || b.shape.length < a.shape.length) && (right !== 1 || a.shape.length < b.shape.length))
    return undefined;
  const [rows, inner] = turn(a.shape.slice(-2), turnLeft);
  const [depth, columns] = turn(b.shape.slice(-2), turnRight);
  if (depth !== inner) return undefined;
  return { left, right, rows, inner, columns, turnLeft, turnRight, shape: [...outer, rows, columns] };
}

function turn([first, second]: readonly number[], turned: boolean): readonly [number, number] {
  return turned ? [second, first] : [first, second];
}
