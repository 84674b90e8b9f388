import {
  describePayload,
  isMoreUrgent,
  isOtherObservation,
  isSameForm,
  isSameRequest,
  priorityKey,
  priorityOf,
} from "./payload.js";
import {
  isRecent,
  objectionsOfOthers,
  objectionsToData,
  objectionsToRequest,
  objectionsToSave,
  tnsPrefix,
} from "./objections.js";
import type { Objection } from "./objections.js";
import type { Wish } from "./readWish.js";
import { isActive, isRejected, standingOf } from "./standingOf.js";
import type { Standing } from "./standingOf.js";
import type { FollowUpAction, KnownRequest, NoAction, RaiseAction, RequestAction, SourceKnowledge } from "./types.js";

/** Of requests for the same observation, the one that counts: one that gave data, then one that may still give some. */
const STANDINGS: readonly Standing[] = ["complete", "open", "deleted", "failed"];

/**
 * Plans one request: a new one, a higher priority for one that exists, or nothing with the reason.
 *
 * @param wish - what is asked for
 * @param knowledge - what is known of the source
 * @param now - the time, JD, days UTC
 * @param planned - the actions so far
 * @returns the request and its comment, the raise, or why not
 */
export function planRequest(
  wish: Wish,
  knowledge: SourceKnowledge,
  now: number,
  planned: readonly FollowUpAction[],
): FollowUpAction[] {
  const { request, rule } = wish;
  const plannedSame = planned.filter((action) => action.kind === "request").find((action) => isSame(action, wish));
  if (plannedSame !== undefined) {
    return [
      none(wish, [{ code: "already-planned", line: `this plan asks for it at priority ${plannedSame.priority}` }]),
    ];
  }
  const needless = [...objectionsToSave(rule, knowledge), ...objectionsToData(knowledge)];
  const same = knowledge.requests.filter((existing) => isSameRequest(existing, request, wish.targetGroupIds));
  const blocking = same.filter((existing) => {
    if (standingOf(existing) !== "failed") return true;
    // What the facility would not take may be asked for again as soon as the form is mended.
    return isRecent(existing, now) && (!isRejected(existing) || isSameForm(existing.payload, wish.payload));
  });
  const standing = STANDINGS.find((each) => blocking.some((existing) => standingOf(existing) === each));
  if (standing === "open") return [raiseOrNone(wish, blocking, needless)];
  const objections = [
    ...blocking
      .filter((existing) => standingOf(existing) === standing)
      .slice(0, 1)
      .map(objectionOf),
    ...objectionsOfOthers(request, knowledge),
    ...needless,
    ...objectionsToRequest(request, knowledge, now),
  ];
  return objections.length > 0 ? [none(wish, objections)] : newRequest(wish, knowledge, planned);
}

/** An open request is raised if it is less urgent: the most urgent of them, if there are several. */
function raiseOrNone(
  wish: Wish,
  blocking: readonly KnownRequest[],
  needless: readonly Objection[],
): RaiseAction | NoAction {
  const { order, priority, request, decision } = wish;
  const rank = (existing: KnownRequest): number => priorityOf(existing.payload, order) ?? Number.NaN;
  const open = blocking.filter((existing) => standingOf(existing) === "open");
  const strongest = open.reduce((best, each) => (isMoreUrgent(rank(each), rank(best), order) ? each : best));
  // What has no readable priority cannot be compared, nor be less urgent.
  const weaker = open.every((each) => isMoreUrgent(priority, rank(each), order));
  if (needless.length > 0 || !weaker || request.canRaise === false)
    return none(wish, [objectionOf(strongest), ...needless]);
  return {
    kind: "raise",
    objectId: decision.objectId,
    policy: decision.policy,
    key: `${decision.objectId}/raise/${request.instrument}/${request.allocationId}/${strongest.id}/${priority}`,
    reasons: [
      ...decision.reasons,
      `request ${strongest.id} stands at priority ${rank(strongest)}, less urgent than ${priority}`,
    ],
    requestId: strongest.id,
    requestObjectId: strongest.objectId ?? decision.objectId,
    allocationId: request.allocationId,
    priority,
    payload: { ...strongest.payload, [priorityKey(strongest.payload)]: priority },
  };
}

function newRequest(wish: Wish, knowledge: SourceKnowledge, planned: readonly FollowUpAction[]): FollowUpAction[] {
  const { decision, request, rule, priority, payload, targetGroupIds } = wish;
  const { objectId, policy } = decision;
  const reasons = [...decision.reasons, ...notesOn(knowledge)];
  const ofAllocation = [
    ...knowledge.requests.filter((existing) => existing.allocationId === request.allocationId && isActive(existing)),
    ...planned
      .filter((action) => action.kind === "request")
      .filter((action) => action.rule.allocationId === request.allocationId),
  ];
  const stem = `${objectId}/request/${request.instrument}/${request.allocationId}/${describePayload(request.payload)}`;
  // A request that failed long ago, or for other groups, is another one: its key must not stand in the way.
  const covered = (action: FollowUpAction): boolean => action.kind === "request" && action.key.startsWith(`${stem}/`);
  const before = knowledge.requests.filter(
    (existing) =>
      existing.allocationId === request.allocationId &&
      describePayload(existing.payload) === describePayload(request.payload),
  );
  const key = `${stem}/${before.length + planned.filter(covered).length}`;
  const action: RequestAction = {
    kind: "request",
    objectId,
    policy,
    key,
    reasons,
    priority,
    rule: request,
    payload,
    targetGroupIds,
    sourceGroupIds: [...new Set(rule.save.groupIds)],
    ignoreGroupIds: rule.save.ignoreGroupIds ?? [],
    notIfDuplicates:
      ofAllocation.length === 0 || ofAllocation.some((other) => !isOtherObservation(other.payload, request.payload)),
  };
  if (request.comment === undefined) return [action];
  const text = `${request.comment} (priority: ${priority})`;
  return [
    action,
    {
      kind: "comment",
      objectId,
      policy,
      key: `${key}/comment`,
      reasons,
      text,
      groupIds: action.sourceGroupIds,
      after: key,
    },
  ];
}

/** What does not stop a request, but belongs in its reasons. */
function notesOn({ tns }: SourceKnowledge): string[] {
  if (tns === undefined || tnsPrefix(tns.name) !== undefined) return [];
  return [`TNS has it as ${tns.name}, without a prefix that says whether it is classified: asked for all the same`];
}

function isSame(action: RequestAction, wish: Wish): boolean {
  const { payload, targetGroupIds, rule } = action;
  return isSameRequest({ allocationId: rule.allocationId, payload, targetGroupIds }, wish.request, wish.targetGroupIds);
}

function objectionOf(existing: KnownRequest): Objection {
  const code = `request-${standingOf(existing)}` as const;
  return { code, line: `request ${existing.id} for the same is ${existing.status}` };
}

function none({ decision }: Wish, objections: readonly Objection[]): NoAction {
  const { objectId, policy } = decision;
  return {
    kind: "none",
    instead: "request",
    objectId,
    policy,
    code: objections[0].code,
    reasons: objections.map(({ line }) => line),
  };
}
