import type { Alert, StoredPoint } from "@btsbot/alert";

/**
 * The points that an alert brings to its source's light curve: its own, and those of its history, with what
 * `toLightCurve` of `@btsbot/alert` reads of each.
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
  return [{ ...candidate, candid }, ...(prv_candidates ?? [])].map(
    ({ candid: id, jd, fid, magpsf, sigmapsf, diffmaglim, isdiffpos, programid }) => ({
      jd,
      fid,
      ...(id != null && { candid: id }),
      ...(magpsf != null && { magpsf }),
      ...(sigmapsf != null && { sigmapsf }),
      ...(diffmaglim != null && { diffmaglim }),
      ...(isdiffpos != null && { isdiffpos }),
      ...(programid != null && { programid }),
    }),
  );
}
