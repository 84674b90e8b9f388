import type { Comparison, Condition } from "./types.js";

const FORM = /^\s*([A-Za-z_]\w*(?:\.\w+)?)\s*(>=|<=|==|!=|>|<)\s*(.+?)\s*$/;

/**
 * Reads a condition as people write it.
 *
 * @param text - field, comparison and a JSON value, such as `score >= 0.5` or `programpi != "Prince"`
 * @returns the condition, or undefined if the text is not a condition
 */
export function readCondition(text: string): Condition | undefined {
  const [, field, is, right] = FORM.exec(text) ?? [];
  if (field === undefined) return undefined;
  const value = readConstant(right);
  return value === undefined ? undefined : { field, is: is as Comparison, value };
}

function readConstant(text: string): Condition["value"] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "number" || typeof value === "string" || typeof value === "boolean" ? value : undefined;
  } catch {
    return undefined;
  }
}
