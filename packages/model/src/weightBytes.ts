import type { ModelDefinition } from "./types/definition.js";
import type { Weights } from "./types/model.js";
import { weightSpecs } from "./weightSpecs.js";

/**
 * All weights end to end, little-endian float32, in the order of `weightSpecs`.
 *
 * @internal
 */
export function weightBytes(definition: ModelDefinition, weights: Weights): Uint8Array {
  const arrays = weightSpecs(definition).map(({ name }) => weights.get(name)!.values);
  const bytes = new Uint8Array(4 * arrays.reduce((sum, { length }) => sum + length, 0));
  const view = new DataView(bytes.buffer);
  let offset = 0;
  for (const values of arrays) {
    for (let i = 0; i < values.length; i++, offset += 4) view.setFloat32(offset, values[i], true);
  }
  return bytes;
}
