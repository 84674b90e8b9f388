import type { SinkAnswer } from "@btsbot/decide";
import { toSkyPortal } from "@btsbot/policy";
import type { SaveAction } from "@btsbot/policy";
import { findInPortal } from "./askPortal.js";
import { numberIn, partOf, partsOf } from "./readAnswer.js";
import { readPortalSource } from "./readPortalSource.js";
import { tellBefore, tellAfter } from "./introduceSource.js";
import type { SendContext } from "./sendContext.js";

/**
 * Saves a source to a group, with what is told of it: of one that SkyPortal does not have, candidate, annotations,
 * photometry and thumbnails first, as Kowalski does; of one that it has, the candidate and annotations first.
 *
 * A save may be carried out twice, also late: the same source is in the same group. What is told beside it does not stop
 * it: what SkyPortal does not take of that stands in the answer.
 *
 * @internal
 */
export async function sendSave(action: SaveAction, context: SendContext): Promise<SinkAnswer> {
  const { client, signal, origin } = context;
  const introduction = (await context.introduce?.(action)) ?? {};
  const told = await tellBefore(action, introduction, context);
  const position = action.position ?? introduction.position;
  const call = toSkyPortal(
    { ...action, ...(position && { position }), ...(told.exists && { exists: true as const }) },
    origin,
  );
  const reply = await client.call({ ...call, repeatable: true, ...(signal && { signal }) });
  const groups = reply.state === "ok" ? idsOf(reply.data) : await groupsOf(action.objectId, context);
  if (!groups.includes(action.groupId)) {
    const reason =
      reply.state === "ok"
        ? `not saved to group ${action.groupId}: it is in a group whose sources are to be left alone (${action.ignoreGroupIds.join(", ")})`
        : reply.message;
    return { state: "refused", reason };
  }
  const notes = [...told.notes, ...(await tellAfter(action, introduction, context, told))];
  return { state: "done", answer: { savedTo: [...groups], ...(notes.length > 0 && { notes }) } };
}

/**
 * Whether a source is in the group, so that the save was carried out.
 *
 * @internal
 */
export async function findSave(
  { objectId, groupId }: SaveAction,
  context: SendContext,
): Promise<SinkAnswer | undefined> {
  const groups = await groupsOf(objectId, context);
  return groups.includes(groupId) ? { state: "done", answer: { savedTo: groups } } : undefined;
}

function idsOf(data: unknown): number[] {
  return partsOf(partOf({ value: data, path: "POST /api/sources" }, "saved_to_groups")).map(numberIn);
}

/** Of a new source that two ask for at once, one is refused by the database, though it is saved. */
async function groupsOf(objectId: string, { client, signal }: SendContext): Promise<number[]> {
  const answer = await findInPortal(client, `/api/sources/${encodeURIComponent(objectId)}`, signal);
  return answer === undefined ? [] : [...readPortalSource(answer).savedTo];
}
