import { encodeBase64 } from "./base64.js";
import { MAX_DEPTH, tooDeep } from "../inputs/maxDepth.js";
import { toFields } from "../inputs/toFields.js";
import { readBinary } from "./readBinary.js";
import { readLong } from "./readLong.js";
import { readNumber } from "./readNumber.js";

/*
 * MongoDB Extended JSON v2, as far as an alert needs it: what plain JSON cannot say (64-bit integers,
 * NaN, bytes). https://github.com/mongodb/specifications/blob/master/source/extended-json/extended-json.md
 */

/**
 * A value as plain JSON, with the wrappers of Extended JSON around what JSON cannot hold.
 *
 * @param path - the place of the value, for errors
 * @throws BtsbotError `limit-exceeded` for more levels than `JSON.stringify` should be given
 */
export function toExtendedJson(value: unknown, path: string, depth = 0): unknown {
  if (typeof value === "bigint") return { $numberLong: `${value}` };
  if (typeof value === "number") return toExtendedNumber(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth > MAX_DEPTH) throw tooDeep(path);
  if (ArrayBuffer.isView(value)) {
    return {
      $binary: {
        base64: encodeBase64(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)),
        subType: "00",
      },
    };
  }
  if (Array.isArray(value)) return value.map((entry) => toExtendedJson(entry, path, depth + 1));
  if (typeof (value as { toJSON?: unknown }).toJSON === "function") return (value as { toJSON(): unknown }).toJSON();
  return mapValues(value, (entry) => toExtendedJson(entry, path, depth + 1));
}

function toExtendedNumber(value: number): unknown {
  // A number of more than 2^53 has only digits, as an id has, and would be read as one.
  const isPlain = Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
  if (isPlain && !Object.is(value, -0)) return value;
  return { $numberDouble: Object.is(value, -0) ? "-0.0" : `${value}` };
}

/** The way back: wrappers become what they stand for, anything else stays as it is. */
export function fromExtendedJson(value: unknown, path: string, depth = 0): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth > MAX_DEPTH) throw tooDeep(path);
  if (Array.isArray(value)) return value.map((entry) => fromExtendedJson(entry, path, depth + 1));
  if (!isPlain(value)) return value;
  const [key] = Object.keys(value);
  if (key === "$numberLong") return exactly(readLong(value), readNumber(value) ?? value);
  if (key === "$numberDouble" || key === "$numberInt") return readNumber(value) ?? value;
  if (key === "$binary") return readBinary(value) ?? value;
  return mapValues(value, (entry) => fromExtendedJson(entry, path, depth + 1));
}

function exactly(long: bigint | symbol | undefined, otherwise: unknown): unknown {
  return typeof long === "bigint" ? long : otherwise;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function mapValues(value: object, map: (value: unknown) => unknown): object {
  return toFields(Object.keys(value), (name) => map((value as Readonly<Record<string, unknown>>)[name]));
}
