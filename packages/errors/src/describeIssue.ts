import { countOf } from "./countOf.js";
import type { ProblemDetails } from "./BtsbotError.js";

/** What a schema finds wrong with a value, as zod says it: the parts that are read here. */
export interface SchemaIssue {
  /** Its kind, such as `invalid_type`. */
  readonly code: string;
  /** What the schema says of it. */
  readonly message: string;
  /** Where it is: keys of objects, indices of lists. */
  readonly path: readonly PropertyKey[];
  /** Of `unrecognized_keys`: the keys. */
  readonly keys?: readonly string[];
  /** Of `too_big`: the limit. */
  readonly maximum?: number | bigint;
  /** Of `too_small`: the limit. */
  readonly minimum?: number | bigint;
  /** Whether the limit itself is allowed. */
  readonly inclusive?: boolean;
  /** What the limit is a number of. */
  readonly origin?: string;
  /** Of `invalid_value`: what may stand there. */
  readonly values?: readonly unknown[];
  /** Of `invalid_type`: the type. */
  readonly expected?: string;
}

/** What a schema finds wrong, in the words of this house. */
export interface DescribedIssue extends Pick<ProblemDetails, "expected" | "got"> {
  /** What is wrong, without what was expected and what is there. */
  readonly summary: string;
}

const OWN_WORDS = /^(Invalid|Too|Unrecognized)/;

/**
 * Says what is wrong with a value. A schema's own message stands as it is.
 *
 * @param issue - what its schema found
 * @param value - what is there
 * @returns the words; none for a union, of which each form has issues of its own
 *
 * @example
 * ```ts
 * import { countOf, describeIssue } from "@btsbot/errors";
 *
 * describeIssue({ code: "too_big", message: "Too big", path: [], origin: "number", maximum: 1, inclusive: true }, 3).expected; // => "at most 1"
 * ```
 */
export function describeIssue(issue: SchemaIssue, value: unknown): DescribedIssue {
  const got = show(value);
  if (!OWN_WORDS.test(issue.message)) return { summary: issue.message, got };
  switch (issue.code) {
    case "unrecognized_keys": {
      const { keys = [] } = issue;
      return {
        summary: `unknown ${keys.length === 1 ? "field" : "fields"} ${keys.map((key) => JSON.stringify(key)).join(", ")}`,
        got,
      };
    }
    case "too_big":
      return {
        summary: "too large",
        expected: `${issue.inclusive === false ? "less than" : "at most"} ${countIn(issue.maximum!, issue.origin)}`,
        got,
      };
    case "too_small":
      return {
        summary: "too small",
        expected: `${issue.inclusive === false ? "more than" : "at least"} ${countIn(issue.minimum!, issue.origin)}`,
        got,
      };
    case "invalid_value":
      return {
        summary: "not an allowed value",
        expected: `${issue.values!.length > 1 ? "one of " : ""}${issue.values!.map(String).join(", ")}`,
        got,
      };
    case "invalid_type":
      return {
        summary: value === undefined ? "it is missing" : "it has the wrong type",
        expected: TYPES[issue.expected!] ?? issue.expected!,
        got,
      };
    default:
      return { summary: issue.message, got };
  }
}

const TYPES: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "an integer",
  boolean: "true or false",
  array: "a list",
  object: "an object",
};

/** A limit, with what it is a number of. */
function countIn(limit: number | bigint, origin: string | undefined): string {
  if (origin !== "string" && origin !== "array") return String(limit);
  return origin === "string" ? countOf(Number(limit), "character") : countOf(Number(limit), "entry", "entries");
}

function show(value: unknown): string {
  return (JSON.stringify(value) ?? "nothing").slice(0, 60);
}
