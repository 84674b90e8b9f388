import type { SinkAnswer } from "@btsbot/decide";
import { toSkyPortal } from "@btsbot/policy";
import type { CommentAction } from "@btsbot/policy";
import { findInPortal } from "./askPortal.js";
import { partOf, partsOf } from "./readAnswer.js";
import type { SendContext } from "./sendContext.js";

/**
 * Posts a comment. The same text for the same groups is the same comment: it may be posted twice.
 *
 * @internal
 */
export async function sendComment(action: CommentAction, { client, signal }: SendContext): Promise<SinkAnswer> {
  const reply = await client.call({ ...toSkyPortal(action), repeatable: true, ...(signal && { signal }) });
  if (reply.state !== "ok") return { state: "refused", reason: reply.message };
  const id = partOf({ value: reply.data, path: "POST comments" }, "comment_id").value;
  return { state: "done", ...(typeof id === "number" && { answer: { commentId: id } }) };
}

/**
 * Whether a source has a comment.
 *
 * @internal
 */
export async function findComment(
  { objectId, text }: CommentAction,
  { client }: SendContext,
): Promise<SinkAnswer | undefined> {
  const rows = await findInPortal(client, `/api/sources/${encodeURIComponent(objectId)}/comments`);
  const same = rows && partsOf(rows).some((row) => partOf(row, "text").value === text);
  return same === true ? { state: "done" } : undefined;
}
