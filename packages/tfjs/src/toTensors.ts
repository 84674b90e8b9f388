import { inputShape } from "@btsbot/model";
import type { Batch, ModelDefinition } from "@btsbot/model";
import { tensor } from "@tensorflow/tfjs-core";
import type { Tensor } from "@tensorflow/tfjs-core";

/**
 * A batch as tensors, in the order of the definition's inputs. The caller disposes of them.
 *
 * @internal
 */
export function toTensors(definition: ModelDefinition, batch: Batch, count: number): Tensor[] {
  return definition.inputs.map((input) => tensor(batch[input.name], [count, ...inputShape(input)]));
}
