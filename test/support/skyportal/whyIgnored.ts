import { canSeeSource, idsIn } from "./portal.js";
import type { Fields, Portal, PortalObj, PortalUser } from "./portal.js";

/**
 * Why a request is not made, in SkyPortal's order (followup_request.py:509-693); with `!` before it what is refused
 * instead; undefined where nothing speaks against it.
 */
export function whyIgnored(portal: Portal, user: PortalUser, body: Fields): string | undefined {
  const id = String(body.obj_id);
  const isSaved = (groupId: number): boolean =>
    portal.saves.some((each) => each.objId === id && each.groupId === groupId && each.active);
  const sourceGroups = idsIn(body.source_group_ids);
  // An id that is there twice is counted twice, and found once.
  if (sourceGroups.length > 0 && (new Set(sourceGroups).size < sourceGroups.length || !sourceGroups.every(isSaved)))
    return "There is no source for one or more of the source_group_ids specified as a constraint, not submitting request.";
  if (!constrains(body)) return undefined;
  const obj = portal.objs.get(id);
  if (obj === undefined || !canSeeSource(portal, user, id)) return `!Could not find source with ID ${id}.`;
  const radius = Number(body.radius ?? 0.5);
  const near = [...portal.objs.values()].filter((other) => separation(obj, other) <= radius);
  const duplicate = body.not_if_duplicates === true ? whyDuplicate(portal, body, near) : undefined;
  if (duplicate !== undefined) return duplicate;
  if (idsIn(body.ignore_source_group_ids).some(isSaved))
    return "There is a source for one or more of the ignore_source_group_ids specified as a constraint, not submitting request.";
  const within = `within ${radius / 3600} arcsec`;
  const rule = "(as per constraint)";
  const isNear = ({ objId }: { readonly objId: string }): boolean => near.some((each) => each.id === objId);
  if (body.not_if_classified === true && portal.classifications.some((row) => isNear(row) && row.body.ml !== true))
    return `Source has already been classified, not submitting request ${rule}.`;
  if (body.not_if_spectra_exist === true && portal.spectra.some(isNear))
    return `Source has already been observed spectroscopically, not submitting request ${rule}.`;
  if (body.not_if_tns_classified === true && near.some(({ tnsName }) => tnsName?.startsWith("SN") === true))
    return `Source ${within} has already been classified in TNS, not submitting request ${rule}.`;
  const reported = body.not_if_tns_reported === undefined ? undefined : whyReported(portal, body, near, within);
  if (reported !== undefined) return reported;
  if (body.not_if_assignment_exists === true && near.some(({ assigned }) => assigned))
    return `Source ${within} is already assigned to an observing run, not submitting request ${rule}.`;
  return undefined;
}

/** Whether anything is asked beside the groups of the source. */
function constrains(body: Fields): boolean {
  return (
    Object.keys(body).some((key) => key.startsWith("not_if_") && body[key] !== false) ||
    idsIn(body.ignore_source_group_ids).length > 0
  );
}

/** The form is not looked at; and only what was submitted or completed counts. */
function whyDuplicate(portal: Portal, body: Fields, near: readonly PortalObj[]): string | undefined {
  const counts = portal.requests.filter(
    ({ objId, status }) =>
      near.some((each) => each.id === objId) && (status.startsWith("submitted") || status.startsWith("complete")),
  );
  if (counts.some(({ allocationId }) => allocationId === Number(body.allocation_id)))
    return "There is already a follow-up request for this source and allocation, not submitting request.";
  if (counts.some(({ allocationId }) => idsIn(body.ignore_allocation_ids).includes(allocationId)))
    return "There is already a follow-up request for this source and one of the ignore_allocation_ids, not submitting request.";
  return undefined;
}

/** A date of discovery alone ends in an error, always (followup_request.py:675). */
function whyReported(portal: Portal, body: Fields, near: readonly PortalObj[], within: string): string | undefined {
  for (const { id, tnsInfo } of near) {
    if (tnsInfo === null) continue;
    const points = tnsInfo.photometry as readonly { readonly obsdate: string }[] | undefined;
    if (points === undefined || points.length === 0) return "!can't subtract offset-naive and offset-aware datetimes";
    const hours = (portal.now() - Date.parse(`${points[0].obsdate}Z`)) / 3.6e6;
    if (hours > Number(body.not_if_tns_reported))
      return `A Source ${within} (${id}) has already been reported to TNS ${hours} hours ago, not submitting request (as per constraint).`;
  }
  return undefined;
}

/** How far apart two objects are, arcsec. */
function separation(a: PortalObj, b: PortalObj): number {
  return Math.hypot((a.ra - b.ra) * Math.cos((a.dec * Math.PI) / 180), a.dec - b.dec) * 3600;
}
