import { inferShapes } from "@btsbot/model";
import type { Layer, ModelDefinition } from "@btsbot/model";
import type { FusedNetwork, FusedNode } from "./fuseLayers.js";

/** A value of the network for one copy of an alert. */
export interface Extent {
  /** (height, width, channels) or (length), as the definition has it. */
  readonly shape: readonly number[];
  /** Rows and columns that anybody reads, of an image: what a pooling leaves over is not computed. */
  readonly height: number;
  readonly width: number;
  /** Copies of each alert: 4 between rotations and their pooling. */
  readonly copies: number;
}

/** A window on a whole image. */
export interface SlidingWindow {
  readonly size: readonly [number, number];
  readonly strides: readonly [number, number];
  /** Zeros above and left of the image. */
  readonly before: readonly [number, number];
}

/**
 * The window of a convolution or pooling, with the padding that TensorFlow gives it.
 *
 * @param node - the convolution or pooling
 * @param shape - the shape that it reads
 * @param output - the shape that it gives, before pooling
 */
export function windowOf(
  { layer, pad }: FusedNode,
  shape: readonly number[],
  output: readonly number[],
): SlidingWindow {
  if (!("strides" in layer)) throw new TypeError(`${layer.type} has no window`);
  const size = layer.type === "maxPooling2d" ? layer.poolSize : layer.kernelSize;
  const { strides, padding } = layer;
  const [top, left] = [0, 1].map((axis) => {
    const length = shape[axis] + pad[axis][0] + pad[axis][1];
    const total = padding === "same" ? Math.max(0, (output[axis] - 1) * strides[axis] + size[axis] - length) : 0;
    return pad[axis][0] + Math.floor(total / 2);
  });
  return { size, strides, before: [top, left] };
}

/**
 * The extents of the values that a network's output depends on, as much of them as is read.
 *
 * @param definition - the network
 * @param network - the same with its layers joined
 * @returns by value; what nothing reads is absent
 */
export function findExtents(definition: ModelDefinition, { nodes, resolve }: FusedNetwork): Map<string, Extent> {
  const shapes = inferShapes(definition);
  const lastNames = new Map<string, string>();
  for (const { name } of definition.layers) lastNames.set(resolve(name), name);
  const shapeOf = (value: string): readonly number[] => shapes.get(lastNames.get(value) ?? value)!;
  const copies = findCopies(definition, nodes);
  const needed = new Map<string, readonly [number, number]>();
  const need = (value: string, height: number, width: number): void => {
    const shape = shapeOf(value);
    const [h, w] = needed.get(value) ?? [0, 0];
    needed.set(value, [Math.max(h, Math.min(height, shape[0])), Math.max(w, Math.min(width, shape[1]))]);
  };
  need(resolve(definition.output.layer), Infinity, Infinity);
  for (const node of [...nodes].reverse()) {
    // Only windows leave rows out: what scales, turns or pads an image gives all of it.
    if (needed.has(node.name) && !("strides" in node.layer)) need(node.name, Infinity, Infinity);
    const own = needed.get(node.name);
    if (own === undefined) continue;
    for (const input of node.inputs) {
      if (!("strides" in node.layer)) need(input, Infinity, Infinity);
      else {
        const { size, strides, before } = windowOf(node, shapeOf(input), shapes.get(node.layer.name)!);
        const [height, width] = [0, 1].map(
          (axis) => (own[axis] * node.pool - 1) * strides[axis] + size[axis] - before[axis],
        );
        need(input, Math.max(1, height), Math.max(1, width));
      }
    }
  }
  return new Map(
    [...needed].map(([name, [height, width]]) => [
      name,
      { shape: shapeOf(name), height, width, copies: copies.get(name)! },
    ]),
  );
}

function findCopies(definition: ModelDefinition, nodes: readonly FusedNode[]): Map<string, number> {
  const copies = new Map(definition.inputs.map(({ name }) => [name, 1]));
  const after = (layer: Layer, before: number): number =>
    layer.type === "rotations" ? 4 : layer.type === "cyclicPooling" ? 1 : before;
  for (const { layer, name, inputs } of nodes) copies.set(name, after(layer, copies.get(inputs[0])!));
  return copies;
}
