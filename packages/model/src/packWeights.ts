import { decodeFloat16, encodeFloat16 } from "./float16.js";
import type { ModelDefinition } from "./types/definition.js";
import type { Weight, Weights } from "./types/model.js";
import { weightSpecs } from "./weightSpecs.js";

/**
 * All weights end to end in the order of `weightSpecs`, little-endian: kernels, which are nearly all of them, in half
 * precision; what has one axis (biases, and statistics of features, whose variances half precision cannot hold) as float32.
 *
 * @internal
 */
export function packWeights(definition: ModelDefinition, weights: Weights): Uint8Array {
  const arrays = weightSpecs(definition).map(({ name, shape }) => {
    const { values } = weights.get(name)!;
    return isHalf(shape) ? encodeFloat16(values) : values;
  });
  const bytes = new Uint8Array(arrays.reduce((sum, { byteLength }) => sum + byteLength, 0));
  const view = new DataView(bytes.buffer);
  let offset = 0;
  for (const array of arrays) {
    for (const value of array) {
      if (array instanceof Float32Array) view.setFloat32(offset, value, true);
      else view.setUint16(offset, value, true);
      offset += array.BYTES_PER_ELEMENT;
    }
  }
  return bytes;
}

/**
 * What `packWeights` packed, or undefined if it is not as long as the network's weights are.
 *
 * @internal
 */
export function unpackWeights(definition: ModelDefinition, bytes: Uint8Array): Weights | undefined {
  const specs = weightSpecs(definition).map(({ name, shape }) => ({
    name,
    shape,
    length: shape.reduce((product, axis) => product * axis, 1),
  }));
  const expected = specs.reduce((sum, { shape, length }) => sum + length * (isHalf(shape) ? 2 : 4), 0);
  if (bytes.length !== expected) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const weights = new Map<string, Weight>();
  let offset = 0;
  for (const { name, shape, length } of specs) {
    const step = isHalf(shape) ? 2 : 4;
    const start = offset;
    offset += length * step;
    const values = isHalf(shape)
      ? decodeFloat16(Uint16Array.from({ length }, (_, index) => view.getUint16(start + index * step, true)))
      : Float32Array.from({ length }, (_, index) => view.getFloat32(start + index * step, true));
    weights.set(name, { shape, values });
  }
  return weights;
}

function isHalf(shape: readonly number[]): boolean {
  return shape.length > 1;
}
