import { checkReadOptions } from "./inputs/checkReadOptions.js";
import { readEach } from "./inputs/readSteps.js";
import { takeOne } from "./parseAlert.js";
import { toForms } from "./packet/toForms.js";
import { FORM_OPTIONS } from "./types.js";
import type { Alert, FormOptions } from "./types.js";

/**
 * Makes an {@link Alert} of an object that was read already: a decoded packet, or a document of
 * Kowalski, Fritz, BOOM or Fink.
 *
 * Fields are found by name, whatever schema or database the document went through:
 * - 64-bit ids (`candid`, `pid`, `tblid`, `rfid`, `objectidps1` to `3`) from a bigint, a safe number,
 *   digits, `{"$numberLong": "…"}` or the driver's `Long`;
 * - stamps from base64, `{"$binary": …}`, the driver's `Binary`, bytes or arrays of bytes, under
 *   `cutoutScience` itself or its `stampData`; from lists of rows of pixels, as Fink's API sends them, null for
 *   NaN: these are written as the FITS image that they were, not compressed;
 * - without `candid` at the top, the one of `candidate`, or a numeric `_id` (BOOM);
 * - `prv_nondetections` (BOOM keeps the upper limits apart) are added to `prv_candidates`.
 *
 * What is absent stays absent, null stays null, NaN stays NaN. Null entries of the lists are dropped.
 * Unknown fields of `candidate` stay there; unknown ones at the top go to `extra`. The document is
 * not changed; the alert shares with it what needs no change.
 *
 * @param document - the object
 * @param options - surveys and brokers' forms beside the ready ones
 * @returns the alert
 * @throws BtsbotError `alert-invalid` where `objectId`, `candid`, `candidate`, a `jd` or a `fid` is
 * missing, or a field has the wrong type; `integer-unsafe` where an id is a number above 2^53. The
 * problems, 100 at most, are in `problems`, with paths such as `prv_candidates[3].jd`. `limit-exceeded` where a field
 * that the survey does not have nests more than 64 levels deep, or holds itself
 * @throws TypeError for an option that there is not, and for a survey or a form that is not one
 *
 * @example
 * ```ts
 * import { toAlert } from "@btsbot/alert";
 *
 * const alert = toAlert({
 *   objectId: "ZTF20aajcdad",
 *   candid: { $numberLong: "1127495406315015005" },
 *   candidate: { jd: 2458881.0, fid: 1, magpsf: 18.2 },
 * });
 * alert.candid; // => 1127495406315015005n
 * ```
 */
export function toAlert(document: unknown, options: FormOptions = {}): Alert {
  // Given to `map`, it gets an index in their place.
  const given = typeof options === "object" ? options : {};
  checkReadOptions("toAlert", given, FORM_OPTIONS);
  return takeOne(readEach(document, toForms(given)));
}
