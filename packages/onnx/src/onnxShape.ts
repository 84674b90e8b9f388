import type { ModelDefinition, ModelInput } from "@btsbot/model";

/** Science, template, difference. */
export const PLANES = 3;

/**
 * The shape of an input in the file, without the batch axis.
 *
 * @internal
 */
export function onnxShape({ onnx }: ModelDefinition, input: ModelInput): number[] {
  if (input.kind === "features") return [input.length];
  const { size } = input.preprocessing;
  return onnx?.layout === "nchw" ? [PLANES, size, size] : [size, size, PLANES];
}
