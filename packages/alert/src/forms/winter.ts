import type { PacketFields } from "../surveys/Survey.js";
import type { BrokerForm } from "./BrokerForm.js";

/** Fields that WINTER writes differently from ZTF, on whose packets its own are modelled. */
const RENAMED: Readonly<Record<string, string>> = {
  objectid: "objectId",
  cutout_science: "cutoutScience",
  cutout_template: "cutoutTemplate",
  cutout_difference: "cutoutDifference",
};

/**
 * The packets of WINTER, an infrared survey that follows ZTF's schema with some names of its own. Its alert says its
 * `survey`, as networks that were trained on ZTF must not score it; its filters 1 to 3 are Y, J and Hs.
 *
 * Source: https://github.com/winter-telescope/mirar, `mirar/pipelines/winter`.
 *
 * @example
 * ```ts
 * import { toAlert, WINTER } from "@btsbot/alert";
 *
 * const packet = { objectid: "WNTR24awati", candid: 3608694n, cutout_science: null, candidate: { jd: 2460381, fid: 2 } };
 * toAlert(packet, { forms: [WINTER] }).objectId; // => "WNTR24awati"
 * ```
 */
export const WINTER: BrokerForm = { name: "winter", toPacket: fromWinter };

function fromWinter(document: PacketFields): PacketFields {
  const { objectid, objectId, candidate } = document;
  if (typeof objectid !== "string" || objectId !== undefined || !("cutout_science" in document)) return document;
  const packet = Object.fromEntries(Object.entries(document).map(([name, value]) => [RENAMED[name] ?? name, value]));
  const { tooflag } = (candidate ?? {}) as PacketFields;
  const flag = typeof tooflag === "boolean" ? { tooflag: Number(tooflag) } : {};
  return { ...packet, survey: "winter", candidate: { ...(candidate as PacketFields), ...flag } };
}
