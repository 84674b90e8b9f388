import { MAX_BLOCK_BYTES } from "./maxBlockBytes.js";
import type { ReadLimits, ReadOptions } from "../types.js";

/**
 * What one record may decode to unless the caller says otherwise: 131,072 values and 2 MiB of bytes, by a
 * schema of at most 256 KiB.
 *
 * Measured: a ZTF packet (schemas 1.3 to 4.02, 132 real ones) needs at most 9,317 values and 49 kB of
 * stamps and texts, by a schema of 26 kB; the same as JSON with stamps as lists of rows, as Fink's API sends
 * them, 16,584 values in 281 kB; BOOM's API, stamps as arrays of bytes, 41,716 values in 155 kB; Rubin's schemas
 * 9.0 to 11.0 take up to 41 kB, its packets about 140 kB. A record at these limits takes less than 64 MB of
 * memory to read.
 *
 * @example
 * ```ts
 * import { parseAlert, READ_LIMITS, encodeAlerts } from "@btsbot/alert";
 *
 * const bytes = encodeAlerts([{ objectId: "ZTF20aajcdad", candid: 1n, candidate: { jd: 2458881.0, fid: 1 } }]);
 * parseAlert(bytes, { limits: { values: 2 * READ_LIMITS.values } }).objectId; // => "ZTF20aajcdad"
 * ```
 */
export const READ_LIMITS: ReadLimits = { values: 131_072, bytes: 2_097_152, schemaBytes: 262_144 };

/** What a list, a map or a record counts beside what is in it: empty, it takes as much memory as so many numbers. */
export const CONTAINER_VALUES = 4;

/** What bytes count beside their length: an array of its own, even if empty, takes some 160 bytes of memory. */
export const BINARY_VALUES = 16;

/** The limits of a reading, each with its default. */
export interface InputBounds extends ReadLimits {
  readonly maxBlockBytes: number;
}

/** Fills in what the options leave out. */
export function toBounds({ maxBlockBytes = MAX_BLOCK_BYTES, limits }: ReadOptions): InputBounds {
  const {
    values = READ_LIMITS.values,
    bytes = READ_LIMITS.bytes,
    schemaBytes = READ_LIMITS.schemaBytes,
  } = limits ?? READ_LIMITS;
  return { maxBlockBytes, values, bytes, schemaBytes };
}
