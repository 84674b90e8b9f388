import { BtsbotError } from "@btsbot/errors";
import type { Problem } from "@btsbot/errors";
import { listOf, readInboundNodes } from "./kerasNodes.js";

/**
 * A layer as Keras writes it.
 *
 * @internal
 */
export interface KerasLayer {
  readonly class_name: string;
  readonly name?: string;
  readonly config: Readonly<Record<string, unknown>> & { readonly name?: string };
  readonly inbound_nodes?: unknown;
  /** The package of its class, as Keras 3 writes it. */
  readonly module?: unknown;
  /** The name under which a class that is not Keras's own was registered. */
  readonly registered_name?: unknown;
}

/** The packages of Keras's own classes. */
const OWN_MODULE = /^(?:keras|tf_keras|tensorflow)(?:\.|$)/;

/** Characters of a value that a message shows. */
const MOST_SHOWN = 120;

/**
 * The layer's name.
 *
 * @internal
 */
export function nameOf({ config, name }: KerasLayer): string {
  return config.name ?? name ?? "";
}

/**
 * Whose class a layer is, where it is not Keras's own: a class of that name may compute anything. Files of
 * Keras 2 do not say.
 *
 * Source: keras/src/saving/serialization_lib.py, serialize_with_public_class: own classes have a module of Keras
 * and no registered name.
 *
 * @internal
 */
export function foreignClass({
  class_name: kind,
  module,
  registered_name: registered,
}: KerasLayer): string | undefined {
  if (typeof registered === "string" && registered.includes(">")) return registered.slice(0, MOST_SHOWN);
  if (typeof module !== "string" || OWN_MODULE.test(module)) return undefined;
  return `${module}.${kind}`.slice(0, MOST_SHOWN);
}

/**
 * Reads a layer's options and gathers what is wrong with them.
 *
 * @internal
 */
export class OptionReader {
  readonly problems: Problem[] = [];

  constructor(private readonly keras: KerasLayer) {}

  unsupported(option: string, expected: string, got: unknown): void {
    const path = `${nameOf(this.keras)}.${option}`;
    this.problems.push(BtsbotError.problem("layer-unsupported", "not supported", { path, expected, got: textOf(got) }));
  }

  /** A finite number. */
  number(option: string): number {
    const value = this.keras.config[option];
    if (typeof value === "number" && Number.isFinite(value)) return value;
    this.unsupported(option, "a number", value);
    return 0;
  }

  /** Two numbers, or one for both. */
  pair(option: string): [number, number] {
    const value = this.keras.config[option];
    const items = typeof value === "number" ? [value, value] : listOf(value);
    if (items.length === 2 && items.every((item) => typeof item === "number")) return [items[0], items[1]];
    this.unsupported(option, "two numbers", value);
    return [0, 0];
  }

  /** Zeros on each side of an image: `[[top, bottom], [left, right]]`. */
  padding(): [[number, number], [number, number]] {
    const sides = listOf(this.keras.config.padding).map(listOf);
    const fits =
      sides.length === 2 && sides.every((side) => side.length === 2 && side.every((size) => typeof size === "number"));
    if (!fits) this.unsupported("padding", "two pairs of numbers", this.keras.config.padding);
    return sides as unknown as [[number, number], [number, number]];
  }

  /** Pairs of a least and a greatest value, either of which may be null. */
  bounds(): [number | null, number | null][] {
    const bounds = listOf(this.keras.config.bounds).map(listOf);
    const isBound = (bound: unknown) => bound === null || typeof bound === "number";
    const fits = bounds.length > 0 && bounds.every((pair) => pair.length === 2 && pair.every(isBound));
    if (!fits) this.unsupported("bounds", "pairs of numbers or null", this.keras.config.bounds);
    return bounds as unknown as [number | null, number | null][];
  }

  /** One number, or one for each channel. */
  channels(option: string, absent: number): readonly number[] {
    const value = this.keras.config[option] ?? absent;
    const items = typeof value === "number" ? [value] : listOf(value).flatMap((item) => [item].flat<unknown[], 4>(4));
    if (items.length > 0 && items.every((item) => typeof item === "number" && Number.isFinite(item)))
      return items as number[];
    this.unsupported(option, "a number, or one for each channel", value);
    return [absent];
  }

  oneOf(option: string, allowed: readonly string[]): string {
    const value = this.keras.config[option];
    const text = plainName(value);
    if (!allowed.includes(text)) this.unsupported(option, allowed.join(" or "), text);
    return text;
  }

  /** Names of the layers that it reads. */
  inputs(): readonly string[] {
    const node = readInboundNodes(this.keras.inbound_nodes);
    if (Array.isArray(node)) return node as readonly string[];
    this.unsupported("inbound_nodes", "a layer used once, as in inference", node);
    return [];
  }
}

/** What an option is called: a text, a list of numbers, or a function as Keras 3 may write it. */
function plainName(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  const { class_name: kind, config } = value as { class_name?: unknown; config?: unknown };
  if (kind === "function" && typeof config === "string") return config;
  const items = listOf(value);
  return items.length > 0 && items.every((item) => typeof item !== "object") ? items.join(",") : textOf(value);
}

function textOf(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "nothing");
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}...` : text;
}
