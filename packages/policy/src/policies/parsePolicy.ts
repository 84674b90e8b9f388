import { parseData, toSafe } from "@btsbot/errors";
import type { SafeResult } from "@btsbot/errors";
import { policySchema } from "./policySchema.js";
import type { Policy } from "./types.js";

/**
 * Reads a policy from plain data, such as JSON. A condition may be a text, `"score >= 0.5"`, or an
 * object, `{ field: "score", is: ">=", value: 0.5 }`; what is returned has objects, and reads back as itself.
 *
 * @param data - the data; fields that no policy has are refused, as they may be misspelt
 * @returns the policy
 * @throws BtsbotError `policy-invalid`, with a problem for each place that is wrong
 *
 * @example
 * ```ts
 * import { parsePolicy } from "@btsbot/policy";
 *
 * const policy = parsePolicy(JSON.parse('{"name":"mine","action":"save","require":[{"count":2,"where":["score >= 0.9"]}]}'));
 * policy.require[0].where; // => [{ field: "score", is: ">=", value: 0.9 }]
 * parsePolicy(JSON.parse(JSON.stringify(policy))); // => policy
 * ```
 */
export function parsePolicy(data: unknown): Policy {
  return parseData(policySchema, data, "policy-invalid", "the policy");
}

/**
 * {@link parsePolicy} that returns its error.
 *
 * @param data - as there
 * @returns the policy or the error
 *
 * @example
 * ```ts
 * import { safeParsePolicy } from "@btsbot/policy";
 *
 * const result = safeParsePolicy({ name: "mine", action: "save", require: [] });
 * result.success ? "" : result.error.path; // => "require"
 * ```
 */
export function safeParsePolicy(data: unknown): SafeResult<Policy> {
  return toSafe(() => parsePolicy(data));
}
