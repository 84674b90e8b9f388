import { setField } from "./setField.js";

/**
 * An object of fields by their names, in their order. `Object.fromEntries` would need a list for each, which takes four
 * times the memory, and as much time.
 */
export function toFields(names: readonly string[], valueOf: (name: string) => unknown): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const name of names) setField(fields, name, valueOf(name));
  return fields;
}
