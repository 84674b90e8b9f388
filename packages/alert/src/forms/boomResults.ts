import { BtsbotError } from "@btsbot/errors";
import { readNumber } from "../json/readNumber.js";
import { isRecord } from "../packet/problems.js";
import type { PacketFields } from "../surveys/Survey.js";
import type { BrokerForm } from "./BrokerForm.js";
import { readFluxPoint, readFluxPoints, toScale } from "./fluxPoints.js";

const LACKS =
  "The results of BOOM's filters hold photometry, scores and stamps, and no candidate: most features of a model are missing. BOOM's API has the whole alert, at /surveys/ZTF/objects/NAME.";

/** Scores of the packet that BOOM lists among those of networks. */
const OF_CANDIDATE = ["rb", "drb", "sgscore1"];

/**
 * What BOOM's filters send to SkyPortal, `ZTF_alerts_results` and `LSST_alerts_results`: photometry in place of a
 * candidate and its history. The point of the alert's own date becomes the candidate, forced photometry `fp_hists`;
 * `filters` stays in `extra`.
 *
 * Source: https://github.com/boom-astro/boom, `src/filter/base.rs` and `src/filter/ztf.rs`.
 *
 * @example
 * ```ts
 * import { BOOM_RESULTS, toAlert } from "@btsbot/alert";
 *
 * const point = { jd: 2461000.5, flux: -45708818961.487, flux_err: 4e9, band: "g", origin: "Alert", programid: 1 };
 * const result = { candid: 1n, objectId: "ZTF20aajcdad", jd: 2461000.5, ra: 10, dec: 20, survey: "Ztf" };
 * const alert = toAlert({ ...result, filters: [], photometry: [point] }, { forms: [BOOM_RESULTS] });
 * alert.candidate.magpsf!.toFixed(6); // => "19.750000"
 * alert.candidate.isdiffpos; // => "f"
 * ```
 */
export const BOOM_RESULTS: BrokerForm = { name: "boom-results", toPacket: fromResults };

function fromResults(document: PacketFields): PacketFields {
  const { candidate, filters, photometry, jd, ra, dec, candid, classifications, survey, ...rest } = document;
  if (candidate !== undefined || !Array.isArray(photometry) || !Array.isArray(filters)) return document;
  const isLsst = String(survey).toLowerCase() === "lsst";
  const scale = toScale(isLsst);
  const points = photometry.filter(isRecord);
  // Points of a counterpart in another survey have other filters and another zero point.
  const own = points.filter((point) => point.survey === undefined || point.survey === survey);
  const others = points.filter((point) => !own.includes(point));
  const isForced = ({ origin }: PacketFields) => origin === "ForcedPhot";
  const alerts = own.filter((point) => !isForced(point));
  const at = alerts.findIndex((point) => point.jd === jd && point.flux != null);
  if (at < 0) {
    throw new BtsbotError("alert-incomplete", "a result of BOOM's filters has no photometry of the alert's own date", {
      path: "photometry",
      expected: `a detection at jd ${String(jd)}`,
    });
  }
  const scores = toScores(classifications);
  const measured = Object.fromEntries(
    OF_CANDIDATE.flatMap((name) => (scores?.[name] == null ? [] : [[name, scores[name]]])),
  );
  return {
    ...rest,
    candid,
    filters,
    ...(isLsst && { survey: "lsst" }),
    ...(scores && { classifications: scores }),
    ...(others.length > 0 && { photometry: others }),
    candidate: { ...(readFluxPoint(rename(alerts[at]), scale) as PacketFields), ...measured, candid, jd, ra, dec },
    prv_candidates: readFluxPoints(alerts.filter((_, place) => place !== at).map(rename), scale),
    fp_hists: readFluxPoints(own.filter(isForced).map(rename), scale),
    form: { name: "boom-results", flags: [...scale.flags], lacks: LACKS },
  };
}

/** A point with the names that it has elsewhere in BOOM. */
function rename({ flux, flux_err, origin, survey, ...point }: PacketFields): PacketFields {
  return { ...point, psfFlux: flux, psfFluxErr: flux_err };
}

/** Scores by their names, as BOOM's documents have them. */
function toScores(classifications: unknown): Record<string, unknown> | undefined {
  if (!Array.isArray(classifications)) return undefined;
  const scores = classifications.filter(isRecord).filter(({ classifier }) => typeof classifier === "string");
  return Object.fromEntries(
    scores.map(({ classifier, score }): [string, unknown] => [classifier as string, readNumber(score) ?? score]),
  );
}
