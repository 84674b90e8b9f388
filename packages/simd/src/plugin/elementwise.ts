import type { Kernel } from "./Kernel.js";

/** `Relu`: NaN for NaN, where the wasm backend gives 0. */
export const relu: Kernel = (heap, _, { inputs }) => {
  const { x } = inputs;
  const output = heap.makeTensor(x!.shape);
  heap.kernels.relu(heap.addressOf(x!), heap.addressOf(output), lengthOf(x!.shape));
  return output;
};

/**
 * `Identity`: the same data under another tensor. tfjs makes one of each tensor that a gradient needs; the
 * wasm backend copies it, the others do not.
 */
export const identity: Kernel = ({ backend }, _, { inputs }) => {
  const { dataId, shape, dtype } = inputs["x"]!;
  backend.incRef(dataId);
  return { dataId, shape, dtype };
};

/** `Sum` over the first axes, as for the gradient of a bias, without turning the tensor over first. */
export const sum: Kernel = (heap, _, { inputs, attrs }) => {
  const { x } = inputs;
  const rank = x!.shape.length;
  const axes = [attrs["axis"] as number | number[]]
    .flat()
    .map((axis) => (axis < 0 ? axis + rank : axis))
    .sort((a, b) => a - b);
  if (axes.length === 0 || axes.length === rank || axes.some((axis, place) => axis !== place)) return undefined;
  const kept = x!.shape.slice(axes.length);
  const output = heap.makeTensor(attrs["keepDims"] === true ? [...axes.map(() => 1), ...kept] : kept);
  heap.kernels.sumRows(
    heap.addressOf(x!),
    lengthOf(x!.shape.slice(0, axes.length)),
    lengthOf(kept),
    heap.addressOf(output),
  );
  return output;
};

/** Numbers in a tensor of this shape. */
export function lengthOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
