import type { JsonValue, SaveAction } from "@btsbot/policy";
import type { SinkAnswer } from "@btsbot/decide";
import { jdToDate } from "@btsbot/sky";
import { callOnce } from "./callOnce.js";
import { findInPortal } from "./askPortal.js";
import { numberIn, partOf, partsOf } from "./readAnswer.js";
import type { AnswerPart } from "./readAnswer.js";
import type { SendContext } from "./sendContext.js";
import type { PortalIntroduction } from "./sinkTypes.js";
import type { PortalRequest } from "./types.js";

/** What was told of a source before it is saved. */
export interface Told {
  /** Whether SkyPortal has the object by now. */
  readonly exists: boolean;
  /** Whether SkyPortal had it before. */
  readonly wasKnown: boolean;
  /** What SkyPortal did not take, a line each. */
  readonly notes: readonly string[];
}

/**
 * Tells what goes before the save: the candidate and its annotations; of an object that is new to SkyPortal also
 * photometry and thumbnails. What needs the object waits for the save where there is no candidate.
 *
 * @internal
 */
export async function tellBefore(
  action: SaveAction,
  introduction: PortalIntroduction,
  context: SendContext,
): Promise<Told> {
  const known = await lookAt(action.objectId, context);
  const wasKnown = known !== undefined;
  const notes: string[] = [];
  const isCandidate = await tellCandidate(action, introduction, context, notes);
  const exists = wasKnown || isCandidate;
  if (exists) notes.push(...(await tellAnnotations(action.objectId, introduction, context, known)));
  if (exists && !wasKnown) notes.push(...(await tellData(action.objectId, introduction, context, known)));
  return { exists, wasKnown, notes };
}

/**
 * Tells what goes after the save: of a source that SkyPortal had before, photometry and thumbnails; the classification.
 *
 * @internal
 */
export async function tellAfter(
  { objectId }: SaveAction,
  introduction: PortalIntroduction,
  context: SendContext,
  { exists, wasKnown }: Told,
): Promise<string[]> {
  const { annotations, photometry, thumbnails, classification } = introduction;
  if ([annotations, photometry, thumbnails, classification].every((each) => each === undefined)) return [];
  const known = await lookAt(objectId, context);
  const notes: string[] = [];
  if (!exists) notes.push(...(await tellAnnotations(objectId, introduction, context, known)));
  if (!exists || wasKnown) notes.push(...(await tellData(objectId, introduction, context, known)));
  notes.push(...(await tellClass(objectId, introduction, context, known)));
  return notes;
}

async function lookAt(objectId: string, { client, signal }: SendContext): Promise<AnswerPart | undefined> {
  return findInPortal(client, `/api/sources/${encodeURIComponent(objectId)}?includeThumbnails=true`, signal);
}

/** The same object, filter and moment is the same candidate: it may be posted twice. */
async function tellCandidate(
  { objectId, position }: SaveAction,
  { candidate, filterIds = [], position: known }: PortalIntroduction,
  context: SendContext,
  notes: string[],
): Promise<boolean> {
  const place = position ?? known;
  if (candidate === undefined || filterIds.length === 0 || place === undefined) return false;
  const body = {
    id: objectId,
    ra: place.ra,
    dec: place.dec,
    ...(candidate.score !== undefined && { score: candidate.score }),
    filter_ids: filterIds,
    passing_alert_id: candidate.candid,
    passed_at: jdToDate(candidate.jd).toISOString(),
    origin: context.origin,
  };
  const wrong = await tell({ method: "POST", path: "/api/candidates", body }, context);
  if (wrong !== undefined) notes.push(`candidate: ${wrong}`);
  return wrong === undefined;
}

/** One for each origin: another is refused, and the one that is there takes new data. */
async function tellAnnotations(
  objectId: string,
  { annotations = [] }: PortalIntroduction,
  context: SendContext,
  known: AnswerPart | undefined,
): Promise<string[]> {
  const path = `/api/sources/${encodeURIComponent(objectId)}/annotations`;
  const notes: string[] = [];
  for (const { origin, data } of annotations) {
    const isThere = (row: AnswerPart): boolean => partOf(row, "origin").value === origin;
    let there = known && partsOf(partOf(known, "annotations")).find(isThere);
    if (there === undefined) {
      const wrong = await tell({ method: "POST", path, body: { origin, data } }, context);
      if (wrong === undefined) continue;
      // Posted before by a call whose answer was lost, or by someone else at the same time.
      const now = await findInPortal(context.client, path, context.signal);
      there = now && partsOf(now).find(isThere);
      if (there === undefined) {
        notes.push(`annotation ${origin}: ${wrong}`);
        continue;
      }
    }
    if (isEqual(partOf(there, "data").value, data)) continue;
    const body = { obj_id: objectId, origin, data };
    const wrong = await tell({ method: "PUT", path: `${path}/${numberIn(partOf(there, "id"))}`, body }, context);
    if (wrong !== undefined) notes.push(`annotation ${origin}: ${wrong}`);
  }
  return notes;
}

/** The same points are the same rows; each picture is a row of its own. */
async function tellData(
  objectId: string,
  { photometry = [], thumbnails = [] }: PortalIntroduction,
  context: SendContext,
  known: AnswerPart | undefined,
): Promise<string[]> {
  const notes: string[] = [];
  for (const points of photometry) {
    const wrong = await tell(
      { method: "PUT", path: "/api/photometry", body: { obj_id: objectId, ...points } },
      context,
    );
    if (wrong !== undefined) notes.push(`photometry: ${wrong}`);
  }
  let there = known;
  if (thumbnails.length > 0 && context.inDoubt) {
    await context.settleDoubt();
    there = await lookAt(objectId, context);
  }
  for (const { type, data } of thumbnails) {
    const isThere = (source: AnswerPart | undefined): boolean =>
      source !== undefined && partsOf(partOf(source, "thumbnails")).some((row) => partOf(row, "type").value === type);
    if (isThere(there)) continue;
    const body = { obj_id: objectId, data, ttype: type };
    const find = async () => (isThere(await lookAt(objectId, context)) ? FOUND : undefined);
    const wrong = await tellOnce({ method: "POST", path: "/api/thumbnail", body }, context, find);
    if (wrong !== undefined) notes.push(`thumbnail ${type}: ${wrong}`);
  }
  return notes;
}

/** Each post is a row: what this model said of the source before is not said again. */
async function tellClass(
  objectId: string,
  { classification }: PortalIntroduction,
  context: SendContext,
  known: AnswerPart | undefined,
): Promise<string[]> {
  if (classification === undefined) return [];
  const { taxonomyId, name, probability, origin } = classification;
  const isThere = (source: AnswerPart | undefined): boolean =>
    source !== undefined &&
    partsOf(partOf(source, "classifications")).some(
      (row) => partOf(row, "classification").value === name && partOf(row, "origin").value === origin,
    );
  if (isThere(known)) return [];
  const find = async () => (isThere(await lookAt(objectId, context)) ? FOUND : undefined);
  await context.settleDoubt();
  if (context.inDoubt && (await find()) !== undefined) return [];
  const body = { obj_id: objectId, classification: name, taxonomy_id: taxonomyId, probability, ml: true, origin };
  const wrong = await tellOnce({ method: "POST", path: "/api/classification", body }, context, find);
  return wrong === undefined ? [] : [`classification ${name}: ${wrong}`];
}

const FOUND: SinkAnswer = { state: "done" };

/** A call that may be made twice; what is wrong, if anything. */
async function tell(request: PortalRequest, { client, signal }: SendContext): Promise<string | undefined> {
  const reply = await client.call({ ...request, repeatable: true, ...(signal && { signal }) });
  return reply.state === "ok" ? undefined : reply.message;
}

async function tellOnce(
  request: PortalRequest,
  { client, settle, signal }: SendContext,
  find: () => Promise<SinkAnswer | undefined>,
): Promise<string | undefined> {
  const reply = await callOnce({ client, request, find, settle, signal });
  if (reply.state === "refused") return reply.message;
  return reply.state === "found" && reply.answer.state !== "done" ? reply.answer.reason : undefined;
}

/** Whether data are the same, whatever the order of their names. */
function isEqual(there: unknown, data: { readonly [name: string]: JsonValue }): boolean {
  const inOrder = (value: object): string =>
    JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  return typeof there === "object" && there !== null && inOrder(there) === inOrder(data);
}
