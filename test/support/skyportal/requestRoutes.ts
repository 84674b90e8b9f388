import { canSeeSource, fail, idsIn, ok, timeOf } from "./portal.js";
import type {
  FacilityAnswer,
  Fields,
  Portal,
  PortalAnswer,
  PortalCall,
  PortalRequest,
  PortalRoute,
  PortalUser,
} from "./portal.js";
import { showRequest, showRequestAlone } from "./portalShapes.js";
import { pageOf } from "./pageOf.js";
import { whyIgnored } from "./whyIgnored.js";

/** Requests of observations. */
export const REQUEST_ROUTES: readonly PortalRoute[] = [
  ["POST", /^\/api\/followup_request$/, "Upload data", postRequest],
  ["PUT", /^\/api\/followup_request$/, "Upload data", putNothing],
  ["PUT", /^\/api\/followup_request\/([^/]+)$/, "Upload data", putRequest],
  ["DELETE", /^\/api\/followup_request\/([^/]+)$/, "Upload data", deleteRequest],
  ["GET", /^\/api\/followup_request$/, undefined, getRequests],
  ["GET", /^\/api\/followup_request\/([^/]+)$/, undefined, getRequest],
];

const BOOLEANS = [
  "not_if_duplicates",
  "not_if_classified",
  "not_if_spectra_exist",
  "not_if_tns_classified",
  "not_if_assignment_exists",
];
const KEYS = [
  "obj_id",
  "allocation_id",
  "payload",
  "status",
  "target_group_ids",
  "source_group_ids",
  "ignore_source_group_ids",
  "ignore_allocation_ids",
  "not_if_tns_reported",
  "radius",
  "refreshSource",
  "refreshRequests",
  ...BOOLEANS,
];

function wrongIn(body: Fields): PortalAnswer | undefined {
  const refuse = (wrong: readonly string[], why: string): PortalAnswer =>
    fail(`Invalid / missing parameters: {${wrong.map((key) => `'${key}': ['${why}']`).join(", ")}}`);
  const missing = ["obj_id", "allocation_id"].filter((key) => body[key] === undefined);
  if (missing.length > 0) return refuse(missing, "Missing data for required field.");
  const extra = Object.keys(body).filter((key) => !KEYS.includes(key));
  if (extra.length > 0) return refuse(extra, "Unknown field.");
  const strange = BOOLEANS.filter((key) => body[key] !== undefined && typeof body[key] !== "boolean");
  if (strange.length > 0) return refuse(strange, "Not a valid boolean.");
  if (body.radius !== undefined && typeof body.radius !== "number") return refuse(["radius"], "Not a valid number.");
  return undefined;
}

async function postRequest(portal: Portal, { body, user }: PortalCall): Promise<PortalAnswer> {
  const refuse = (why: string): PortalAnswer => fail(`Error submitting follow-up request: ${why}`);
  const wrong = wrongIn(body);
  if (wrong !== undefined) return wrong;
  const id = String(body.obj_id);
  const ignored = whyIgnored(portal, user, body);
  if (ignored !== undefined)
    return ignored.startsWith("!") ? refuse(ignored.slice(1)) : ok({ id: null, ignored: true, message: ignored });
  const allocationId = Number(body.allocation_id);
  const allocation = portal.allocations.find((each) => each.id === allocationId);
  if (allocation === undefined || !user.groups.includes(allocation.groupId))
    return refuse(`Could not find allocation with ID ${allocationId}.`);
  if (!portal.instruments.find((each) => each.id === allocation.instrumentId)!.api)
    return refuse("Instrument has no remote API.");
  if (allocation.outside === true) return refuse("Provided dates are outside allowed validity ranges.");
  const formFault = wrongInForm((body.payload ?? {}) as Fields);
  if (formFault !== undefined) return refuse(formFault);
  const number = portal.next("requests");
  if (!portal.objs.has(id))
    return refuse('(psycopg.errors.NotNullViolation) null value in column "obj_id" of relation "followuprequests"');
  const at = timeOf(portal);
  const request: PortalRequest = {
    id: number,
    objId: id,
    allocationId,
    targetGroupIds: idsIn(body.target_group_ids),
    at,
    modified: at,
    payload: prepare(body.payload as Fields),
    status: "pending submission",
    transactions: 0,
    visible: body.refreshSource !== false,
  };
  portal.requests.push(request);
  const said = await askFacility(portal, request, request.payload);
  request.visible = true;
  request.modified = timeOf(portal);
  if (said === "hangs") {
    request.status = "failed to submit: ";
    return refuse("");
  }
  request.transactions += 1;
  request.status = statusOf(said);
  return ok({ id: number, request_status: request.status });
}

function statusOf(said: Exclude<FacilityAnswer, "hangs">): string {
  if (said === "accepted") return "submitted";
  return `rejected: ${"rejected" in said ? said.rejected : said.failed}`;
}

async function askFacility(portal: Portal, { objId }: PortalRequest, payload: Fields): Promise<FacilityAnswer> {
  let timer: NodeJS.Timeout | undefined;
  const tired = new Promise<"hangs">((resolve) => (timer = setTimeout(() => resolve("hangs"), portal.facilityMs)));
  const answered = Promise.resolve(portal.facility({ objId, payload })).then(
    (each): FacilityAnswer | Promise<FacilityAnswer> => (each === "hangs" ? tired : each),
  );
  const said = await Promise.race([answered, tired]);
  clearTimeout(timer);
  return said;
}

/** SEDM's class fills in what the form leaves open. */
function prepare({ advanced: _, ...payload }: Fields): Fields {
  return { maximum_fwhm: 10, exposure_time: -1, maximum_airmass: 2.8, ...payload };
}

const MODES = ["3-shot (gri)", "4-shot (ugri)", "IFU", "4-shot+IFU", "3-shot+IFU", "Mix 'n Match"];

function wrongInForm(payload: Fields): string | undefined {
  const missing = ["observation_type", "priority", "start_date", "end_date"].find((key) => payload[key] === undefined);
  if (missing !== undefined) return `'${missing}' is a required property\n\nFailed validating 'required' in schema`;
  if (typeof payload.priority !== "number") return `'${String(payload.priority)}' is not of type 'number'\n\nFailed`;
  if (payload.priority > 5) return `${payload.priority} is greater than the maximum of 5\n\nFailed`;
  if (payload.priority < 1) return `${payload.priority} is less than the minimum of 1\n\nFailed`;
  if (!MODES.includes(String(payload.observation_type))) return `'${String(payload.observation_type)}' is not one of [`;
  return undefined;
}

function findMine({ requests, allocations }: Portal, user: PortalUser, id: string): PortalRequest | undefined {
  return requests.find(
    (each) =>
      each.id === Number(id) &&
      allocations.some((allocation) => allocation.id === each.allocationId && user.groups.includes(allocation.groupId)),
  );
}

function putNothing(): PortalAnswer {
  return fail("FollowupRequestHandler.put() missing 1 required positional argument: 'request_id'", 500);
}

/** The form is replaced, and not checked; one that was rejected or deleted goes to the facility again. */
async function putRequest(portal: Portal, { body, user, params: [id] }: PortalCall): Promise<PortalAnswer> {
  if (!/^\d+$/.test(id)) return fail(`Invalid request_id: ${id}`);
  const request = findMine(portal, user, id);
  if (request === undefined) return fail(`Missing FollowUpRequest with id ${id}`);
  if (body.status !== undefined && Object.keys(body).length === 1) {
    request.status = String(body.status);
    request.modified = timeOf(portal);
    return ok();
  }
  const wrong = wrongIn(body);
  if (wrong !== undefined) return wrong;
  const payload = (body.payload ?? {}) as Fields;
  const refuse = (why: string): PortalAnswer => fail(`Failed to update follow-up request: ${why}`);
  if (payload.observation_type === undefined) return refuse("'observation_type'");
  const said = await askFacility(portal, request, payload);
  if (said === "hangs") return refuse("");
  if (said !== "accepted") return refuse("rejected" in said ? said.rejected : said.failed);
  request.payload = prepare(payload);
  request.status = "submitted";
  request.modified = timeOf(portal);
  request.transactions += 1;
  return ok();
}

async function deleteRequest(portal: Portal, { user, params: [id] }: PortalCall): Promise<PortalAnswer> {
  const request = findMine(portal, user, id);
  if (request === undefined) return fail(`Missing FollowUpRequest with id ${id}`);
  const said = await askFacility(portal, request, request.payload);
  if (typeof said === "object")
    return fail(`Failed to delete follow-up request: ${"rejected" in said ? said.rejected : said.failed}`);
  request.status = "deleted";
  request.modified = timeOf(portal);
  return ok();
}

/** The name is looked for in parts of names. */
function getRequests(portal: Portal, { user, query }: PortalCall): PortalAnswer {
  const page = pageOf(query, 100, 1000);
  if ("message" in page) return page;
  const [part, allocation, status, least] = ["sourceID", "allocationID", "status", "priorityThreshold"].map((name) =>
    query.get(name),
  );
  const all = portal.requests.filter(
    (each) =>
      each.visible &&
      findMine(portal, user, String(each.id)) !== undefined &&
      each.objId.includes(part ?? "") &&
      (allocation === null || each.allocationId === Number(allocation)) &&
      (status === null || each.status.includes(status)) &&
      (least === null || Number(each.payload.priority) >= Number(least)),
  );
  if (query.get("sortOrder") === "desc") all.reverse();
  const { pageNumber, numPerPage } = page;
  return ok({
    followup_requests: all.slice(page.from, page.to).map((each) => showRequest(portal, each)),
    totalMatches: all.length,
    pageNumber,
    numPerPage,
  });
}

function getRequest(portal: Portal, { user, params: [id] }: PortalCall): PortalAnswer {
  if (!/^\d+$/.test(id)) return fail(`Invalid followup_request_id: ${id}`);
  const request = findMine(portal, user, id);
  if (request === undefined || !canSeeSource(portal, user, request.objId))
    return fail("Could not retrieve followup request.");
  const { obj, ...rest } = showRequestAlone(portal, request);
  const transactions = Array.from({ length: request.transactions }, (_, place) => ({
    created_at: request.modified,
    modified: request.modified,
    response: {},
    request: {},
    followup_request_id: request.id,
    observation_plan_request_id: null,
    id: place + 1,
    initiator_id: user.id,
  }));
  return ok({ ...rest, transactions, transaction_requests: [], obj: { ...(obj as Fields), thumbnails: [] } });
}
