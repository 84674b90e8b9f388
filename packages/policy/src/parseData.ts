import { BtsbotError } from "@btsbot/errors";
import type { ErrorCode } from "@btsbot/errors";
import type * as z from "zod";
import { describeIssue } from "./describeIssue.js";

/**
 * Checks plain data by its schema.
 *
 * @param schema - the schema
 * @param value - the data
 * @param code - the code of what is wrong with it
 * @param what - what the data are, for people, such as `"the policy"`
 * @returns the data as the schema gives them
 * @throws BtsbotError `code`, with a problem for each place that is wrong
 */
export function parseData<T>(schema: z.ZodType<T>, value: unknown, code: ErrorCode, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new BtsbotError(
    result.error.issues.map((issue) => {
      const found = issue.path.reduce<unknown>(
        (at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key],
        value,
      );
      const { summary, ...details } = describeIssue(issue, found);
      return BtsbotError.problem(code, `${what} is not valid: ${summary}`, {
        ...(issue.path.length > 0 && { path: issue.path.join(".") }),
        ...details,
      });
    }),
  );
}
