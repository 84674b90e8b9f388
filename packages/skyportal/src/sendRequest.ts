import type { SinkAnswer } from "@btsbot/decide";
import { toSkyPortal } from "@btsbot/policy";
import type { JsonValue, Payload, RaiseAction, RequestAction } from "@btsbot/policy";
import { askPages, askPortal } from "./askPortal.js";
import { callOnce } from "./callOnce.js";
import { holdForPerson } from "./holdForPerson.js";
import { numberIn, partOf, textIn } from "./readAnswer.js";
import type { AnswerPart } from "./readAnswer.js";
import type { SendContext } from "./sendContext.js";

/** Names of the priority in forms (skyportal/skyportal, followup_request.py, `FOLLOWUP_PRIORITY_ALIASES`). */
const PRIORITY_KEYS: readonly string[] = ["priority", "urgency", "Urgency"];
/** SEDM's class takes it out of the form that is kept. */
const NOT_KEPT: readonly string[] = ["advanced"];
/** A facility that did not answer within 30 s: it may have the request all the same. */
const HUNG = /^failed to submit:\s*$/;
/** SkyPortal is still asking the facility. */
const UNDER_WAY = "pending submission";

/**
 * Asks for an observation, once: SkyPortal doubles requests, so each is looked for before it is made, wherever it may have
 * been made before.
 *
 * @internal
 */
export async function sendRequest(action: RequestAction, context: SendContext): Promise<SinkAnswer> {
  const find = (): Promise<SinkAnswer | undefined> => findRequest(action, context);
  if (context.inDoubt) {
    const early = await find();
    if (early !== undefined && early.state !== "again") return early;
    await context.settleDoubt();
    const late = await find();
    if (late !== undefined) return late;
  }
  const { client, settle, signal } = context;
  const request = toSkyPortal(action);
  const reply = await callOnce({ client, request, find, settle, signal });
  if (reply.state === "found") return reply.answer;
  if (reply.state === "refused")
    return (await findHung(action, context)) ?? { state: "refused", reason: reply.message };
  const answer: AnswerPart = { value: reply.data, path: "POST /api/followup_request" };
  const id = partOf(answer, "id").value;
  // `{id: null, ignored: true, message}` comes with status 200; it may be ours that it takes for a duplicate.
  if (typeof id !== "number")
    return (await find()) ?? { state: "refused", reason: `SkyPortal ignores it: ${textIn(partOf(answer, "message"))}` };
  const status = partOf(answer, "request_status").value;
  const text = typeof status === "string" ? status : "submitted";
  return answerOf(id, text);
}

/**
 * Whether the request is there: the same source, allocation and form, whatever its priority, which may have been raised.
 *
 * @internal
 */
export async function findRequest(action: RequestAction, context: SendContext): Promise<SinkAnswer | undefined> {
  const same = await rowsOf(action, context);
  const answers = same.map((row) => answerOf(numberIn(partOf(row, "id")), textIn(partOf(row, "status"))));
  // Several stand there where someone asked by hand: what is done or under way counts before what failed.
  return ["done", "again", "refused"].map((state) => answers.find((each) => each.state === state)).find(Boolean);
}

/** After a refusal: a facility that hung leaves a row, and the refusal gives no reason. */
async function findHung(action: RequestAction, context: SendContext): Promise<SinkAnswer | undefined> {
  const rows = await rowsOf(action, context);
  const hung = rows.findLast((row) => HUNG.test(textIn(partOf(row, "status"))));
  return hung && answerOf(numberIn(partOf(hung, "id")), textIn(partOf(hung, "status")));
}

async function rowsOf(action: RequestAction, { client, signal }: SendContext): Promise<AnswerPart[]> {
  const path = `/api/followup_request?sourceID=${encodeURIComponent(action.objectId)}`;
  const rows = await askPages(client, path, "followup_requests", signal);
  return rows.filter((row) => isSame(row, action));
}

/** `sourceID` matches parts of names. SkyPortal adds defaults to a form, and takes nothing but `advanced` away. */
function isSame(row: AnswerPart, { objectId, rule, payload }: RequestAction): boolean {
  if (partOf(row, "obj_id").value !== objectId || partOf(row, "allocation_id").value !== rule.allocationId)
    return false;
  const kept = (partOf(row, "payload").value ?? {}) as Payload;
  return Object.entries(payload).every(
    ([key, value]) => PRIORITY_KEYS.includes(key) || NOT_KEPT.includes(key) || isEqual(kept[key], value),
  );
}

function isEqual(a: JsonValue | undefined, b: JsonValue): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** What a status comes to for whoever asked. */
function answerOf(id: number, status: string): SinkAnswer {
  const answer = { requestId: id, status };
  if (HUNG.test(status))
    return holdForPerson(
      `SkyPortal got no answer from the facility for request ${id}: ask the facility, then set the request's status to submitted, or delete it`,
      answer,
    );
  if (status === UNDER_WAY) return { state: "again", reason: `request ${id} is being submitted`, answer };
  if (/^(?:rejected|failed|error|deleted)/i.test(status))
    return { state: "refused", reason: `request ${id} is ${status}`, answer };
  return { state: "done", answer };
}

/**
 * Raises the priority of a request: the form as it is by now, with the new priority. SkyPortal would revive one that was
 * deleted, and send one that was rejected again: neither is raised.
 *
 * @internal
 */
export async function sendRaise(action: RaiseAction, context: SendContext): Promise<SinkAnswer> {
  const { client, settle, signal } = context;
  if (context.inDoubt) await context.settleDoubt();
  const before = await findRaise(action, context);
  if (before !== undefined) return before;
  const { value } = partOf(await askRequest(action, context), "payload");
  const current = value as Payload;
  const payload = { ...current, [keyOf(current)]: action.priority };
  const request = toSkyPortal({ ...action, payload });
  const find = (): Promise<SinkAnswer | undefined> => findRaise(action, context);
  const reply = await callOnce({ client, request, find, settle, signal });
  if (reply.state === "found") return reply.answer;
  if (reply.state === "ok") return { state: "done", answer: { requestId: action.requestId } };
  if (reply.message.trim() !== "" && !/:\s*$/.test(reply.message)) return { state: "refused", reason: reply.message };
  return (
    (await find()) ??
    holdForPerson(`the facility did not answer to the change of request ${action.requestId}: ask it for its priority`, {
      requestId: action.requestId,
    })
  );
}

/**
 * Whether a request has the priority, or can no longer be raised.
 *
 * @internal
 */
export async function findRaise(action: RaiseAction, context: SendContext): Promise<SinkAnswer | undefined> {
  const row = await askRequest(action, context);
  const status = textIn(partOf(row, "status"));
  const payload = (partOf(row, "payload").value ?? {}) as Payload;
  const answer = { requestId: action.requestId, status };
  if (payload[keyOf(payload)] === action.priority) return { state: "done", answer };
  if (/^(?:submitted|pending|in progress)/i.test(status)) return undefined;
  return { state: "refused", reason: `request ${action.requestId} is ${status}, and is not raised`, answer };
}

/** From the list: alone, SkyPortal shows a request only to whoever sees its source. */
async function askRequest(action: RaiseAction, { client, signal }: SendContext): Promise<AnswerPart> {
  const path = `/api/followup_request?sourceID=${encodeURIComponent(action.requestObjectId)}`;
  const rows = await askPages(client, path, "followup_requests", signal);
  const row = rows.find((each) => partOf(each, "id").value === action.requestId);
  return row ?? askPortal(client, `/api/followup_request/${action.requestId}`, signal);
}

function keyOf(payload: Payload): string {
  return PRIORITY_KEYS.find((key) => Object.hasOwn(payload, key)) ?? "priority";
}
