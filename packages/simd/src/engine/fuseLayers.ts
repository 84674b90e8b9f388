import type { Activation, Conv2d, Layer, Model, SeparableConv2d, Weights } from "@btsbot/model";
import { foldScale } from "./foldScale.js";

/** A layer with what follows it and can be done with it. */
export interface FusedNode {
  /** The layer; a convolution's padding is in `pad`. */
  readonly layer: Layer;
  /** The value that it gives; later layers may go by another name, see `resolve`. */
  readonly name: string;
  /** The values that it reads. */
  inputs: readonly string[];
  /** What follows the sum, of a layer with weights or of an activation. */
  activation: Activation;
  /** Zeros above and left of a convolution's input, beside those of "same"; and below and right. */
  pad: readonly [rows: readonly [number, number], columns: readonly [number, number]];
  /** Side of the windows whose maximum is taken of a convolution's output, 1 for none. */
  pool: number;
  /** The weights by their own name (`"kernel"`), scaled by what was folded in. */
  readonly weights: Map<string, Float32Array>;
}

const NO_PAD: FusedNode["pad"] = [
  [0, 0],
  [0, 0],
];

/** A network of fewer steps that computes the same. */
export interface FusedNetwork {
  /** The steps, each after those that it reads. */
  readonly nodes: readonly FusedNode[];
  /** The value that a layer's or input's name stands for. */
  readonly resolve: (name: string) => string;
}

/**
 * Joins layers: leaves out dropout; takes a batch normalisation or standardisation, an activation and a
 * maximum into the layer before, and zero padding into the convolution after, where nothing else reads
 * what lies between.
 *
 * @param model - the network with its weights
 * @returns the steps
 */
export function fuseLayers({ definition, weights }: Model): FusedNetwork {
  const names = new Map<string, string>();
  const resolve = (name: string): string => names.get(name) ?? name;
  for (const { type, name, inputs } of definition.layers) if (type === "dropout") names.set(name, resolve(inputs[0]));
  const readers = new Map<string, number>();
  const kept = definition.layers.filter(({ type }) => type !== "dropout");
  for (const name of [...kept.flatMap(({ inputs }) => inputs), definition.output.layer]) {
    readers.set(resolve(name), (readers.get(resolve(name)) ?? 0) + 1);
  }
  const nodes: FusedNode[] = [];
  for (const layer of kept) {
    const inputs = layer.inputs.map(resolve);
    const before = nodes.find(({ name }) => name === inputs[0]);
    if (before !== undefined && readers.get(before.name) === 1) {
      if (joins(before, layer, weights)) {
        for (const [name, to] of names) if (to === layer.name) names.set(name, before.name);
        names.set(layer.name, before.name);
        readers.set(before.name, readers.get(layer.name) ?? 0);
        continue;
      }
      if (before.layer.type === "zeroPadding2d" && isConvolution(layer)) {
        nodes.splice(nodes.indexOf(before), 1);
        nodes.push({ ...makeNode(layer, before.inputs, weights), pad: before.layer.padding });
        continue;
      }
    }
    nodes.push(makeNode(layer, inputs, weights));
  }
  return { nodes, resolve };
}

function makeNode(layer: Layer, inputs: readonly string[], weights: Weights): FusedNode {
  const own = [...weights].filter(([name]) => name.slice(0, name.lastIndexOf("/")) === layer.name);
  return {
    layer,
    inputs,
    name: layer.name,
    pad: NO_PAD,
    pool: 1,
    activation: "activation" in layer ? layer.activation : "linear",
    weights: new Map(own.map(([name, { values }]) => [name.slice(layer.name.length + 1), values])),
  };
}

/** Takes a layer into the one before it, if that gives the same. */
function joins(before: FusedNode, layer: Layer, weights: Weights): boolean {
  if (!isConvolution(before.layer) && before.layer.type !== "dense") return false;
  if (before.pool > 1) return false;
  const linear = before.activation === "linear";
  if (layer.type === "activation" && linear) {
    before.activation = layer.activation;
    return true;
  }
  if ((layer.type === "batchNormalization" || layer.type === "standardize") && linear) {
    foldScale(before.weights, before.layer, layer, weights);
    return true;
  }
  if (layer.type !== "maxPooling2d" || before.layer.type !== "conv2d" || layer.padding !== "valid") return false;
  const [side] = layer.poolSize;
  const square = [...layer.poolSize, ...layer.strides].every((length) => length === side);
  // The maximum of what ReLU gives is ReLU of the maximum.
  if (!square || !(linear || before.activation === "relu")) return false;
  before.pool = side;
  return true;
}

function isConvolution(layer: Layer): layer is Conv2d | SeparableConv2d {
  return layer.type === "conv2d" || layer.type === "separableConv2d";
}
