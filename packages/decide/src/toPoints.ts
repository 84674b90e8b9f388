import type { Alert, FieldValue, StoredPoint } from "@btsbot/alert";

/**
 * The points that an alert brings to its source's light curve: its own, and those of its history, with what
 * `toLightCurve` of `@btsbot/alert` reads of each. NaN stands for no value, as there; a point without a date or a filter
 * is in no light curve.
 *
 * @param alert - the alert
 * @returns its own point first; later ones as the packet has them
 *
 * @example
 * ```ts
 * import { toPoints } from "@btsbot/decide";
 *
 * const candidate = { jd: 2458881, fid: 1, magpsf: 18.2 };
 * const prv_candidates = [{ jd: 2458878, fid: 2, diffmaglim: 20.1 }];
 * toPoints({ objectId: "ZTF20aajcdad", candid: 2n, candidate, prv_candidates }).map(({ jd }) => jd); // => [2458881, 2458878]
 * ```
 */
export function toPoints({ candid, candidate, prv_candidates }: Alert): StoredPoint[] {
  return [{ ...candidate, candid }, ...(prv_candidates ?? [])]
    .filter(({ jd, fid }) => Number.isFinite(jd) && Number.isFinite(fid))
    .map(({ candid: id, jd, fid, magpsf, sigmapsf, diffmaglim, isdiffpos, programid }) => ({
      jd,
      fid,
      ...(id != null && { candid: id }),
      ...(isGiven(magpsf) && { magpsf }),
      ...(isGiven(sigmapsf) && { sigmapsf }),
      ...(isGiven(diffmaglim) && { diffmaglim }),
      ...(isGiven(isdiffpos) && { isdiffpos }),
      ...(isGiven(programid) && { programid }),
    }));
}

function isGiven<T extends FieldValue | undefined>(value: T): value is NonNullable<T> {
  return value != null && !Number.isNaN(value);
}
