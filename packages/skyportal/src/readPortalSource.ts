import { dateToJd } from "@btsbot/sky";
import type { KnownRequest, Payload, SourceKnowledge } from "@btsbot/policy";
import { momentIn, numberIn, partOf, partsOf, textIn } from "./readAnswer.js";
import type { AnswerPart } from "./readAnswer.js";

/** What a source's own answer says of it. */
export interface PortalSource extends Pick<
  SourceKnowledge,
  "position" | "savedTo" | "classifications" | "tns" | "assigned"
> {
  /** Other objects at its position, with how far they are, arcsec. */
  readonly neighbours: readonly { readonly objectId: string; readonly separation: number }[];
}

/**
 * Reads what `GET /api/sources/{id}` gives. Groups that are only invited are left out: their source is not saved.
 *
 * @internal
 */
export function readPortalSource(answer: AnswerPart): PortalSource {
  const tnsName = partOf(answer, "tns_name").value;
  const reported = reportedIn(partOf(answer, "tns_info"));
  return {
    position: { ra: numberIn(partOf(answer, "ra")), dec: numberIn(partOf(answer, "dec")) },
    savedTo: partsOf(partOf(answer, "groups"))
      .filter((group) => partOf(group, "active").value === true)
      .map((group) => numberIn(partOf(group, "id"))),
    classifications: partsOf(partOf(answer, "classifications")).map((each) => ({
      name: textIn(partOf(each, "classification")),
      ml: partOf(each, "ml").value === true,
    })),
    ...(typeof tnsName === "string" &&
      tnsName !== "" && { tns: { name: tnsName, ...(reported !== undefined && { reportedJd: reported }) } }),
    assigned: partsOf(partOf(answer, "assignments")).length > 0,
    neighbours: partsOf(partOf(answer, "duplicates")).map((each) => ({
      objectId: textIn(partOf(each, "obj_id")),
      separation: numberIn(partOf(each, "separation")),
    })),
  };
}

/** SkyPortal counts from the date of discovery (followup_request.py:675). */
function reportedIn(info: AnswerPart): number | undefined {
  if (typeof info.value !== "object" || info.value === null) return undefined;
  const date = partOf(info, "discoverydate");
  return typeof date.value === "string" ? dateToJd(momentIn(date)) : undefined;
}

/**
 * Reads a request as lists have it.
 *
 * @param row - the request
 * @param objectId - the source that was asked about
 * @returns the request, with whose it is where that is another source
 *
 * @internal
 */
export function readRequest(row: AnswerPart, objectId: string): KnownRequest {
  const its = textIn(partOf(row, "obj_id"));
  return {
    id: numberIn(partOf(row, "id")),
    ...(its !== objectId && { objectId: its }),
    allocationId: numberIn(partOf(row, "allocation_id")),
    targetGroupIds: partsOf(partOf(row, "target_groups")).map((group) => numberIn(partOf(group, "id"))),
    payload: (partOf(row, "payload").value ?? {}) as Payload,
    status: textIn(partOf(row, "status")),
    modifiedJd: dateToJd(momentIn(partOf(row, "modified"))),
  };
}
