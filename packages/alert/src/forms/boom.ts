import type { BrokerForm } from "./BrokerForm.js";
import { fromBoom } from "./fromBoom.js";

/**
 * BOOM's documents, from its database or its API: the alert's id is the document's, upper limits stand in a list of
 * their own, and bands and fluxes in place of filters and magnitudes. Its histories do not say which sign a
 * subtraction had: the flux's is taken, and without one positive is assumed, flagged `isdiffpos-assumed`. Its
 * `classifications` become those of the alert.
 *
 * Source: https://github.com/boom-astro/boom, `src/alert/ztf.rs`, `src/utils/lightcurves.rs`.
 *
 * @example
 * ```ts
 * import { BOOM } from "@btsbot/alert";
 *
 * BOOM.candid; // => "_id"
 * ```
 */
export const BOOM: BrokerForm = {
  name: "boom",
  candid: "_id",
  lists: { prv_nondetections: "prv_candidates" },
  toPacket: (document) =>
    fromBoom(document, "boom", "BOOM left out the stamps: its API has them at /surveys/ZTF/cutouts?candid=ID."),
};
