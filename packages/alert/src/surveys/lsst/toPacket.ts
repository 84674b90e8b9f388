import { isPositive } from "../../isPositive.js";
import { isRecord } from "../../packet/problems.js";
import type { IsDiffPos } from "../../types.js";
import type { PacketFields } from "../Survey.js";
import { fromLimit, LSST_FILTERS, fluxOf, fluxErrorOf, toMjdTai } from "./photometry.js";

/** What `toAlert` added to measurements. */
const ADDED: ReadonlySet<string> = new Set(
  "candid jd fid magpsf sigmapsf isdiffpos drb ndethist jdstarthist jdendhist forcediffimflux forcediffimfluxunc magzpsci".split(
    " ",
  ),
);
const STAMPS = ["cutoutScience", "cutoutTemplate", "cutoutDifference"];

/**
 * Makes Rubin's packet of an alert. What an alert of Rubin's kept is written as it was; what another lacks is computed of
 * its magnitudes and dates.
 */
export function toPacket(alert: PacketFields): PacketFields {
  const { survey: _, objectId, candid, candidate, prv_candidates, fp_hists, ...rest } = alert;
  const own = candidate as PacketFields;
  const history = prv_candidates as readonly PacketFields[] | null | undefined;
  const forced = fp_hists as readonly PacketFields[] | null | undefined;
  const sources = history?.filter(isDetection).map((point) => fromDetection(point, objectId));
  const known = new Set((forced ?? []).map(nameExposure));
  const limits = (history ?? []).filter((point) => !isDetection(point) && !known.has(nameExposure(point)));
  // Limits alone may be all that is left of a list that was null.
  const hasSources = history != null && (history.length === 0 || sources!.length > 0);
  return {
    ...rest,
    ...Object.fromEntries(STAMPS.map((name) => [name, bytesOf(rest[name])])),
    diaSourceId: candid,
    diaSource: fromDetection({ ...own, candid }, objectId),
    ...(rest.diaObject === undefined && { diaObject: toObject(own, objectId) }),
    prvDiaSources: hasSources ? sources : null,
    prvDiaForcedSources:
      forced == null && limits.length === 0
        ? null
        : [...(forced ?? []), ...limits.map(toForced)].map((point) => fromForced(point, objectId)),
  };
}

function bytesOf(stamp: unknown): unknown {
  return isRecord(stamp) ? stamp.stampData : (stamp ?? null);
}

function isDetection({ candid, diaSourceId, magpsf }: PacketFields): boolean {
  return candid != null || diaSourceId != null || Number.isFinite(magpsf);
}

function nameExposure({ jd, fid }: PacketFields): string {
  return `${jd as number}/${fid as number}`;
}

function fromDetection(point: PacketFields, objectId: unknown): PacketFields {
  const { candid, jd, fid, magpsf, sigmapsf, isdiffpos, drb } = point;
  const positive = isPositive(isdiffpos as IsDiffPos | null | undefined);
  const size = fluxOf(magpsf);
  const flux = size !== null && positive === false ? -size : size;
  return fill(keepOwn(point), {
    diaSourceId: candid,
    diaObjectId: toId(objectId),
    midpointMjdTai: toMjdTai(jd as number),
    band: LSST_FILTERS[fid as number] ?? null,
    psfFlux: flux,
    psfFluxErr: fluxErrorOf(flux, sigmapsf),
    isNegative: positive === null ? null : !positive,
    reliability: drb ?? null,
  });
}

/** A limit as forced photometry that found nothing. */
function toForced({ diffmaglim, ...point }: PacketFields): PacketFields {
  return { ...point, forcediffimfluxunc: fromLimit(diffmaglim) };
}

function fromForced(point: PacketFields, objectId: unknown): PacketFields {
  const { jd, fid, forcediffimflux, forcediffimfluxunc } = point;
  return fill(keepOwn(point), {
    diaObjectId: toId(objectId),
    midpointMjdTai: toMjdTai(jd as number),
    band: LSST_FILTERS[fid as number] ?? null,
    psfFlux: forcediffimflux ?? null,
    psfFluxErr: forcediffimfluxunc ?? null,
  });
}

/** What the alert says of its object, where it has no record of it. */
function toObject({ ndethist, jdstarthist, jdendhist }: PacketFields, objectId: unknown): PacketFields | null {
  if (ndethist == null && jdstarthist == null && jdendhist == null) return null;
  const [first, last] = [jdstarthist, jdendhist].map((jd) => (typeof jd === "number" ? toMjdTai(jd) : null));
  return {
    diaObjectId: toId(objectId),
    nDiaSources: ndethist ?? null,
    firstDiaSourceMjdTai: first,
    lastDiaSourceMjdTai: last,
  };
}

function keepOwn(point: PacketFields): PacketFields {
  return Object.fromEntries(Object.entries(point).filter(([name]) => !ADDED.has(name)));
}

/** The fields, with others where one is absent. */
function fill(fields: PacketFields, others: PacketFields): PacketFields {
  const absent = Object.entries(others).filter(([name]) => fields[name] === undefined);
  return { ...fields, ...Object.fromEntries(absent) };
}

/** A name in digits as the number that it is. */
function toId(objectId: unknown): bigint | null {
  return typeof objectId === "string" && /^\d{1,19}$/.test(objectId) ? BigInt(objectId) : null;
}
