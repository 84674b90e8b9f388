import { isRecord } from "../packet/problems.js";
import type { PacketFields } from "../surveys/Survey.js";
import type { BrokerForm } from "./BrokerForm.js";
import { rowsToFits } from "./rowsToFits.js";

const STAMP = /^b:(cutout(?:Science|Template|Difference))(?:_stampData)?$/;
/** Fields of a row that stand at the top of a packet. */
const AT_TOP = ["objectId", "candid", "schemavsn", "publisher"];
const LACKS =
  "Fink's API gives rows without stamps unless it is asked: send withcutouts=True to /api/v1/objects, or take the alert from its stream.";

/**
 * The rows of Fink's API: a packet's fields behind `i:`, Fink's own behind `d:` and `v:`, stamps, where they were
 * asked for, as lists of rows behind `b:`. A row has no history, flagged `history-absent`. Rows of upper limits
 * are not alerts: they are left out here, and `parseLightCurves` reads them.
 *
 * Source: https://api.ztf.fink-portal.org, `/api/v1/objects`.
 *
 * @example
 * ```ts
 * import { FINK_ROWS, toAlert } from "@btsbot/alert";
 *
 * const row = { "i:objectId": "ZTF20aajcdad", "i:candid": 1n, "i:jd": 2458881, "i:fid": 1, "d:roid": 0 };
 * toAlert(row, { forms: [FINK_ROWS] }).candidate.jd; // => 2458881
 * ```
 */
export const FINK_ROWS: BrokerForm = {
  name: "fink-rows",
  readStamp: rowsToFits,
  open: (document) => (isRow(document) && document["i:candid"] == null ? [] : undefined),
  toPacket: fromRow,
};

/** Whether a document is a row of Fink's API about ZTF. */
export function isRow(document: PacketFields): boolean {
  return document["i:jd"] != null && document["i:fid"] != null;
}

/** The measurement of a row, with the names of a packet. */
export function toCandidate(row: PacketFields): Record<string, unknown> {
  const own = Object.entries(row).filter(([name]) => name.startsWith("i:"));
  return Object.fromEntries(own.map(([name, value]) => [name.slice(2), value]));
}

function fromRow(row: PacketFields): PacketFields {
  if (!isRow(row)) return row;
  const [packet, candidate]: Record<string, unknown>[] = [{}, {}];
  for (const [name, value] of Object.entries(row)) {
    const stamp = STAMP.exec(name)?.[1];
    if (stamp !== undefined) packet[stamp] = isRecord(value) ? value : { stampData: value };
    else if (!name.startsWith("i:")) packet[name] = value;
    else if (AT_TOP.includes(name.slice(2))) packet[name.slice(2)] = value;
    else candidate[name.slice(2)] = value;
  }
  const isBare = packet.cutoutScience === undefined;
  const form = { name: "fink-rows", flags: ["history-absent"], ...(isBare && { lacks: LACKS }) };
  return { ...packet, candidate, form };
}
