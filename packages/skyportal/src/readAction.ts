import { BtsbotError } from "@btsbot/errors";
import type { PendingEntry } from "@btsbot/decide";
import type { FollowUpAction, NoAction } from "@btsbot/policy";

/** An action that is sent. */
export type OutboxAction = Exclude<FollowUpAction, NoAction>;

/** The fields by which each kind of action is carried out. */
const FIELDS: Readonly<Record<OutboxAction["kind"], readonly string[]>> = {
  save: ["groupId", "ignoreGroupIds"],
  comment: ["text", "groupIds", "after"],
  request: ["priority", "rule", "payload", "targetGroupIds", "sourceGroupIds"],
  raise: ["priority", "requestId", "requestObjectId", "allocationId", "payload"],
};

/**
 * The action of an entry.
 *
 * @throws BtsbotError `sink-invalid` for an entry that is not one
 *
 * @internal
 */
export function readAction({ body, key, objectId }: PendingEntry): OutboxAction {
  const fields = (typeof body === "object" && body !== null ? body : {}) as Readonly<Record<string, unknown>>;
  const kind = String(fields.kind);
  const needed = Object.hasOwn(FIELDS, kind) ? FIELDS[kind as OutboxAction["kind"]] : undefined;
  const missing = needed?.filter((name) => fields[name] === undefined);
  if (missing?.length === 0 && fields.objectId === objectId) return fields as unknown as OutboxAction;
  throw new BtsbotError("sink-invalid", "the entry does not hold an action", {
    path: key,
    expected: `an action of ${objectId}: ${Object.keys(FIELDS).join(", ")}`,
    got: missing === undefined || missing.length === 0 ? kind : `${kind} without ${missing.join(", ")}`,
  });
}
