import { canSee, canSeeCandidate, canSeeSource, fail, idsIn, ok, timeOf } from "./portal.js";
import type { Fields, Portal, PortalAnswer, PortalCall, PortalObj, PortalRoute, PortalUser } from "./portal.js";
import { PLACE, showGroup, showGroups, showObj, showRequestAlone, showRow, showUser } from "./portalShapes.js";
import { showAnnotation, showClassification, showComment } from "./noteRoutes.js";
import { showPoint, showThumbnails } from "./dataRoutes.js";
import { pageOf } from "./pageOf.js";

/** What candidates may have. */
const CANDIDATE_KEYS = [
  "id",
  "ra",
  "dec",
  "score",
  "filter_ids",
  "passing_alert_id",
  "passed_at",
  "origin",
  "altdata",
  "alias",
];
/** What a new source may have. */
const SOURCE_KEYS = [
  "id",
  "ra",
  "dec",
  "score",
  "group_ids",
  "origin",
  "altdata",
  "alias",
  "refresh_source",
  "saver_per_group_id",
];

/** Candidates and sources. */
export const OBJECT_ROUTES: readonly PortalRoute[] = [
  ["POST", /^\/api\/candidates$/, "Upload data", postCandidate],
  ["HEAD", /^\/api\/candidates\/([^/]+)$/, undefined, headCandidate],
  ["GET", /^\/api\/candidates\/([^/]+)$/, undefined, getCandidate],
  ["GET", /^\/api\/candidates$/, undefined, getCandidates],
  ["DELETE", /^\/api\/candidates\/([^/]+)\/(\d+)$/, "Upload data", deleteCandidate],
  ["POST", /^\/api\/sources$/, "Upload data", postSource],
  ["GET", /^\/api\/sources$/, undefined, getSources],
  ["HEAD", /^\/api\/sources\/([^/]+)$/, undefined, headSource],
  ["GET", /^\/api\/sources\/([^/]+)$/, undefined, getSource],
  ["GET", /^\/api\/sources\/([^/]+)\/groups$/, undefined, getSourceGroups],
  ["GET", /^\/api\/source_exists(?:\/([^/]+))?$/, undefined, getSourceExists],
  ["POST", /^\/api\/source_groups$/, "Upload data", postSourceGroups],
];

/** When an alert passed: ms since 1970, or undefined for what is no date. */
function momentOf(value: unknown): number | undefined {
  if (typeof value === "number") return value > 1e11 ? value : value * 1000;
  const text = String(value);
  const at = Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`);
  return Number.isNaN(at) ? undefined : at;
}

function unknownKeys(body: Fields, known: readonly string[]): string[] {
  return Object.keys(body).filter((key) => !known.includes(key));
}

function postCandidate(portal: Portal, { body, user }: PortalCall): PortalAnswer {
  if (body.id === undefined) return fail("Missing required parameter: `id`.");
  const id = String(body.id);
  const known = portal.objs.get(id);
  if (known === undefined && body.ra === undefined) return fail("RA must not be null for a new Obj");
  if (known === undefined && body.dec === undefined) return fail("Dec must not be null for a new Obj");
  if (body.filter_ids === undefined) return fail("Missing required filter_ids parameter.");
  if (body.passed_at === undefined) return fail("Missing required parameter: `passed_at`.");
  const passedAt = momentOf(body.passed_at);
  if (passedAt === undefined)
    return fail(`Invalid passedAt value: Could not match input '${String(body.passed_at)}' to any of the formats`);
  const [extra] = known === undefined ? unknownKeys(body, CANDIDATE_KEYS) : [];
  if (extra !== undefined) return fail(`Invalid/missing parameters: {'${extra}': ['Unknown field.']}`);
  if (!Array.isArray(body.filter_ids))
    return fail(
      `IN expression list, SELECT construct, or bound parameter object expected, got ${JSON.stringify(body.filter_ids)}.`,
      500,
    );
  if (body.filter_ids.some((each) => typeof each === "string"))
    return fail("(psycopg.errors.UndefinedFunction) operator does not exist: integer = character varying", 500);
  const filters = portal.filters
    .filter((each) => idsIn(body.filter_ids).includes(each.id) && user.groups.includes(each.groupId))
    .map((each) => each.id);
  if (filters.length === 0) return fail("At least one valid filter ID must be provided.");
  if (known === undefined) addObj(portal, body, id);
  const alertId = body.passing_alert_id === undefined ? null : String(body.passing_alert_id);
  const ids = filters.map((filterId) => {
    const next = portal.next("candidates");
    const same = portal.candidates.find(
      (each) => each.objId === id && each.filterId === filterId && each.passedAt === passedAt,
    );
    if (same !== undefined) return same.id;
    portal.candidates.push({ id: next, objId: id, filterId, passedAt, alertId });
    return next;
  });
  return ok({ ids });
}

function addObj(portal: Portal, { ra, dec, score = null, origin = null }: Fields, id: string): void {
  portal.objs.set(id, {
    id,
    ra: Number(ra),
    dec: Number(dec),
    score: score as number | null,
    origin: origin as string | null,
    at: timeOf(portal),
    tnsName: null,
    tnsInfo: null,
    assigned: false,
  });
}

function headCandidate(portal: Portal, { user, params: [id] }: PortalCall): PortalAnswer {
  return canSeeCandidate(portal, user, id) ? ok() : fail("", 404);
}

function showCandidate(portal: Portal, obj: PortalObj, user: PortalUser): Fields {
  return {
    ...showObj(obj),
    ...PLACE,
    photstats: [],
    thumbnails: [],
    internal_key: "UUID",
    associated_objs: [],
    annotations: portal.annotations.filter(({ objId }) => objId === obj.id).map((row) => showAnnotation(portal, row)),
    last_detected_at: null,
    is_source: canSeeSource(portal, user, obj.id) ? 1 : 0,
  };
}

function getCandidate(portal: Portal, { user, params: [id] }: PortalCall): PortalAnswer {
  return canSeeCandidate(portal, user, id) ? ok(showCandidate(portal, portal.objs.get(id)!, user)) : fail("Invalid ID");
}

function getCandidates(portal: Portal, { user, query }: PortalCall): PortalAnswer {
  const page = pageOf(query, 25, 500);
  if ("message" in page) return page;
  const all = [...portal.objs.values()].filter(({ id }) => canSeeCandidate(portal, user, id));
  const shown = all.slice(page.from, page.to);
  if (shown.length === 0 && page.pageNumber > 1) return fail("Page number out of range.");
  const candidates = shown.map((obj) => ({
    ...showCandidate(portal, obj, user),
    is_source: canSeeSource(portal, user, obj.id),
    passing_group_ids: [5],
    tags: [],
  }));
  const { pageNumber, numPerPage } = page;
  return ok({ queryID: "UUID", pageNumber, numPerPage, totalMatches: all.length, candidates });
}

function deleteCandidate(portal: Portal, { params: [id, filterId] }: PortalCall): PortalAnswer {
  const kept = portal.candidates.filter((each) => each.objId !== id || each.filterId !== Number(filterId));
  portal.candidates.splice(0, portal.candidates.length, ...kept);
  return ok();
}

async function postSource(portal: Portal, { body, user }: PortalCall): Promise<PortalAnswer> {
  const refuse = (why: string): PortalAnswer => fail(`Failed to post source: ${why}`);
  if (body.id === undefined) return refuse("'id'");
  const id = String(body.id);
  if (/\s/.test(id)) return refuse("No spaces allowed in source ID");
  const known = portal.objs.get(id);
  if (known === undefined && (body.ra === undefined || body.dec === undefined))
    return refuse("RA/Declination must not be null for a new Obj");
  const asked = body.group_ids === undefined ? user.groups : idsIn(body.group_ids);
  const lacking = asked.find((each) => !user.groups.includes(each));
  if (lacking !== undefined) return refuse(`Cannot find group_id ${lacking}. Please remove and try again.`);
  if (asked.length === 0)
    return refuse("Invalid group_ids field. Please specify at least one valid group ID that you belong to.");
  const ignored = body.ignore_if_in_group_ids as Readonly<Record<string, readonly number[]>> | undefined;
  if (known !== undefined && Object.keys(ignored ?? {}).some((key) => !asked.includes(Number(key))))
    return refuse(
      "Invalid ignore_if_in_group_ids field. Please specify a dictwhich groups are in the group_ids field, and values are lists",
    );
  if (body.saver_per_group_id !== undefined && user.isAdmin !== true)
    return refuse("You must be an admin to specify a saver_per_group_id field.");
  const powerless = asked.find((each) => user.cannotSave.has(each));
  if (powerless !== undefined) return refuse(`User does not have power to save to group with ID ${powerless}.`);
  if (known === undefined) {
    const extra = unknownKeys(body, SOURCE_KEYS);
    if (extra.length > 0) return refuse(`Invalid/missing parameters: {'${extra[0]}': ['Unknown field.']}`);
    // Whoever asks at the same time finds the object missing too, and is refused by the database.
    await new Promise((resolve) => setTimeout(resolve, 10));
    if (portal.objs.has(id))
      return refuse('(psycopg.errors.UniqueViolation) duplicate key value violates unique constraint "objs_pkey"');
    addObj(portal, body, id);
  }
  const isIn = (groupId: number): boolean =>
    portal.saves.some((each) => each.objId === id && each.groupId === groupId && each.active);
  const groups = asked.filter((groupId) => !(ignored?.[groupId] ?? []).some(isIn)).sort((a, b) => a - b);
  for (const groupId of groups) save(portal, id, groupId);
  return ok({ id, saved_to_groups: groups });
}

function save(portal: Portal, objId: string, groupId: number): void {
  const at = timeOf(portal);
  const known = portal.saves.find((each) => each.objId === objId && each.groupId === groupId);
  if (known === undefined) portal.saves.push({ objId, groupId, active: true, requested: false, at });
  else if (!known.active) Object.assign(known, { active: true, requested: false, at });
}

function showSaves(portal: Portal, objId: string, user: PortalUser): Fields[] {
  return portal.saves
    .filter((each) => each.objId === objId && (each.active || each.requested) && user.groups.includes(each.groupId))
    .map(({ groupId, active, requested, at }) => ({
      ...showGroup(portal.groups.find(({ id }) => id === groupId)!),
      active,
      requested,
      saved_at: at,
      saved_by: active ? showUser(user) : null,
    }));
}

function headSource(portal: Portal, { user, params: [id] }: PortalCall): PortalAnswer {
  return canSeeSource(portal, user, id) ? ok() : fail("", 404);
}

function getSource(portal: Portal, { user, params: [id], query }: PortalCall): PortalAnswer {
  const obj = portal.objs.get(id);
  if (obj === undefined) return fail("Source not found", 404);
  const sees = canSee(portal, user, id);
  const rows = <Row extends { readonly objId: string }>(all: readonly Row[], show: (row: Row) => Fields): Fields[] =>
    sees ? all.filter((row) => row.objId === id).map(show) : [];
  const isAsked = (name: string): boolean => query.get(name) === "true";
  return ok({
    ...showObj(obj),
    ...PLACE,
    internal_key: "UUID",
    ...(isAsked("includeThumbnails") && { thumbnails: showThumbnails(portal, id) }),
    followup_requests: isAsked("includeRequests")
      ? rows(portal.requests, (request) => {
          const { target_groups: _, obj: _obj, ...rest } = showRequestAlone(portal, request);
          return { ...rest, transactions: [], allocation: {} };
        })
      : [],
    galaxies: null,
    duplicates: nearby(portal, obj),
    assignments: obj.assigned ? [{ id: 1, obj_id: id, status: "pending" }] : [],
    ...(isAsked("includeComments") && { comments: rows(portal.comments, (row) => showComment(portal, row)) }),
    annotations: rows(portal.annotations, (row) => {
      const { groups: _, ...rest } = showAnnotation(portal, row);
      return { ...rest, author: showUser(user), type: "source" };
    }),
    classifications: rows(portal.classifications, (row) => ({
      ...showClassification(portal, row),
      groups: showGroups(portal, row.groupIds),
    })),
    ebv: 0.05,
    ...(isAsked("includePhotometry") && {
      photometry: rows(portal.photometry, (row) => showPoint(portal, row, "mag")),
    }),
    tags: [],
    groups: showSaves(portal, id, user),
    associated_objs: [],
  });
}

/** Other objects within 4 arcsec. */
function nearby(portal: Portal, { id, ra, dec }: PortalObj): Fields[] {
  return [...portal.objs.values()].flatMap((other) => {
    const east = (other.ra - ra) * Math.cos((dec * Math.PI) / 180);
    const separation = Math.hypot(east, other.dec - dec) * 3600;
    if (other.id === id || separation > 4) return [];
    return [{ obj_id: other.id, ra: other.ra, dec: other.dec, separation }];
  });
}

function getSources(portal: Portal, { user, query }: PortalCall): PortalAnswer {
  const page = pageOf(query, 100, 500);
  if ("message" in page) return page;
  const part = query.get("sourceID") ?? "";
  const group = query.get("group_ids");
  const all = [...portal.objs.values()].filter(
    ({ id }) =>
      id.includes(part) &&
      showSaves(portal, id, user).some((each) => each.active === true && (group === null || each.id === Number(group))),
  );
  const sources = all.slice(page.from, page.to).map((obj) => ({
    ...showObj(obj),
    ...PLACE,
    internal_key: "UUID",
    groups: showSaves(portal, obj.id, user),
    classifications: portal.classifications.filter(({ objId }) => objId === obj.id).map(showRow),
    annotations: [],
    tags: [],
  }));
  const { pageNumber, numPerPage } = page;
  const asked = group === null ? {} : { group_id: Number(group) };
  return ok({ totalMatches: all.length, sources, pageNumber, numPerPage, ...asked });
}

/** Those that are only invited are listed too. */
function getSourceGroups(portal: Portal, { params: [id] }: PortalCall): PortalAnswer {
  if (!portal.objs.has(id)) return fail("Source not found", 404);
  const ids = portal.saves.filter((each) => each.objId === id && (each.active || each.requested));
  return ok(
    showGroups(
      portal,
      ids.map(({ groupId }) => groupId),
    ),
  );
}

function getSourceExists(portal: Portal, { user, params: [id], query }: PortalCall): PortalAnswer {
  if (id !== undefined) {
    const exists = canSeeSource(portal, user, id);
    return ok({
      source_exists: exists,
      message: `A source with the name ${id} ${exists ? "already exists" : "does not exist"}.`,
    });
  }
  const [ra, dec, radius] = ["ra", "dec", "radius"].map((name) => Number(query.get(name)));
  const there = [...portal.objs.values()].find((obj) => Math.hypot(obj.ra - ra, obj.dec - dec) <= radius);
  const message = there === undefined ? "No source." : `A source at that location already exists: ${there.id}.`;
  return ok({ source_exists: there !== undefined, message });
}

function postSourceGroups(portal: Portal, { body, user }: PortalCall): PortalAnswer {
  const [extra] = unknownKeys(body, ["objId", "inviteGroupIds", "unsaveGroupIds"]);
  if (extra !== undefined) return fail(`Invalid/missing parameters: ${extra}: Extra inputs are not permitted`);
  const id = String(body.objId);
  const invite = idsIn(body.inviteGroupIds);
  const unsave = idsIn(body.unsaveGroupIds);
  if (invite.length + unsave.length === 0)
    return fail("Missing required parameter: one of either unsaveGroupIds or inviteGroupIds must be provided");
  if (!portal.objs.has(id)) return fail(`Obj ${id} not found`, 404);
  for (const groupId of invite) {
    const known = portal.saves.find((each) => each.objId === id && each.groupId === groupId);
    if (known?.active === true) return fail(`Source already saved to group w/ ID ${groupId}`);
    if (user.groups.includes(groupId)) save(portal, id, groupId);
    else if (known?.requested === true)
      return fail(
        '(psycopg.errors.UniqueViolation) duplicate key value violates unique constraint "sources_forward_ind"',
        500,
      );
    else portal.saves.push({ objId: id, groupId, active: false, requested: true, at: timeOf(portal) });
  }
  for (const each of portal.saves) if (each.objId === id && unsave.includes(each.groupId)) each.active = false;
  return ok();
}
