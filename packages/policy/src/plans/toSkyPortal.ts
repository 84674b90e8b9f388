import type { FollowUpAction, JsonValue, NoAction, RequestAction, SaveAction } from "./types.js";

/** A call of SkyPortal's API, without host and token. */
export interface SkyPortalCall {
  /** The HTTP method. */
  readonly method: "POST" | "PUT";
  /** The path, from `/api/` on. */
  readonly path: string;
  /** The body, to be sent as JSON. */
  readonly body: { readonly [field: string]: JsonValue };
}

/** How near another source must be to count as the same, arcsec (skyportal/skyportal, followup_request.py). */
const RADIUS = 0.5;

/**
 * Writes an action as the call of SkyPortal's API that carries it out. Nothing is sent.
 *
 * Groups to be left alone go with a save only where the source `exists` in SkyPortal, which refuses them for a new one.
 * To have them checked there too, post the candidate first, and say so in the knowledge.
 *
 * @param action - an action of a plan that is one
 * @param origin - what SkyPortal shows as the source's origin; `"btsbot"` by default
 * @returns method, path and body. SkyPortal may answer a request with status 200 and `ignored: true`:
 * then it was not made, and its comment is not to be sent
 *
 * @example
 * ```ts
 * import { toSkyPortal } from "@btsbot/policy";
 *
 * toSkyPortal({
 *   kind: "save", objectId: "ZTF23abhvlji", policy: "gt1", key: "ZTF23abhvlji/save/41", reasons: [], groupId: 41, ignoreGroupIds: [],
 * }); // => { method: "POST", path: "/api/sources", body: { id: "ZTF23abhvlji", group_ids: [41], origin: "btsbot" } }
 * ```
 */
export function toSkyPortal(action: Exclude<FollowUpAction, NoAction>, origin = "btsbot"): SkyPortalCall {
  const { objectId } = action;
  switch (action.kind) {
    case "save":
      return { method: "POST", path: "/api/sources", body: saveBody(action, origin) };
    case "comment": {
      const body = { text: action.text, group_ids: action.groupIds };
      return { method: "POST", path: `/api/sources/${encodeURIComponent(objectId)}/comments`, body };
    }
    case "request":
      return { method: "POST", path: "/api/followup_request", body: requestBody(action) };
    case "raise": {
      const body = { obj_id: action.requestObjectId, allocation_id: action.allocationId, payload: action.payload };
      return { method: "PUT", path: `/api/followup_request/${action.requestId}`, body };
    }
  }
}

/**
 * SkyPortal refuses `ignore_if_in_group_ids` for an object that it does not know (400 "Unknown field", source.py), and takes
 * it for one that it does. What it does not know is in no group, and the plan has looked.
 */
function saveBody(
  { objectId, groupId, position, ignoreGroupIds, exists }: SaveAction,
  origin: string,
): SkyPortalCall["body"] {
  return {
    id: objectId,
    ...position,
    group_ids: [groupId],
    origin,
    ...(exists === true && ignoreGroupIds.length > 0 && { ignore_if_in_group_ids: { [groupId]: ignoreGroupIds } }),
  };
}

/** The constraints are checked again by SkyPortal, which may know more by the time that it is asked. */
function requestBody(action: RequestAction): SkyPortalCall["body"] {
  const { ignoreAllocationIds = [], notIfTnsReportedHours, notIfAssigned, allocationId } = action.rule;
  return {
    obj_id: action.objectId,
    allocation_id: allocationId,
    payload: action.payload,
    target_group_ids: action.targetGroupIds,
    source_group_ids: action.sourceGroupIds,
    not_if_duplicates: action.notIfDuplicates,
    ...(ignoreAllocationIds.length > 0 && { ignore_allocation_ids: ignoreAllocationIds }),
    ...(action.ignoreGroupIds.length > 0 && { ignore_source_group_ids: action.ignoreGroupIds }),
    not_if_classified: true,
    not_if_spectra_exist: true,
    not_if_tns_classified: true,
    ...(notIfTnsReportedHours !== undefined && { not_if_tns_reported: notIfTnsReportedHours }),
    ...(notIfAssigned === true && { not_if_assignment_exists: true }),
    radius: RADIUS,
  };
}
