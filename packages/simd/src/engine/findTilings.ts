import { chooseTiling } from "./chooseTiling.js";
import type { Tiling } from "./chooseTiling.js";
import { windowOf } from "./findExtents.js";
import type { Extent, SlidingWindow } from "./findExtents.js";
import type { FusedNode } from "./fuseLayers.js";
import { FOURIER_POINTS } from "./transformFourier.js";

/** How the convolutions of a network are done. */
export interface Tilings {
  /** By the name of the convolution; absent where it is done directly. */
  readonly tilings: ReadonlyMap<string, Tiling>;
  /**
   * Values that lie in planes of four channels, which is what tiles are read from and written to fastest, by name:
   * those that come from tiles and that nothing but tiles reads.
   */
  readonly planar: ReadonlyMap<string, Margins>;
}

/** Columns of room before and after each row of a plane, so that tiles of Fourier transforms are read whole; the last tile of a row is written whole where there is room. */
export interface Margins {
  readonly before: number;
  readonly after: number;
}

/**
 * Chooses the way of every convolution.
 *
 * @param nodes - the steps of the network whose values are needed
 * @param extents - how much of each value is read
 * @param output - the value that is the network's output
 */
export function findTilings(
  nodes: readonly FusedNode[],
  extents: ReadonlyMap<string, Extent>,
  output: string,
): Tilings {
  const tilings = new Map<string, Tiling>();
  for (const node of nodes) {
    const tiling =
      node.layer.type === "conv2d" ? tilingOf(node, extents, isRectified(nodes, node.inputs[0])) : undefined;
    if (tiling !== undefined) tilings.set(node.name, tiling);
  }
  const readers = ({ name }: FusedNode): FusedNode[] => nodes.filter(({ inputs }) => inputs.includes(name));
  const planar = nodes.filter((node) => {
    const tiling = tilings.get(node.name);
    const tiled = readers(node).every(({ name }) => tilings.has(name));
    // Other activations are applied pixel by pixel afterwards.
    const inKernel = node.activation === "linear" || node.activation === "relu";
    return tiling !== undefined && tiled && poolsInTiles(node, tiling) && inKernel && node.name !== output;
  });
  return {
    tilings,
    planar: new Map(
      planar.map((node) => [node.name, marginsOf(extents.get(node.name)!, readers(node), tilings, extents)]),
    ),
  };
}

function marginsOf(
  { width, shape }: Extent,
  readers: readonly FusedNode[],
  tilings: ReadonlyMap<string, Tiling>,
  extents: ReadonlyMap<string, Extent>,
): Margins {
  const needed = readers.map((reader): Margins => {
    const {
      points,
      sides: [, side],
    } = tilings.get(reader.name)!;
    if (points !== FOURIER_POINTS) return { before: 0, after: 0 };
    const before = convolutionWindow(reader, shape).before[1];
    const last = (Math.ceil((extents.get(reader.name)!.width * reader.pool) / side) - 1) * side - before;
    return { before, after: Math.max(0, last + points - width) };
  });
  return {
    before: Math.max(...needed.map(({ before }) => before)),
    after: Math.max(...needed.map(({ after }) => after)),
  };
}

/** Whether a tile gives whole windows of the pooling. */
export function poolsInTiles({ pool }: FusedNode, { sides }: Tiling): boolean {
  return sides.every((side) => side % pool === 0);
}

/**
 * The window of a convolution.
 *
 * @param node - the convolution
 * @param shape - of what it reads
 */
export function convolutionWindow(node: FusedNode, shape: readonly number[]): SlidingWindow {
  const { layer, pad } = node;
  if (layer.type !== "conv2d") throw new TypeError(`${layer.type} is not a convolution`);
  // Before its pooling.
  const output = [0, 1].map((axis) => Math.ceil((shape[axis] + pad[axis][0] + pad[axis][1]) / layer.strides[axis]));
  return windowOf(node, shape, output);
}

/** Whether a value is what ReLU gives, or the largest of that. */
function isRectified(nodes: readonly FusedNode[], value: string): boolean {
  const node = nodes.find(({ name }) => name === value);
  if (node?.layer.type === "maxPooling2d") return isRectified(nodes, node.inputs[0]);
  return node?.activation === "relu";
}

function tilingOf(node: FusedNode, extents: ReadonlyMap<string, Extent>, rectified: boolean): Tiling | undefined {
  const { layer, pool } = node;
  if (layer.type !== "conv2d") return undefined;
  const { shape } = extents.get(node.inputs[0])!;
  const { height, width } = extents.get(node.name)!;
  const { size, strides } = convolutionWindow(node, shape);
  return chooseTiling({
    size,
    strides,
    height: height * pool,
    width: width * pool,
    channels: shape[2],
    filters: layer.filters,
    pool,
    rectified,
  });
}
