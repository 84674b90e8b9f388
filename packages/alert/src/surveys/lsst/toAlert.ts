import { BtsbotError } from "@btsbot/errors";
import { isRecord } from "../../packet/problems.js";
import type { PacketFields } from "../Survey.js";
import { toFid, toJd, toLimit, magnitudeOf, magnitudeErrorOf, ZERO_POINT } from "./photometry.js";

/**
 * Makes of Rubin's packet an alert's fields: every measurement keeps what it had, and gets what filters, light curves and
 * policies read.
 */
export function toAlert(packet: PacketFields): PacketFields {
  const { diaSourceId, diaSource, prvDiaSources, prvDiaForcedSources, ...rest } = packet;
  const source = diaSource as PacketFields;
  const { diaObject } = packet;
  const [sources, forced] = [prvDiaSources, prvDiaForcedSources] as (readonly PacketFields[] | null | undefined)[];
  const limits = findLimits(forced ?? [], [source, ...(sources ?? [])]);
  const history = limits.length > 0 || sources ? [...(sources ?? []).map(toDetection), ...limits] : sources;
  const own = toDetection(source);
  return {
    ...rest,
    survey: "lsst",
    objectId: nameObject(source, packet),
    candid: diaSourceId ?? source.diaSourceId,
    candidate: {
      ...own,
      ...(source.reliability !== undefined && { drb: source.reliability }),
      ...countObject(diaObject),
    },
    ...(history !== undefined && { prv_candidates: history }),
    ...(forced !== undefined && { fp_hists: forced?.map(toForced) ?? null }),
  };
}

/** The object's number: of a star or a galaxy's, else of a body of the Solar System. 0 stands for none. */
function nameObject({ diaObjectId, ssObjectId }: PacketFields, { diaObject, ssSource }: PacketFields): string {
  const others = [diaObject, ssSource].map((record) => (isRecord(record) ? record : {}));
  const ids = [diaObjectId, others[0].diaObjectId, ssObjectId, others[1].ssObjectId];
  const id = ids.find(
    (each) => (typeof each === "bigint" || Number.isSafeInteger(each)) && BigInt(each as number) !== 0n,
  );
  if (id !== undefined) return `${id as bigint}`;
  throw new BtsbotError("alert-invalid", "the alert belongs to no object", {
    path: "diaSource.diaObjectId",
    expected: "diaObjectId, or ssObjectId, other than 0",
    got: `${String(diaObjectId)}, ${String(ssObjectId)}`,
  });
}

function toDetection(source: PacketFields): PacketFields {
  const { diaSourceId, midpointMjdTai, band, psfFlux, psfFluxErr } = source;
  return add(source, {
    candid: diaSourceId,
    jd: toJd(midpointMjdTai as number),
    fid: toFid(band),
    magpsf: magnitudeOf(psfFlux),
    sigmapsf: magnitudeErrorOf(psfFlux, psfFluxErr),
    isdiffpos: toSign(source),
  });
}

/**
 * A copy with fields more. Spread, the objects that a schema's reader makes take a third longer and much memory, which tells
 * in a history of thousands; but a field named `__proto__` would set the prototype if it were assigned.
 */
function add(source: PacketFields, fields: PacketFields): PacketFields {
  return Object.hasOwn(source, "__proto__") ? { ...source, ...fields } : Object.assign({}, source, fields);
}

/** What the survey says of the sign, else the flux's own. */
function toSign({ isNegative, psfFlux }: PacketFields): string | null {
  if (typeof isNegative === "boolean") return isNegative ? "f" : "t";
  const sign = Math.sign(Number(psfFlux ?? NaN));
  return sign === 0 || Number.isNaN(sign) ? null : sign > 0 ? "t" : "f";
}

/** Forced photometry, whose fluxes have one zero point. */
function toForced(source: PacketFields): PacketFields {
  const { midpointMjdTai, band, psfFlux, psfFluxErr } = source;
  return add(source, {
    jd: toJd(midpointMjdTai as number),
    fid: toFid(band),
    forcediffimflux: psfFlux,
    forcediffimfluxunc: psfFluxErr,
    magzpsci: ZERO_POINT,
  });
}

/** Exposures in which nothing was detected, and forced photometry says how faint it must have been. */
function findLimits(forced: readonly PacketFields[], sources: readonly PacketFields[]): PacketFields[] {
  const detected = new Set(sources.map(nameVisit));
  return forced.flatMap((source) => {
    const { midpointMjdTai, band, psfFlux, psfFluxErr } = source;
    const limit = detected.has(nameVisit(source)) ? undefined : toLimit(psfFlux, psfFluxErr);
    if (limit === undefined) return [];
    return [{ jd: toJd(midpointMjdTai as number), fid: toFid(band), diffmaglim: limit, magpsf: null, candid: null }];
  });
}

/** An exposure: its number, or its date where it has none. */
function nameVisit({ visit, midpointMjdTai }: PacketFields): unknown {
  return visit ?? midpointMjdTai;
}

/** What is known of the object, by the names that ZTF's alerts have for it. */
function countObject(object: unknown): PacketFields {
  if (!isRecord(object)) return {};
  const { nDiaSources, firstDiaSourceMjdTai: first, lastDiaSourceMjdTai: last } = object;
  return {
    ...(typeof nDiaSources === "number" && { ndethist: nDiaSources }),
    ...(typeof first === "number" && { jdstarthist: toJd(first) }),
    ...(typeof last === "number" && { jdendhist: toJd(last) }),
  };
}
