import { BtsbotError } from "@btsbot/errors";
import { readBinary } from "./json/readBinary.js";
import { readLong } from "./json/readLong.js";
import { CUTOUT_FIELDS } from "./packet/alertFields.js";
import { describeValue, isRecord } from "./packet/problems.js";
import type { FetchedStamps } from "./addStamps.js";

/**
 * Reads what Babamul's and BOOM's APIs answer at `/surveys/ZTF/cutouts?candid=ID`: `{candid, cutoutScience,
 * cutoutTemplate, cutoutDifference}`, in base64 or as arrays of bytes, with or without the envelope `{status, data}`.
 *
 * @param answer - the answer, parsed
 * @param candid - the id that was asked for: an answer about another alert is refused; any by default
 * @returns the stamps, for `addStamps`
 * @throws BtsbotError `alert-incomplete` with what is missing
 *
 * @example
 * ```ts
 * import { parseCutouts } from "@btsbot/alert";
 *
 * const answer = { candid: 5, cutoutScience: "H4s=", cutoutTemplate: "H4s=", cutoutDifference: "H4s=" };
 * parseCutouts(answer, 5n).science; // => Uint8Array.of(31, 139)
 * ```
 */
export function parseCutouts(answer: unknown, candid?: bigint): FetchedStamps {
  const inner = isRecord(answer) && isRecord(answer.data) ? answer.data : answer;
  if (!isRecord(inner)) throw incomplete("data", "an object with three stamps", inner);
  const given = inner.candid == null ? undefined : readLong(inner.candid);
  // An id above 2^53 that came as a number is rounded, and tells nothing.
  if (candid !== undefined && typeof given === "bigint" && given !== candid)
    throw incomplete("candid", `the stamps of ${candid}`, inner.candid);
  const [science, template, difference] = CUTOUT_FIELDS.map((name) => {
    const value = inner[name];
    const bytes =
      value == null || value === "" ? undefined : readBinary(isRecord(value) ? (value.stampData ?? value) : value);
    if (bytes === undefined || bytes.length === 0) throw incomplete(name, "a stamp in base64 or in bytes", value);
    return bytes;
  });
  return { science, template, difference };
}

function incomplete(path: string, expected: string, value: unknown): BtsbotError {
  return new BtsbotError("alert-incomplete", "the answer does not hold the stamps of the alert", {
    path,
    expected,
    got: describeValue(value),
  });
}
