import { BtsbotError } from "@btsbot/errors";
import type { Problem } from "@btsbot/errors";
import type { PacketFields } from "../surveys/Survey.js";

/** Problems of an alert after which no more are gathered: a list of any length may be wrong in every entry. */
const MOST_PROBLEMS = 100;

/** Whether a value can be a record. */
export function isRecord(value: unknown): value is PacketFields {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

/** A field that must be there. */
export function missing(path: string, expected: string, value: unknown, hint?: string): Problem {
  return BtsbotError.problem("alert-invalid", "a field that every alert needs is missing", {
    path,
    expected,
    got: describeValue(value),
    hint,
  });
}

/** A field that holds something else. */
export function wrong(path: string, expected: string, value: unknown): Problem {
  return BtsbotError.problem("alert-invalid", "the field is of the wrong type", {
    path,
    expected,
    got: describeValue(value),
  });
}

/** Whether enough is wrong with an alert. */
export function isFull(problems: readonly Problem[]): boolean {
  return problems.length >= MOST_PROBLEMS;
}

/** A value in a few words. */
export function describeValue(value: unknown): string {
  if (value === null) return "null";
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === "object") return "an object";
  if (typeof value === "function" || typeof value === "symbol") return `a ${typeof value}`;
  return `${typeof value} ${value as number | bigint | boolean}`;
}
