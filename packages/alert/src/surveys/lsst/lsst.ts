import type { Survey } from "../Survey.js";
import { DIA_FORCED_SOURCE, DIA_SOURCE } from "./fields.js";
import { lsstSchema, lsstSchemaById } from "./lsstSchema.js";
import { LSST_FILTERS } from "./photometry.js";
import { toFieldTable } from "./readFields.js";
import { toAlert } from "./toAlert.js";
import { toPacket } from "./toPacket.js";

const SOURCE = { fields: toFieldTable(DIA_SOURCE), required: ["midpointMjdTai"] };

/**
 * The Legacy Survey of Space and Time of the Vera C. Rubin Observatory: alerts of schemas 9.0 to 11.0, in containers, in
 * JSON, and framed, whose schemas it knows by their ids 900, 1000 and 1100. It is not among `SURVEYS`: give it as
 * `surveys`.
 *
 * Every measurement of the `Alert` keeps Rubin's own fields, and has beside them those by which light curves, filters and
 * policies read it: `jd` (UTC, of `midpointMjdTai`), `fid` (11 u, 12 g, 13 r, 14 i, 15 z, 16 y; 10 where the band is null),
 * `magpsf` and `sigmapsf` (AB, of `psfFlux` in nJy, whatever its sign), `isdiffpos` (of `isNegative`, or else the flux's
 * sign), `candid` (`diaSourceId`); the detection also `drb` (`reliability`), and of `diaObject` `ndethist`, `jdstarthist`
 * and `jdendhist`. `objectId` is `diaObjectId` in digits (of `diaSource`, else of `diaObject`), or `ssObjectId` where there is none, or 0. `prv_candidates` are `prvDiaSources`,
 * and a limit of 5 sigma for each of `prvDiaForcedSources` that is fainter and whose visit detected nothing; `fp_hists` are
 * `prvDiaForcedSources`, whose fluxes have `magzpsci` 31.4. What else a packet has is in `extra`.
 *
 * Its `schema` holds packets of all three versions, and nearly every field may be null; `schemas(1100)` is the survey's own.
 *
 * Fields: https://github.com/lsst/alert_packet
 *
 * @example
 * ```ts
 * import { LSST, toAlert } from "@btsbot/alert";
 *
 * const diaSource = { diaSourceId: 170032890044678150n, diaObjectId: 170055001640894469n, midpointMjdTai: 61000.25, band: "r", psfFlux: 3631 };
 * const alert = toAlert({ diaSourceId: diaSource.diaSourceId, diaSource }, { surveys: [LSST] });
 * alert.objectId; // => "170055001640894469"
 * alert.candidate.magpsf?.toFixed(2); // => "22.50"
 * LSST.filters[alert.candidate.fid]; // => "r"
 * ```
 */
export const LSST: Survey = {
  name: "lsst",
  detection: "diaSource",
  records: {
    diaSource: SOURCE,
    prvDiaSources: SOURCE,
    prvDiaForcedSources: { fields: toFieldTable(DIA_FORCED_SOURCE), required: ["midpointMjdTai"] },
  },
  filters: LSST_FILTERS,
  schema: lsstSchema("any"),
  schemas: lsstSchemaById,
  toAlert,
  toPacket,
};
