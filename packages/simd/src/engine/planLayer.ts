import type { BatchNormalization, Clip, Standardize, Weights } from "@btsbot/model";
import { windowOf } from "./findExtents.js";
import { readScale } from "./foldScale.js";
import type { FusedNode } from "./fuseLayers.js";
import { packPanels, roundUp } from "./packPanels.js";
import { eachRow, planActivation } from "./planActivation.js";
import { planConvolution, planPool, planSeparable } from "./planConvolution.js";
import type { Planner, Value } from "./Planner.js";

/**
 * Adds the steps of a layer, with what was joined to it.
 *
 * @param planner - takes the steps; has the values that the layer reads
 * @param node - the layer
 * @param weights - the network's weights
 */
export function planLayer(planner: Planner, node: FusedNode, weights: Weights): void {
  const { layer, name } = node;
  if (layer.type === "conv2d") return planConvolution(planner, node);
  if (layer.type === "separableConv2d") return planSeparable(planner, node);
  const inputs = node.inputs.map((input) => planner.values.get(input)!);
  const [input] = inputs;
  const output = planner.define(name);
  switch (layer.type) {
    case "maxPooling2d":
      return planPool(planner, input, output, windowOf(node, input.shape, output.shape));
    case "dense":
      return planDense(planner, node, input, output);
    case "activation":
      return planCopiedActivation(planner, node, input, output);
    case "batchNormalization":
    case "standardize":
      return planScale(planner, layer, weights, input, output);
    case "clip":
      return planClip(planner, layer, input, output);
    case "concatenate":
      return planConcatenation(planner, inputs, output);
    case "rotations":
      return planner.add(input, ({ kernels }, _, count) => {
        for (let alert = 0; alert < count; alert++) {
          kernels.rotate(
            input.address + alert * input.bytes,
            output.address + alert * 4 * output.bytes,
            input.height,
            input.pixel,
          );
        }
      });
    default:
      return planReshape(planner, node, input, output);
  }
}

/** Layers that only move or average numbers. */
function planReshape(planner: Planner, { layer }: FusedNode, input: Value, output: Value): void {
  planner.add(input, ({ kernels }, first, count) => {
    // Images begin with the group, vectors with the alerts at hand.
    const from = input.address + (input.image ? 0 : first * input.copies * input.bytes);
    const to = output.address + (output.image ? 0 : first * output.copies * output.bytes);
    const pixels = input.image ? input.height * input.width : 1;
    for (let copy = 0; copy < count * output.copies; copy++) {
      const target = to + copy * output.bytes;
      const source = from + copy * input.bytes;
      if (layer.type === "cyclicPooling")
        kernels.meanRows(from + copy * input.copies * input.bytes, target, input.bytes, input.copies);
      else if (layer.type === "globalAveragePooling2d") kernels.meanRows(source, target, input.pixel, pixels);
      else if (layer.type === "flatten")
        kernels.copyRows(source, input.pixel, target, 4 * input.channels, input.channels, pixels);
      else if (layer.type === "zeroPadding2d") {
        const [[top], [left]] = layer.padding;
        const { row } = output;
        kernels.clear(target, output.bytes);
        kernels.copyRows(source, input.row, target + top * row + left * output.pixel, row, input.row / 4, input.height);
      } else throw new TypeError(`no step for ${layer.type}`);
    }
  });
}

function planDense(planner: Planner, node: FusedNode, input: Value, output: Value): void {
  const { channels: units } = output;
  const kernel = node.weights.get("kernel")!;
  const packed = planner.constant(packPanels(input.channels, units, (row, unit) => kernel[row * units + unit]));
  const bias = new Float32Array(roundUp(units, 8));
  bias.set(node.weights.get("bias") ?? []);
  const address = planner.constant(bias);
  const least = node.activation === "relu" ? 0 : -Infinity;
  planner.add(input, ({ kernels }, first, count) => {
    const row = first * input.copies;
    kernels.multiplyAdd(
      input.address + row * input.bytes,
      input.bytes,
      packed,
      address,
      output.address + row * output.bytes,
      output.bytes,
      count * input.copies,
      roundUp(units, 4),
      input.channels,
      least,
    );
  });
  planActivation(planner, output, node.activation);
}

function planCopiedActivation(planner: Planner, node: FusedNode, input: Value, output: Value): void {
  planner.add(input, ({ floats }, first, count) => {
    const start = input.image ? 0 : (first * input.copies * input.bytes) / 4;
    const length = (count * input.copies * input.bytes) / 4;
    floats.copyWithin(output.address / 4 + start, input.address / 4 + start, input.address / 4 + start + length);
  });
  if (node.activation === "relu") {
    planner.add(input, (machine, first, count) =>
      eachRow(machine, output, output.image ? 0 : first, count, (row) => {
        for (let i = 0; i < row.length; i++) if (row[i] < 0) row[i] = 0;
      }),
    );
  }
  planActivation(planner, output, node.activation);
}

function planScale(
  planner: Planner,
  layer: BatchNormalization | Standardize,
  weights: Weights,
  input: Value,
  output: Value,
): void {
  const length = roundUp(input.channels, 4);
  const { less, factor, more } = readScale(layer, weights);
  const [lessAt, factorAt, moreAt] = [less, factor, more].map((values) => {
    const padded = new Float32Array(length);
    padded.set(values);
    return planner.constant(padded);
  });
  planner.add(input, ({ kernels }, first, count) => {
    const start = input.image ? 0 : first * input.copies * input.bytes;
    const rows = (count * input.copies * input.bytes) / input.pixel;
    kernels.affine(input.address + start, output.address + start, input.pixel, length, rows, lessAt, factorAt, moreAt);
  });
}

function planClip(planner: Planner, { bounds }: Clip, input: Value, output: Value): void {
  const least = planner.constant(Float32Array.from(bounds, ([bound]) => bound ?? -Infinity));
  const most = planner.constant(Float32Array.from(bounds, ([, bound]) => bound ?? Infinity));
  planner.add(input, ({ kernels }, first, count) => {
    const start = first * input.copies * input.bytes;
    kernels.clip(
      input.address + start,
      output.address + start,
      input.bytes,
      input.channels,
      count * input.copies,
      least,
      most,
    );
  });
}

function planConcatenation(planner: Planner, inputs: readonly Value[], output: Value): void {
  let offset = 0;
  for (const input of inputs) {
    const place = output.address + 4 * offset;
    planner.add(input, ({ kernels }, first, count) => {
      const row = first * input.copies;
      kernels.copyRows(
        input.address + row * input.bytes,
        input.bytes,
        place + row * output.bytes,
        output.bytes,
        input.channels,
        count * input.copies,
      );
    });
    offset += input.channels;
  }
}
