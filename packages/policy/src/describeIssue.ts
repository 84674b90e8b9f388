import type { ProblemDetails } from "@btsbot/errors";
import type * as z from "zod";

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
 * @returns the words; no union's, of which each form has issues of its own
 */
export function describeIssue(issue: z.core.$ZodIssue, value: unknown): DescribedIssue {
  const got = show(value);
  if (!OWN_WORDS.test(issue.message)) return { summary: issue.message, got };
  switch (issue.code) {
    case "unrecognized_keys":
      return {
        summary: `unknown ${issue.keys.length === 1 ? "field" : "fields"} ${issue.keys.map((key) => JSON.stringify(key)).join(", ")}`,
      };
    case "too_big":
      return {
        summary: "too large",
        expected: `${issue.inclusive === false ? "less than" : "at most"} ${countIn(issue.maximum, issue.origin)}`,
        got,
      };
    case "too_small":
      return {
        summary: "too small",
        expected: `${issue.inclusive === false ? "more than" : "at least"} ${countIn(issue.minimum, issue.origin)}`,
        got,
      };
    case "invalid_value":
      return {
        summary: "not a value that may stand here",
        expected: `${issue.values.length > 1 ? "one of " : ""}${issue.values.map(String).join(", ")}`,
        got,
      };
    case "invalid_type":
      return {
        summary: value === undefined ? "it is missing" : "it is of another type",
        expected: TYPES[issue.expected] ?? issue.expected,
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
function countIn(limit: number | bigint, origin: string): string {
  if (origin !== "string" && origin !== "array") return String(limit);
  const [one, more] = origin === "string" ? ["character", "characters"] : ["entry", "entries"];
  return `${limit} ${Number(limit) === 1 ? one : more}`;
}

function show(value: unknown): string {
  return (JSON.stringify(value) ?? "nothing").slice(0, 60);
}
