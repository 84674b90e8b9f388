import { countOf } from "@btsbot/errors";
/** Inputs of one layer: a network that joins more is not one of this field. */
const MAX_INPUTS = 1000;

/**
 * A list; a SavedModel writes tuples as objects with `items`.
 *
 * @internal
 */
export function listOf(value: unknown): readonly unknown[] {
  const items = Array.isArray(value) ? value : (value as { items?: unknown } | null | undefined)?.items;
  return Array.isArray(items) ? (items as unknown[]) : [];
}

/**
 * The names of the layers that a layer reads, or in words why that cannot be said.
 *
 * Keras 2 writes `[[["conv1", 0, 0, {}], ...]]`, Keras 3 `[{ args: [tensor or tensors], kwargs }]`, where
 * a tensor is `{ class_name: "__keras_tensor__", config: { keras_history: ["conv1", 0, 0] } }`. There is
 * one entry for each time that the layer is used.
 *
 * Source: keras/src/models/functional.py (3), keras/engine/functional.py (2).
 *
 * @internal
 */
export function readInboundNodes(nodes: unknown): readonly string[] | string {
  if (!Array.isArray(nodes) || nodes.length === 0) return "no uses";
  if (nodes.length > 1) return `${nodes.length} uses of it`;
  const node: unknown = nodes[0];
  const read = Array.isArray(node) ? readConnections(node) : readCall(node);
  if (typeof read === "string") return read;
  return read.length > MAX_INPUTS ? countOf(read.length, "input") : read;
}

function readConnections(connections: readonly unknown[]): readonly string[] | string {
  const names: string[] = [];
  for (const connection of connections) {
    const [name, node, , options] = listOf(connection);
    if (typeof name !== "string") return "a connection to nothing";
    if (node !== 0 && node !== undefined) return describeUse(node, name);
    const refused = checkOptions(options);
    if (refused !== undefined) return refused;
    names.push(name);
  }
  return names;
}

function describeUse(node: unknown, name: string): string {
  return typeof node === "number" ? `use ${node} of ${name}` : `a use of ${name} that has no number`;
}

function readCall(call: unknown): readonly string[] | string {
  const { args, kwargs } = (call ?? {}) as { args?: unknown; kwargs?: unknown };
  const refused = checkOptions(kwargs);
  if (refused !== undefined) return refused;
  const names: string[] = [];
  for (const arg of listOf(args)) {
    // Layers that join, such as Concatenate, are called with a list.
    for (const tensor of Array.isArray(arg) ? (arg as unknown[]) : [arg]) {
      const { class_name: kind, config } = (tensor ?? {}) as { class_name?: unknown; config?: unknown };
      const { keras_history: history } = (config ?? {}) as { keras_history?: unknown };
      const [name, node] = listOf(history);
      if (kind !== "__keras_tensor__" || typeof name !== "string") return "a call with what is not a layer's output";
      if (node !== 0) return describeUse(node, name);
      names.push(name);
    }
  }
  return names;
}

/** `training: true` keeps dropout and augmentation on at inference; a tensor among the options is an input that would be lost. */
function checkOptions(options: unknown): string | undefined {
  for (const [name, value] of Object.entries(options ?? {})) {
    // Python takes 1 for true.
    if (name === "training" && typeof value !== "object" && Boolean(value))
      return `training: ${String(value).slice(0, 20)}`;
    if (typeof value === "object" && value !== null) return `a call with ${name}`;
  }
  return undefined;
}
