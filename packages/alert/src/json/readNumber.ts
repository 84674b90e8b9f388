import { readLong } from "./readLong.js";

/**
 * Reads a number from what JSON and database drivers make of it: a number, a bigint that fits,
 * `{"$numberDouble": "…"}` (also `"NaN"`, `"Infinity"`), `{"$numberInt": "…"}`, `{"$numberLong": "…"}` (rounded),
 * or the `Double` and `Int32` of MongoDB's driver.
 *
 * @returns the number, or undefined if the value is not a number
 */
export function readNumber(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "object" && value !== null) {
    const { $numberDouble, $numberLong, value: inner, _bsontype } = value as Readonly<Record<string, unknown>>;
    if (typeof $numberDouble === "string") {
      const number = Number($numberDouble);
      return $numberDouble.trim() === "" || (Number.isNaN(number) && $numberDouble !== "NaN") ? undefined : number;
    }
    // What stands in JSON as a number of many digits: a sky of 2.4e17 does, and its last ones are none of its own.
    if (typeof $numberLong === "string" && /^[+-]?\d{1,400}$/.test($numberLong)) return Number($numberLong);
    if (typeof inner === "number" && typeof _bsontype === "string") return inner;
  }
  if (typeof value !== "bigint" && typeof value !== "object") return undefined;
  const long = readLong(value);
  return typeof long === "bigint" && BigInt(Number(long)) === long ? Number(long) : undefined;
}
