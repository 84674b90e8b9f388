import type { EntryKind } from "@btsbot/decide";
import { BtsbotError } from "@btsbot/errors";
import type { StreamConfig } from "./parseStreamConfig.js";

/**
 * The topics that are read: by name, or by a pattern.
 *
 * @throws BtsbotError `config-invalid` for a pattern that is not a regular expression
 *
 * @internal
 */
export function topicsOf({ input: { topics, pattern } }: StreamConfig): readonly string[] | RegExp {
  if (topics !== undefined) return topics;
  try {
    return new RegExp(pattern ?? "");
  } catch (cause) {
    throw new BtsbotError("config-invalid", "the pattern of topics is not a regular expression", {
      path: "input.pattern",
      got: (cause as Error).message,
      cause,
    });
  }
}

/**
 * Whether a topic is read.
 *
 * @internal
 */
export function isWanted(config: StreamConfig, name: string): boolean {
  const topics = topicsOf(config);
  return topics instanceof RegExp ? topics.test(name) : topics.includes(name);
}

/**
 * Where what goes, by kind of entry.
 *
 * @internal
 */
export function outputsOf({ output: { alerts, decisions, failures } }: StreamConfig): Map<EntryKind, string> {
  const outputs = new Map<EntryKind, string>();
  if (alerts) outputs.set("alert", alerts.topic);
  if (decisions) outputs.set("decision", decisions.topic);
  if (failures) outputs.set("failure", failures.topic);
  return outputs;
}
