import { BtsbotError } from "@btsbot/errors";
import { formatJd } from "@btsbot/sky";
import type { Decision } from "../types.js";
import { priorityKey, priorityOf } from "./payload.js";
import { isSedm, SEDM_PRIORITIES } from "./sedmExposures.js";
import type { FollowUpRule, Payload, PriorityOrder, RequestRule } from "./types.js";

/** How long a request stands, days (skyportal/kowalski, alert_broker.py). */
const VALIDITY_DAYS = 7;

/** An observation that a decision asks for, before it is known whether it is needed. */
export interface Wish {
  /** The decision. */
  readonly decision: Decision;
  /** The rule that answers it. */
  readonly rule: FollowUpRule;
  /** The rule's request. */
  readonly request: RequestRule;
  /** The priority. */
  readonly priority: number;
  /** Which way the instrument counts. */
  readonly order: PriorityOrder;
  /** The form with priority and dates. */
  readonly payload: Payload;
  /** Groups that see the data. */
  readonly targetGroupIds: readonly number[];
}

/**
 * Fills a request's form in for a decision.
 *
 * @param decision - the decision
 * @param rule - the rule that answers it
 * @param request - its request
 * @param now - the time, JD, days UTC
 * @returns the wish
 * @throws BtsbotError `follow-up-invalid` if neither the form nor the decision has a usable priority, or SEDM's form does not
 * take it
 */
export function readWish(decision: Decision, rule: FollowUpRule, request: RequestRule, now: number): Wish {
  const { payload, priorityOrder: order = "asc", validityDays = VALIDITY_DAYS, targetGroupIds = [] } = request;
  const key = priorityKey(payload);
  // A policy's priorities rise with urgency: where the instrument's fall they say nothing.
  const priority = Object.hasOwn(payload, key)
    ? priorityOf(payload, order)
    : order === "asc"
      ? decision.priority
      : undefined;
  if (priority === undefined) {
    throw new BtsbotError("follow-up-invalid", "the request has no priority", {
      path: `${rule.policy}.request.payload.${key}`,
      expected: "a number",
      got: JSON.stringify(payload[key]) ?? "none",
      hint:
        order === "desc"
          ? "The policy's own priority cannot be used where 1 is the most urgent."
          : "Nor does the policy state one.",
    });
  }
  const [least, most] = SEDM_PRIORITIES;
  if (isSedm(request) && !(priority >= least && priority <= most)) {
    throw new BtsbotError("follow-up-invalid", "SEDM's form does not take this priority", {
      path: `${rule.policy}.request.payload.${key}`,
      expected: `a number from ${least} to ${most}`,
      got: String(priority),
    });
  }
  // An urgency is for at once.
  const dates: Payload = key === "priority" ? { start_date: dateOf(now), end_date: dateOf(now + validityDays) } : {};
  return {
    decision,
    rule,
    request,
    priority,
    order,
    payload: { ...dates, ...payload, [key]: priority },
    targetGroupIds: [...new Set([...rule.save.groupIds, ...targetGroupIds])],
  };
}

/** SEDM's form takes days (skyportal/skyportal, facility_apis/sedm.py). */
function dateOf(jd: number): string {
  return formatJd(jd, "day");
}
