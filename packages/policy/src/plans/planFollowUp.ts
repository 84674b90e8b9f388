import { JULIAN_DATES } from "@btsbot/sky";
import { BtsbotError, checkArgument, checkOptions } from "@btsbot/errors";
import type { OptionNames } from "@btsbot/errors";
import type { Decision } from "../types.js";
import { isMoreUrgent } from "./payload.js";
import { planRequest } from "./planRequest.js";
import { planSave } from "./planSave.js";
import { readWish } from "./readWish.js";
import type { Wish } from "./readWish.js";
import type { FollowUpAction, FollowUpRule, NoAction, SourceKnowledge } from "./types.js";

/** How a plan is made. */
export interface FollowUpOptions {
  /** What to do where which policy fires. */
  readonly rules: readonly FollowUpRule[];
  /** The time of the plan, JD, days UTC. */
  readonly now: number;
}

/** The names of {@link SourceKnowledge}: with `issued` misspelt, what was asked for would be asked for again. */
const SOURCE_KNOWLEDGE: OptionNames<SourceKnowledge> = {
  objectId: "string!",
  position: "object",
  exists: "boolean",
  savedTo: "list!",
  spectra: "number!",
  classifications: "list!",
  tns: { name: "string!", reportedJd: "number" },
  requests: "list!",
  assigned: "boolean",
  issued: "list",
};

/** The names of {@link FollowUpOptions}. */
const FOLLOW_UP_OPTIONS: OptionNames<FollowUpOptions> = { rules: "list!", now: "number!" };

/**
 * Plans what to do about a source: a pure function of what the policies decided, what is known and the
 * time. Saves come first, with their comments, then requests, the most urgent first.
 *
 * What several policies ask for is requested once, for the most urgent of
 * them. What exists already is not asked for again: a request of the same allocation, for some of the
 * same groups, whose form covers the new one, is raised if it is open and less urgent; otherwise nothing
 * is done, unless it failed more than 12 h ago. A spectrum, a human classification or a name on TNS
 * other than AT stops requests and raises, never saves. `docs/follow-up.md` tells where real systems
 * do otherwise.
 *
 * Plans made at once from the same knowledge bear the same keys, and what was `issued` is not planned
 * again. So plan as often as you like, from what every policy says by now ({@link decisionOf}) rather
 * than from what the last alert changed: what could not be raised while it was on its way is raised then.
 *
 * @param decisions - of this source, by any policies; a `trigger` saves as well, one that is `revised`
 * asks for nothing
 * @param knowledge - what is known of the source
 * @param options - the rules and the time
 * @returns the actions in the order in which they are to be sent, with a reason for each thing not done
 * @throws BtsbotError `policy-source-mismatch` if a decision and the knowledge are of different sources;
 * `follow-up-invalid` if a request has no priority, rules of one allocation count in opposite orders, or `now` is not a Julian date
 *
 * @example
 * ```ts
 * import { planFollowUp } from "@btsbot/policy";
 *
 * const decision = { policy: "bts_p1", objectId: "ZTF23abhvlji", action: "trigger", priority: 1, candid: 2n, jd: 2460222.943, reasons: [], alerts: [] } as const;
 * const knowledge = { objectId: "ZTF23abhvlji", savedTo: [], spectra: 0, classifications: [], requests: [] };
 * const rules = [{
 *   policy: "bts_p1",
 *   save: { groupIds: [41] },
 *   request: { instrument: "SEDM", allocationId: 7, payload: { observation_type: "IFU" } },
 * }];
 * const actions = planFollowUp([decision], knowledge, { rules, now: 2460223 });
 * actions.map((action) => action.kind === "none" ? action.code : action.key);
 * // => ["ZTF23abhvlji/save/41", "ZTF23abhvlji/request/SEDM/7/observation_type=IFU/0"]
 *
 * const later = { ...knowledge, savedTo: [41], spectra: 1 };
 * planFollowUp([decision], later, { rules, now: 2460224 }).map((action) => action.kind === "none" && action.code);
 * // => ["already-saved", "spectrum"]
 * ```
 */
export function planFollowUp(
  decisions: readonly Decision[],
  knowledge: SourceKnowledge,
  options: FollowUpOptions,
): FollowUpAction[] {
  checkOptions("planFollowUp", options, FOLLOW_UP_OPTIONS);
  checkOptions("planFollowUp", knowledge, SOURCE_KNOWLEDGE);
  checkArgument("planFollowUp", "decisions", decisions, "list");
  const { rules, now } = options;
  checkNow(now);
  checkOrders(rules);
  const answered = decisions.flatMap((decision) => {
    checkSource(decision, knowledge);
    return rules
      .filter(({ policy }) => policy === decision.policy && !decision.revised)
      .map((rule) => ({ decision, rule }));
  });
  const wishes = answered.flatMap(({ decision, rule }) =>
    decision.action === "trigger" && rule.request ? [readWish(decision, rule, rule.request, now)] : [],
  );
  const actions: FollowUpAction[] = [];
  for (const { decision, rule } of answered) actions.push(...planSave(decision, rule, knowledge, actions));
  for (const wish of wishes.sort(byUrgency)) actions.push(...planRequest(wish, knowledge, now, actions));
  return [...decisions.flatMap((decision) => unanswered(decision, rules)), ...withoutIssued(actions, knowledge)];
}

/** The more urgent first, of those that can be compared: wishes of one allocation count in one order. */
function byUrgency(a: Wish, b: Wish): number {
  if (a.request.allocationId !== b.request.allocationId || a.priority === b.priority) return 0;
  return isMoreUrgent(a.priority, b.priority, a.order) ? -1 : 1;
}

function unanswered({ policy, objectId, revised }: Decision, rules: readonly FollowUpRule[]): NoAction[] {
  const none = { kind: "none", instead: "save", objectId, policy } as const;
  if (revised)
    return [{ ...none, code: "revised", reasons: ["the policy had fired before, and only the moment moved"] }];
  if (rules.some((rule) => rule.policy === policy)) return [];
  return [{ ...none, code: "no-rule", reasons: ["no rule answers this policy"] }];
}

/** What was sent is not sent again, and a comment goes with what it is about. */
function withoutIssued(actions: readonly FollowUpAction[], { issued = [] }: SourceKnowledge): FollowUpAction[] {
  return actions.map((action) => {
    if (action.kind === "none") return action;
    const sent = issued.includes(action.key) || (action.kind === "comment" && issued.includes(action.after));
    if (!sent) return action;
    const { objectId, policy, key, kind } = action;
    return { kind: "none", instead: kind, objectId, policy, code: "already-issued", reasons: [`sent before: ${key}`] };
  });
}

function checkSource({ objectId, policy }: Decision, knowledge: SourceKnowledge): void {
  if (objectId === knowledge.objectId) return;
  throw new BtsbotError("policy-source-mismatch", "the decision and the knowledge are of different sources", {
    path: policy,
    expected: knowledge.objectId,
    got: objectId,
  });
}

/** A modified Julian date, or milliseconds, would end in a form that asks for another century. */
function checkNow(now: number): void {
  if (now >= JULIAN_DATES[0] && now < JULIAN_DATES[1]) return;
  throw new BtsbotError("follow-up-invalid", "the time of the plan is not a Julian date", {
    path: "now",
    expected: "a Julian date, days UTC",
    got: String(now),
  });
}

function checkOrders(rules: readonly FollowUpRule[]): void {
  const orders = new Map<number, string>();
  for (const { policy, request } of rules) {
    if (request === undefined) continue;
    const { allocationId, priorityOrder = "asc" } = request;
    const known = orders.get(allocationId) ?? priorityOrder;
    orders.set(allocationId, known);
    if (known !== priorityOrder) {
      throw new BtsbotError("follow-up-invalid", "rules of one allocation count priorities in opposite orders", {
        path: `${policy}.request.priorityOrder`,
        expected: known,
        got: priorityOrder,
      });
    }
  }
}
