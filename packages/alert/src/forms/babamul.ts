import type { BrokerForm } from "./BrokerForm.js";
import { fromBoom } from "./fromBoom.js";

/**
 * Babamul, BOOM's public stream: as `BOOM`, with a history in fluxes, and without stamps, which `addStamps` fetches.
 *
 * Source: https://github.com/boom-astro/boom, `src/enrichment/babamul.rs`; the flux of ZTF's alerts is 1e6 times
 * what its unit says, see `BOOM`.
 *
 * @example
 * ```ts
 * import { BABAMUL, toAlert } from "@btsbot/alert";
 *
 * const candidate = { jd: 2461000.5, fid: 1, band: "g", magpsf: 19.75, psfFlux: 45708818961.487, isdiffpos: true };
 * const prv_candidates = [{ jd: 2460998.5, band: "r", psfFlux: 45708818961.487, psfFluxErr: 4e9 }];
 * const document = { objectId: "ZTF20aajcdad", candid: 1n, candidate, prv_candidates, survey_matches: {} };
 * const alert = toAlert(document, { forms: [BABAMUL] });
 * alert.prv_candidates![0].magpsf!.toFixed(6); // => "19.750000"
 * alert.form!.flags; // => ["magnitude-from-flux"]
 * ```
 */
export const BABAMUL: BrokerForm = {
  name: "babamul",
  lists: { prv_nondetections: "prv_candidates" },
  toPacket: (document) =>
    document.survey_matches === undefined
      ? document
      : fromBoom(document, "babamul", "Babamul sends no stamps: its API has them at /surveys/ZTF/cutouts?candid=ID."),
};
