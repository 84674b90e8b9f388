import { BtsbotError } from "./BtsbotError.js";
import type { ErrorCode } from "./codes.js";
import { describeIssue } from "./describeIssue.js";
import type { SchemaIssue } from "./describeIssue.js";

/** What checks plain data: a schema of zod is one. */
export interface DataSchema<T> {
  /** Gives the data as the schema has them, or everything that is wrong with them. */
  safeParse(value: unknown):
    | {
        /** The data are as the schema says. */
        readonly success: true;
        /** The data, as the schema gives them. */
        readonly data: T;
      }
    | {
        /** They are not. */
        readonly success: false;
        /** What is wrong with them. */
        readonly error: {
          /** One entry for each place. */
          readonly issues: readonly SchemaIssue[];
        };
      };
}

/**
 * Checks plain data by its schema, and says everything that is wrong with them at once, each with its place.
 *
 * @param schema - the schema
 * @param value - the data
 * @param code - the code of what is wrong with them
 * @param what - what the data are, for people, such as `"the policy"`
 * @returns the data as the schema gives them
 * @throws BtsbotError `code`, with a problem for each place that is wrong
 *
 * @example
 * ```ts
 * import { parseData } from "@btsbot/errors";
 * import * as z from "zod";
 *
 * parseData(z.object({ score: z.number() }), { score: 0.9 }, "policy-invalid", "the policy").score; // => 0.9
 * ```
 */
export function parseData<T>(schema: DataSchema<T>, value: unknown, code: ErrorCode, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new BtsbotError(
    result.error.issues.flatMap(separateKeys).map((issue) => {
      const { summary, ...details } = describeIssue(issue, lookUp(value, issue.path));
      return BtsbotError.problem(code, `${what} is not valid: ${summary}`, {
        ...(issue.path.length > 0 && { path: writePath(issue.path) }),
        ...details,
      });
    }),
  );
}

/** Each unknown key has a place of its own. */
function separateKeys(issue: SchemaIssue): SchemaIssue[] {
  if (issue.code !== "unrecognized_keys") return [issue];
  return (issue.keys ?? []).map((key) => ({ ...issue, keys: [key], path: [...issue.path, key] }));
}

function lookUp(value: unknown, path: SchemaIssue["path"]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], value);
}

/** `data[0].candidates`: keys by dots, indices in brackets. */
function writePath(path: SchemaIssue["path"]): string {
  return path
    .map((key, depth) => (typeof key === "number" ? `[${key}]` : `${depth === 0 ? "" : "."}${String(key)}`))
    .join("");
}
