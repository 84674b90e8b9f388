import { BtsbotError } from "@btsbot/errors";
import type { Problem } from "@btsbot/errors";
import { outputLength } from "@btsbot/model";
import type { ModelDefinition } from "@btsbot/model";
import { onnxShape } from "./onnxShape.js";
import type { OnnxSession, OnnxValue } from "./types.js";

/**
 * Checks that a file's inputs and output are those of the definition: names, types and, where the
 * runtime tells them, shapes.
 *
 * @internal
 */
export function checkSession(definition: ModelDefinition, session: OnnxSession): void {
  const problems: Problem[] = [];
  const given = definition.inputs.map(({ name }) => name);
  for (const name of session.inputNames.filter((input) => !given.includes(input))) {
    problems.push(invalid(name, "the file has an input that the definition does not have", list(given), name));
  }
  for (const input of definition.inputs) {
    if (!session.inputNames.includes(input.name)) {
      problems.push(invalid(input.name, "the file has no such input", input.name, list(session.inputNames)));
    } else {
      const value = session.inputMetadata?.find(({ name }) => name === input.name);
      problems.push(...checkValue(input.name, value, onnxShape(definition, input)));
    }
  }
  const { layer } = definition.output;
  if (!session.outputNames.includes(layer)) {
    problems.push(invalid(layer, "the file has no such output", layer, list(session.outputNames)));
  } else {
    const value = session.outputMetadata?.find(({ name }) => name === layer);
    const length = outputLength(definition.output);
    // A score may come as (N) or as (N, 1).
    const shape = length === 1 && value?.shape?.length === 1 ? [] : [length];
    problems.push(...checkValue(layer, value, shape));
  }
  if (problems.length > 0) throw new BtsbotError(problems);
}

function checkValue(path: string, value: OnnxValue | undefined, expected: readonly number[]): Problem[] {
  if (value === undefined) return [];
  if (value.type !== "float32") return [invalid(path, "wrong type", "float32", value.type ?? "no tensor")];
  const { shape } = value;
  if (shape === undefined) return [];
  // A runtime may tell an axis of any length by a name or by a number that is not a length.
  const isFree = (axis: number | string) => typeof axis === "string" || axis < 1;
  const [count, ...axes] = shape;
  if (axes.length !== expected.length || !axes.every((axis, i) => isFree(axis) || axis === expected[i])) {
    return [invalid(path, "wrong shape", tuple(["N", ...expected]), tuple(shape))];
  }
  if (shape.length > 0 && isFree(count)) return [];
  return [
    BtsbotError.problem("onnx-invalid", "the file takes batches of one length only", {
      path,
      expected: tuple(["N", ...expected]),
      got: tuple(shape),
      hint: "Export the network again with a first axis of any length (dynamic_axes in PyTorch).",
    }),
  ];
}

function invalid(path: string, summary: string, expected: string, got: string): Problem {
  return BtsbotError.problem("onnx-invalid", summary, { path, expected, got });
}

function tuple(shape: readonly (number | string)[]): string {
  return `(${shape.map((axis) => axis || "?").join(", ")})`;
}

function list(names: readonly string[]): string {
  return names.join(", ") || "none";
}
