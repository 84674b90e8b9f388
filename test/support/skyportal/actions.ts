import type { PendingEntry } from "../../../packages/decide/src/index.js";
import type {
  CommentAction,
  FollowUpAction,
  RaiseAction,
  RequestAction,
  SaveAction,
} from "../../../packages/policy/src/index.js";

const REST = { policy: "bts_p1", reasons: ["one line"] } as const;

/** A save to the group BTS. */
export function saveOf(objectId: string, more: Partial<SaveAction> = {}): SaveAction {
  const number = Number.parseInt(objectId.slice(-4), 36);
  return {
    ...REST,
    kind: "save",
    objectId,
    key: `${objectId}/save/${more.groupId ?? 5}`,
    groupId: 5,
    position: { ra: (number * 0.01) % 360, dec: 20 + ((number * 0.003) % 40) },
    ignoreGroupIds: [],
    ...more,
  };
}

/** A comment on the save, or on another action. */
export function commentOf(objectId: string, after = `${objectId}/save/5`): CommentAction {
  return { ...REST, kind: "comment", objectId, key: `${after}/comment`, text: `bot: ${after}`, groupIds: [5], after };
}

/** A request of SEDM. */
export function requestOf(objectId: string, priority = 3, more: Partial<RequestAction> = {}): RequestAction {
  const payload = { observation_type: "IFU", priority, start_date: "2026-12-01", end_date: "2026-12-08" };
  return {
    ...REST,
    kind: "request",
    objectId,
    key: `${objectId}/request/SEDM/1/observation_type=IFU/0`,
    priority,
    rule: { instrument: "SEDM", allocationId: 1, payload: { observation_type: "IFU" } },
    payload,
    targetGroupIds: [5],
    sourceGroupIds: [5],
    ignoreGroupIds: [],
    notIfDuplicates: true,
    ...more,
  };
}

/** A higher priority of a request. */
export function raiseOf(objectId: string, requestId: number, priority: number): RaiseAction {
  return {
    ...REST,
    kind: "raise",
    objectId,
    key: `${objectId}/raise/SEDM/1/${requestId}/${priority}`,
    requestId,
    requestObjectId: objectId,
    allocationId: 1,
    priority,
    payload: { observation_type: "IFU", priority, start_date: "2026-12-01", end_date: "2026-12-08" },
  };
}

/** Actions as an outbox has them. */
export function entriesOf(
  actions: readonly Exclude<FollowUpAction, { readonly kind: "none" }>[],
  attempts = 0,
): PendingEntry[] {
  return actions.map((action, place) => ({
    kind: "action",
    key: action.key,
    objectId: action.objectId,
    body: JSON.parse(JSON.stringify(action)) as PendingEntry["body"],
    number: place + 1,
    attempts,
  }));
}
