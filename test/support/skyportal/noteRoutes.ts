import { canSee, fail, idsIn, ok, timeOf } from "./portal.js";
import type { Fields, Portal, PortalAnswer, PortalCall, PortalRoute, PortalRow } from "./portal.js";
import { showGroups, showRow } from "./portalShapes.js";

/** What is written about a source. */
export const NOTE_ROUTES: readonly PortalRoute[] = [
  ["POST", /^\/api\/sources\/([^/]+)\/annotations$/, "Annotate", postAnnotation],
  ["GET", /^\/api\/sources\/([^/]+)\/annotations$/, undefined, getAnnotations],
  ["GET", /^\/api\/sources\/([^/]+)\/annotations\/([^/]+)$/, undefined, getAnnotation],
  ["PUT", /^\/api\/sources\/([^/]+)\/annotations\/(\d+)$/, undefined, putAnnotation],
  ["DELETE", /^\/api\/sources\/([^/]+)\/annotations\/(\d+)$/, "Annotate", deleteAnnotation],
  ["POST", /^\/api\/sources\/([^/]+)\/comments$/, "Comment", postComment],
  ["GET", /^\/api\/sources\/([^/]+)\/comments$/, undefined, getComments],
  ["POST", /^\/api\/classification$/, "Classify", postClassification],
  ["GET", /^\/api\/classification$/, undefined, getClassifications],
  ["GET", /^\/api\/sources\/([^/]+)\/classifications$/, undefined, getSourceClassifications],
];

/** An annotation as it is shown. */
export function showAnnotation(portal: Portal, row: PortalRow): Fields {
  const { data, origin } = row.body;
  return { ...showRow(row), data, origin, groups: showGroups(portal, row.groupIds) };
}

/** A comment as it is shown. */
export function showComment(portal: Portal, row: PortalRow): Fields {
  const { id, objId, userId, at, modified, body } = row;
  const author = [...portal.tokens.values()].find(({ user }) => user.id === userId)!.user;
  return {
    id,
    obj_id: objId,
    author_id: userId,
    created_at: at,
    modified,
    system: false,
    text: body.text,
    origin: null,
    channel: null,
    attachment_name: body.attachment === undefined ? null : (body.attachment as Fields).name,
    bot: true,
    author: { username: author.username, first_name: null, last_name: null, gravatar_url: "", is_bot: false },
    resourceType: "sources",
  };
}

/** A classification as it is shown. */
export function showClassification(portal: Portal, row: PortalRow): Fields {
  return { ...showClassificationAlone(portal, row), votes: row.body.vote === false ? [] : [showVote(row)], edits: [] };
}

function showVote({ id, userId, at }: PortalRow): Fields {
  return { vote: 1, id, created_at: at, classification_id: id, voter_id: userId, modified: at };
}

function showClassificationAlone(portal: Portal, row: PortalRow): Fields {
  const { classification, origin = null, probability = null, ml = false, taxonomy_id } = row.body;
  const author = [...portal.tokens.values()].find(({ user }) => user.id === row.userId)!.user;
  return { ...showRow(row), classification, origin, probability, ml, taxonomy_id, author_name: author.username };
}

/** Adds a row, with the groups that were asked for, or the user's. */
export function addRow(
  portal: Portal,
  rows: PortalRow[],
  sequence: string,
  objId: string,
  { user }: Pick<PortalCall, "user">,
  body: Fields,
): PortalRow {
  const at = timeOf(portal);
  const groupIds = body.group_ids === undefined ? user.groups : idsIn(body.group_ids);
  const row = { id: portal.next(sequence), objId, userId: user.id, groupIds, at, modified: at, body };
  rows.push(row);
  return row;
}

function postAnnotation(portal: Portal, call: PortalCall): PortalAnswer {
  const { body, params } = call;
  const [id] = params;
  if (body.origin === undefined) return fail("Invalid/missing parameters: origin: Field required");
  if (!/^\w+/.test(String(body.origin)))
    return fail("Invalid/missing parameters: origin: String should match pattern '^\\w+'");
  if (typeof body.data !== "object" || body.data === null || Array.isArray(body.data))
    return fail("Invalid/missing parameters: data: Input should be a valid dictionary");
  if (!portal.objs.has(id)) return fail(`Obj ${id} not found`, 404);
  if (portal.annotations.some((each) => each.objId === id && each.body.origin === body.origin)) {
    portal.next("annotations");
    return fail(
      `Annotation already exists: (psycopg.errors.UniqueViolation) duplicate key (obj_id, origin)=(${id}, ${String(body.origin)})`,
    );
  }
  return ok({ annotation_id: addRow(portal, portal.annotations, "annotations", id, call, body).id });
}

function getAnnotations(portal: Portal, { params: [id] }: PortalCall): PortalAnswer {
  return ok(portal.annotations.filter(({ objId }) => objId === id).map((row) => showAnnotation(portal, row)));
}

function getAnnotation(portal: Portal, { params: [, id] }: PortalCall): PortalAnswer {
  const row = portal.annotations.find((each) => each.id === Number(id));
  return row === undefined ? fail("Could not find any accessible annotations.", 403) : ok(showAnnotation(portal, row));
}

/** Replaces the data. */
function putAnnotation(portal: Portal, { body, user, params: [, id] }: PortalCall): PortalAnswer {
  const row = portal.annotations.find((each) => each.id === Number(id) && each.userId === user.id);
  if (row === undefined) return fail("Could not find any accessible annotations.", 403);
  row.body = { ...row.body, ...(body.data !== undefined && { data: body.data }) };
  row.modified = timeOf(portal);
  return ok();
}

function deleteAnnotation(portal: Portal, { params: [, id] }: PortalCall): PortalAnswer {
  const place = portal.annotations.findIndex((each) => each.id === Number(id));
  if (place === -1) return fail("Could not find any accessible annotations.", 403);
  portal.annotations.splice(place, 1);
  return ok();
}

function postComment(portal: Portal, call: PortalCall): PortalAnswer {
  const { body, user, params } = call;
  const [id] = params;
  const refuse = (why: string): PortalAnswer => fail(`Error posting comment for sources ${id}: ${why}`);
  if (typeof body.text !== "string") return refuse("'NoneType' object has no attribute 'replace'");
  const groupIds = body.group_ids === undefined ? user.groups : idsIn(body.group_ids);
  const lacking = groupIds.filter((each) => !portal.groups.some((group) => group.id === each));
  if (lacking.length > 0) return fail(`Cannot find one or more groups with IDs: [${lacking.join(", ")}].`);
  if (body.text.includes("\0"))
    return refuse("(psycopg.DataError) PostgreSQL text fields cannot contain NUL (0x00) bytes");
  if (!portal.objs.has(id)) {
    portal.next("comments");
    return refuse('(psycopg.errors.ForeignKeyViolation) insert or update on table "comments" violates foreign key');
  }
  const same = portal.comments.find(
    (each) =>
      each.objId === id &&
      each.body.text === body.text &&
      each.userId === user.id &&
      [...each.groupIds].sort().join() === [...groupIds].sort().join(),
  );
  if (same !== undefined) return ok({ comment_id: same.id, message: "Same comment already exists." });
  return ok({ comment_id: addRow(portal, portal.comments, "comments", id, call, body).id });
}

function getComments(portal: Portal, { params: [id] }: PortalCall): PortalAnswer {
  return ok(portal.comments.filter(({ objId }) => objId === id).map((row) => showComment(portal, row)));
}

/** The classes of a taxonomy, those above others too. */
function classesOf(node: Fields): string[] {
  const below = (node.subclasses ?? []) as readonly Fields[];
  return [String(node.class), ...below.flatMap(classesOf)];
}

/** Each post is a row; of a list, those before the one that is refused stay. */
function postClassification(portal: Portal, call: PortalCall): PortalAnswer {
  const list = call.body.classifications as readonly Fields[] | undefined;
  let last: PortalAnswer = ok();
  for (const each of list ?? [call.body]) {
    last = classify(portal, { ...call, body: each });
    if (last.status !== 200) return last;
  }
  return last;
}

const ML = [true, false, 1, 0, "True", "False", "t", "f", "true", "false"];

function classify(portal: Portal, call: PortalCall): PortalAnswer {
  const { body, user, token } = call;
  const refuse = (why: string): PortalAnswer => fail(`Error posting classification: ${why}`);
  if (body.obj_id === undefined) return refuse("'obj_id'");
  const id = String(body.obj_id);
  if (!canSee(portal, user, id)) return refuse(`Cannot find object with ID ${id}.`);
  if (body.taxonomy_id === undefined) return refuse("'taxonomy_id'");
  if (typeof body.taxonomy_id === "string")
    return refuse("(psycopg.errors.UndefinedFunction) operator does not exist: integer = character varying");
  const taxonomy = portal.taxonomies.find((each) => each.id === body.taxonomy_id);
  if (taxonomy === undefined) return refuse(`Cannot find a taxonomy with ID: ${String(body.taxonomy_id)}.`);
  const { classification, probability = null, ml = false } = body;
  if (!classesOf(taxonomy.hierarchy).includes(String(classification)))
    return refuse(
      `That classification (${String(classification)}) is not in the allowed classes for the chosen taxonomy (id=${taxonomy.id}`,
    );
  if (typeof probability === "string") return refuse("'<' not supported between instances of 'str' and 'int'");
  if (probability !== null && !((probability as number) >= 0 && (probability as number) <= 1))
    return refuse(`That probability (${String(probability)}) is outside the allowable range (0-1).`);
  if (!ML.includes(ml as never))
    return refuse(
      `If provided, ml must be one of True, False, 'True', 'False', 't', 'f', 'true', 'false' (got ${String(ml)})`,
    );
  const groupIds = body.group_ids === undefined ? user.groups : idsIn(body.group_ids);
  if (groupIds.some((each) => !user.groups.includes(each)))
    return refuse(
      `Insufficient permissions for operation "Token ${token} create ClassificationVote {${portal.next("classifications")}}".`,
    );
  const kept = { ...body, ml: [true, 1, "True", "t", "true"].includes(ml as never) };
  return ok({ classification_id: addRow(portal, portal.classifications, "classifications", id, call, kept).id });
}

function getClassifications(portal: Portal, { query }: PortalCall): PortalAnswer {
  const [length, page] = [Number(query.get("numPerPage") ?? 100), Number(query.get("pageNumber") ?? 1)];
  const classifications = portal.classifications.slice((page - 1) * length, page * length);
  return ok({
    classifications: classifications.map((row) => showClassificationAlone(portal, row)),
    totalMatches: portal.classifications.length,
  });
}

function getSourceClassifications(portal: Portal, { params: [id] }: PortalCall): PortalAnswer {
  return ok(portal.classifications.filter(({ objId }) => objId === id).map((row) => showClassification(portal, row)));
}
