import { inputShape } from "@btsbot/model";
import type { ModelDefinition, ModelInput } from "@btsbot/model";

/**
 * The shape of an input in the file, without the batch axis.
 *
 * @internal
 */
export function onnxShape({ onnx }: ModelDefinition, input: ModelInput): number[] {
  const shape = inputShape(input);
  if (input.kind === "features" || onnx?.layout !== "nchw") return shape;
  const [height, width, planes] = shape;
  return [planes, height, width];
}
