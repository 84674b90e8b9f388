import type { BrokerForm } from "./BrokerForm.js";

/**
 * BOOM's documents: the alert's id is the document's, and upper limits stand in a list of their own.
 *
 * Source: https://github.com/boom-astro/boom, `src/alert/ztf.rs`.
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
};
