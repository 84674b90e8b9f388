import { BtsbotError } from "@btsbot/errors";
import { listOf } from "./kerasNodes.js";
import { nameOf } from "./kerasOptions.js";
import type { KerasLayer } from "./kerasOptions.js";

/** Levels that a configuration may nest: those that Keras writes have ten. What walks deeper into one would run out of stack. */
const MAX_DEPTH = 64;

/** Layers of the largest network that is read: hundreds are many in this field, and order is found by looking at all. */
const MAX_LAYERS = 2000;

/**
 * The layers of a Keras configuration, each with what it reads, and what comes out.
 *
 * @internal
 */
export interface KerasNetwork {
  readonly layers: readonly KerasLayer[];
  /** The layer that gives the output; undefined where there are several, or none. */
  readonly output: string | undefined;
}

/**
 * Reads the frame of a Keras configuration: Functional as Keras 2 and 3 write it, Sequential turned into
 * the same.
 *
 * @throws BtsbotError `model-invalid` if it is not one of such a model
 *
 * @internal
 */
export function readKerasNetwork(value: unknown): KerasNetwork {
  checkDepth(value);
  const { class_name: kind, config } = (value ?? {}) as { class_name?: unknown; config?: unknown };
  const {
    layers: listed,
    output_layers: outputs,
    build_input_shape: shape,
  } = (config ?? {}) as Record<string, unknown>;
  // Keras before 2.3 wrote a Sequential model's layers without anything around them.
  const layers: unknown = kind === "Sequential" && Array.isArray(config) ? config : listed;
  if ((kind !== "Functional" && kind !== "Model" && kind !== "Sequential") || !Array.isArray(layers)) {
    throw new BtsbotError("model-invalid", "not the configuration of a Keras model, Functional or Sequential", {
      expected: "class_name Functional or Sequential with layers",
      got: `class_name ${describe(kind)}`,
    });
  }
  if (layers.length > MAX_LAYERS) {
    const [expected, got] = [`at most ${MAX_LAYERS}`, String(layers.length)];
    throw new BtsbotError("model-invalid", "too many layers", { path: "layers", expected, got });
  }
  const broken = layers.findIndex((layer) => !isLayer(layer));
  if (broken >= 0) {
    throw new BtsbotError("model-invalid", "not a layer", {
      path: `layers[${broken}]`,
      expected: "class_name and config, a name that is a text",
    });
  }
  return kind === "Sequential" ? chain(layers as KerasLayer[], shape) : { layers, output: outputName(outputs) };
}

/** Depth first, so that what goes round in a circle ends too. */
function checkDepth(config: unknown): void {
  const waiting: [value: unknown, depth: number][] = [[config, 0]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [value, depth] = next;
    if (typeof value !== "object" || value === null) continue;
    if (depth >= MAX_DEPTH) {
      const expected = `at most ${MAX_DEPTH} levels`;
      throw new BtsbotError("model-invalid", "the configuration nests too deeply", { expected });
    }
    for (const inner of Object.values(value)) waiting.push([inner, depth + 1]);
  }
}

function describe(kind: unknown): string {
  return typeof kind === "string" ? kind.slice(0, 100) : typeof kind;
}

function isLayer(value: unknown): boolean {
  const { class_name: kind, config, name } = (value ?? {}) as Partial<KerasLayer>;
  if (typeof kind !== "string" || typeof config !== "object" || (config as unknown) === null) return false;
  return typeof (config.name ?? name) === "string";
}

/** `[["out", 0, 0]]`, or, as Keras 3 writes a single one, `["out", 0, 0]`. */
function outputName(outputs: unknown): string | undefined {
  const list = listOf(outputs);
  const one = list.length === 1 ? listOf(list[0]) : list;
  return typeof one[0] === "string" ? one[0] : undefined;
}

/** A Sequential model as a Functional one: each layer reads the one before it, the first an input. */
function chain(layers: readonly KerasLayer[], built: unknown): KerasNetwork {
  const first = layers.at(0);
  const shape = first?.config.batch_input_shape ?? first?.config.batch_shape ?? built;
  const name = listOf(shape).length === 4 ? "triplet" : "metadata";
  const input: KerasLayer = { class_name: "InputLayer", name, config: { name, batch_input_shape: shape } };
  const all = first?.class_name === "InputLayer" ? layers : [input, ...layers];
  return {
    layers: all.map((layer, place) =>
      place === 0 ? layer : { ...layer, inbound_nodes: [[[nameOf(all[place - 1]), 0, 0, {}]]] },
    ),
    output: nameOf(all[all.length - 1]),
  };
}
