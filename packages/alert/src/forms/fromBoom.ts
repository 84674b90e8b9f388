import { isRecord } from "../packet/problems.js";
import type { PacketFields } from "../surveys/Survey.js";
import type { AlertForm } from "../types.js";
import { readFluxPoint, readFluxPoints, toScale } from "./fluxPoints.js";

const LISTS = ["prv_candidates", "prv_nondetections", "fp_hists"];

/**
 * Makes of an alert or an object of BOOM's a packet with the survey's names, if it is one: bands become filters, and
 * fluxes magnitudes. What was computed, assumed or left out stands in `form`.
 *
 * @param lacks - what to say where there are no stamps
 */
export function fromBoom(document: PacketFields, name: string, lacks: string): PacketFields {
  const { candidate } = document;
  if (!isRecord(candidate) || typeof candidate.band !== "string" || document.form !== undefined) return document;
  // A field of that name can be anybody's.
  const isOwn =
    "prv_nondetections" in document || [candidate, ...LISTS.map((list) => firstOf(document[list]))].some(hasNoFilter);
  if (!isOwn) return document;
  const isLsst = candidate.diaSourceId !== undefined;
  const scale = toScale(isLsst, candidate);
  const packet: Record<string, unknown> = { ...document, candidate: readFluxPoint(candidate, scale) };
  if (isLsst) packet.survey = "lsst";
  for (const list of LISTS) if (document[list] !== undefined) packet[list] = readFluxPoints(document[list], scale);
  const flags = [...scale.flags];
  const isBare = document.cutoutScience == null;
  const form: AlertForm = { name, ...(flags.length > 0 && { flags }), ...(isBare && { lacks }) };
  return flags.length > 0 || isBare ? { ...packet, form } : packet;
}

function firstOf(list: unknown): unknown {
  return Array.isArray(list) ? (list as unknown[])[0] : undefined;
}

/** Whether a point has a band in place of its filter. */
function hasNoFilter(point: unknown): boolean {
  return isRecord(point) && point.fid == null && typeof point.band === "string";
}
