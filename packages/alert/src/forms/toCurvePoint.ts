import { MJD_EPOCH_JD } from "@btsbot/sky";
import { readLong } from "../json/readLong.js";
import { readNumber } from "../json/readNumber.js";
import { isRecord } from "../packet/problems.js";
import type { StoredPoint } from "../types.js";

/** A packet's dates have seven digits: one that went through an MJD is the packet's own again. */
const JD_DIGITS = 1e7;

/** Fields of a point that are numbers. */
const NUMBERS = ["magpsf", "sigmapsf", "diffmaglim", "ra", "dec", "programid"] as const;

/**
 * A point of a light curve from a record that has a packet's names, with `jd` or `mjd`.
 *
 * @returns undefined if it is not a point: it has no date, no filter, or neither a magnitude nor a limit
 */
export function toCurvePoint(record: unknown): StoredPoint | undefined {
  if (!isRecord(record)) return undefined;
  const [jd, mjd, fid] = [finite(record.jd), finite(record.mjd), finite(record.fid)];
  const date = jd ?? (mjd === undefined ? undefined : Math.round((mjd + MJD_EPOCH_JD) * JD_DIGITS) / JD_DIGITS);
  if (date === undefined || fid === undefined) return undefined;
  const numbers = NUMBERS.flatMap((name) => {
    const value = finite(record[name]);
    return value === undefined ? [] : [[name, value] as const];
  });
  const fields: Partial<StoredPoint> = Object.fromEntries(numbers);
  if (fields.magpsf === undefined && fields.diffmaglim === undefined) return undefined;
  const candid = record.candid == null ? undefined : readLong(record.candid);
  const { isdiffpos } = record;
  const isSign = typeof isdiffpos === "string" || typeof isdiffpos === "number" || typeof isdiffpos === "boolean";
  // A rounded id is not an id.
  return { jd: date, fid, ...fields, ...(typeof candid === "bigint" && { candid }), ...(isSign && { isdiffpos }) };
}

function finite(value: unknown): number | undefined {
  const number = value == null ? undefined : readNumber(value);
  return Number.isFinite(number) ? number : undefined;
}
