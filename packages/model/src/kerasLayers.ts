import { BtsbotError } from "@btsbot/errors";
import type { Problem } from "@btsbot/errors";
import type { Activation, Layer, Padding } from "./types.js";

/**
 * A layer as Keras 2 writes it.
 *
 * @internal
 */
export interface KerasLayer {
  readonly class_name: string;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>> & { readonly name?: string };
  readonly inbound_nodes?: unknown;
}

const ACTIVATIONS: readonly string[] = ["linear", "relu", "sigmoid", "softmax", "tanh"] satisfies Activation[];
const PADDINGS: readonly string[] = ["same", "valid"] satisfies Padding[];

/** Options that change what a layer computes and that only one value of is known here. */
const FIXED: Readonly<Record<string, readonly string[]>> = {
  data_format: ["channels_last"],
  dilation_rate: ["1,1"],
  groups: ["1"],
  center: ["true"],
  scale: ["true"],
};

/**
 * Reads one layer, or says everything in it that is not supported.
 *
 * @internal
 */
export function readKerasLayer(keras: KerasLayer): { layer?: Layer; problems: Problem[] } {
  const config = new ConfigReader(keras);
  const layer = readLayer(keras, config);
  for (const [option, allowed] of Object.entries(FIXED)) {
    if (keras.config[option] !== undefined) config.oneOf(option, allowed);
  }
  return config.problems.length > 0 ? { problems: config.problems } : { layer, problems: [] };
}

function readLayer(keras: KerasLayer, config: ConfigReader): Layer | undefined {
  const base = { name: String(keras.config.name ?? keras.name), inputs: config.inputs() };
  const activation = () => config.oneOf("activation", ACTIVATIONS) as Activation;
  const padding = () => config.oneOf("padding", PADDINGS) as Padding;
  const useBias = () => keras.config.use_bias !== false;
  const window = (option: string) => ({ [option === "pool_size" ? "poolSize" : "kernelSize"]: config.pair(option) });
  const convolution = () => ({
    ...(window("kernel_size") as { kernelSize: [number, number] }),
    filters: config.number("filters"),
    strides: config.pair("strides"),
    padding: padding(),
    activation: activation(),
    useBias: useBias(),
  });
  switch (keras.class_name) {
    case "Conv2D":
      return { type: "conv2d", ...base, ...convolution() };
    case "SeparableConv2D":
      return { type: "separableConv2d", ...base, ...convolution(), depthMultiplier: config.number("depth_multiplier") };
    case "MaxPooling2D":
      return {
        type: "maxPooling2d",
        ...base,
        ...(window("pool_size") as { poolSize: [number, number] }),
        strides: config.pair("strides"),
        padding: padding(),
      };
    case "GlobalAveragePooling2D":
      return { type: "globalAveragePooling2d", ...base };
    case "Flatten":
      return { type: "flatten", ...base };
    case "Dense":
      return { type: "dense", ...base, units: config.number("units"), activation: activation(), useBias: useBias() };
    case "Activation":
      return { type: "activation", ...base, activation: activation() };
    case "Dropout":
      return { type: "dropout", ...base, rate: config.number("rate") };
    case "BatchNormalization":
      return {
        type: "batchNormalization",
        ...base,
        epsilon: config.number("epsilon"),
        momentum: config.number("momentum"),
      };
    case "Concatenate":
      return { type: "concatenate", ...base };
    case "ZeroPadding2D":
      return { type: "zeroPadding2d", ...base, padding: config.padding() };
    case "BtsbotClip":
      return { type: "clip", ...base, bounds: config.bounds() };
    case "BtsbotStandardize":
      return { type: "standardize", ...base };
    case "BtsbotRotations":
      return { type: "rotations", ...base };
    case "BtsbotCyclicPooling":
      return { type: "cyclicPooling", ...base };
    default:
      config.unsupported("class_name", "a layer that is known here", keras.class_name);
      return undefined;
  }
}

/** Reads options and gathers what is wrong with them. */
class ConfigReader {
  readonly problems: Problem[] = [];

  constructor(private readonly keras: KerasLayer) {}

  unsupported(option: string, expected: string, got: unknown): void {
    const path = `${this.keras.config.name ?? this.keras.name}.${option}`;
    this.problems.push(BtsbotError.problem("layer-unsupported", "not supported", { path, expected, got: String(got) }));
  }

  number(option: string): number {
    const value = this.keras.config[option];
    if (typeof value !== "number") this.unsupported(option, "a number", value);
    return Number(value);
  }

  /** Two numbers; a SavedModel writes tuples as objects with `items`. */
  pair(option: string): [number, number] {
    const items = tuple(this.keras.config[option]);
    if (items.length !== 2 || !items.every((item) => typeof item === "number"))
      this.unsupported(option, "two numbers", items);
    return [Number(items[0]), Number(items[1])];
  }

  /** Zeros on each side of an image: `[[top, bottom], [left, right]]`. */
  padding(): [[number, number], [number, number]] {
    const sides = tuple(this.keras.config.padding).map(tuple);
    const fits =
      sides.length === 2 && sides.every((side) => side.length === 2 && side.every((size) => typeof size === "number"));
    if (!fits) this.unsupported("padding", "two pairs of numbers", JSON.stringify(this.keras.config.padding));
    return sides as [[number, number], [number, number]];
  }

  /** Pairs of a least and a greatest value, either of which may be null. */
  bounds(): [number | null, number | null][] {
    const bounds = tuple(this.keras.config.bounds).map(tuple);
    const isBound = (bound: unknown) => bound === null || typeof bound === "number";
    const fits = bounds.length > 0 && bounds.every((pair) => pair.length === 2 && pair.every(isBound));
    if (!fits) this.unsupported("bounds", "pairs of numbers or null", JSON.stringify(this.keras.config.bounds));
    return bounds as [number | null, number | null][];
  }

  oneOf(option: string, allowed: readonly string[]): string {
    const value = this.keras.config[option];
    const text = typeof value === "object" ? String(tuple(value)) : String(value);
    if (!allowed.includes(text)) this.unsupported(option, allowed.join(" or "), text);
    return text;
  }

  /** Names of the layers read: `[[["conv1", 0, 0, {}], ...]]`, one node only (a layer used once). */
  inputs(): string[] {
    const nodes = this.keras.inbound_nodes;
    const node = Array.isArray(nodes) && nodes.length === 1 ? (nodes[0] as unknown) : undefined;
    if (!Array.isArray(node) || !node.every(Array.isArray)) {
      this.unsupported("inbound_nodes", "a layer used once", JSON.stringify(nodes));
      return [];
    }
    return node.map((connection) => String((connection as unknown[])[0]));
  }
}

function tuple(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  const items = (value as { items?: unknown } | null | undefined)?.items;
  return Array.isArray(items) ? items : [];
}
