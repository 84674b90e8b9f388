import { parseData, toSafe } from "@btsbot/errors";
import type { SafeResult } from "@btsbot/errors";
import * as z from "zod";
import type { FollowUpRule, JsonValue, Payload } from "./types.js";

const id = z.int().min(0);
const json: z.ZodType<JsonValue> = z.json();
const payload: z.ZodType<Payload> = z.record(z.string(), json);

const rulesSchema: z.ZodType<FollowUpRule[]> = z.array(
  z.strictObject({
    policy: z.string().min(1),
    save: z.strictObject({
      groupIds: z.array(id).min(1),
      comment: z.string().min(1).exactOptional(),
      ignoreGroupIds: z.array(id).exactOptional(),
    }),
    request: z
      .strictObject({
        instrument: z.string().min(1),
        allocationId: id,
        payload,
        priorityOrder: z.enum(["asc", "desc"]).exactOptional(),
        targetGroupIds: z.array(id).exactOptional(),
        ignoreAllocationIds: z.array(id).exactOptional(),
        validityDays: z.number().positive().max(3650).exactOptional(),
        notIfTnsReportedHours: z.number().min(0).exactOptional(),
        notIfAssigned: z.boolean().exactOptional(),
        canRaise: z.boolean().exactOptional(),
        comment: z.string().min(1).exactOptional(),
      })
      .exactOptional(),
  }),
);

/**
 * Reads the rules of follow-up from plain data, such as JSON.
 *
 * @param data - a list of rules; fields that no rule has are refused, as they may be misspelt
 * @returns the rules, which read back as themselves
 * @throws BtsbotError `follow-up-invalid`, with a problem for each place that is wrong
 *
 * @example
 * ```ts
 * import { parseFollowUpRules } from "@btsbot/policy";
 *
 * parseFollowUpRules(JSON.parse('[{"policy":"gt1","save":{"groupIds":[41]}}]')); // => [{ policy: "gt1", save: { groupIds: [41] } }]
 * ```
 */
export function parseFollowUpRules(data: unknown): FollowUpRule[] {
  return parseData(rulesSchema, data, "follow-up-invalid", "the follow-up rule");
}

/**
 * {@link parseFollowUpRules} that returns its error.
 *
 * @param data - as there
 * @returns the rules or the error
 *
 * @example
 * ```ts
 * import { safeParseFollowUpRules } from "@btsbot/policy";
 *
 * const result = safeParseFollowUpRules([{ policy: "gt1", save: { groupIds: [] } }]);
 * result.success ? "" : result.error.path; // => "[0].save.groupIds"
 * ```
 */
export function safeParseFollowUpRules(data: unknown): SafeResult<FollowUpRule[]> {
  return toSafe(() => parseFollowUpRules(data));
}
