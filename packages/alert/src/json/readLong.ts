/** Bounds of a 64-bit integer. */
const [MIN_LONG, MAX_LONG] = [-(2n ** 63n), 2n ** 63n - 1n];

/** A number above 2^53 in place of an id: whatever its digits were, they may be rounded. */
export const UNSAFE = Symbol("unsafe integer");

/**
 * Reads a 64-bit integer exactly from what JSON and database drivers make of it: a bigint, a number,
 * decimal digits, `{"$numberLong": "…"}` or `{"$numberInt": "…"}`, or the `Long` of MongoDB's driver.
 *
 * @returns the integer, {@link UNSAFE}, or undefined if the value is not an integer
 */
export function readLong(value: unknown): bigint | typeof UNSAFE | undefined {
  if (typeof value === "number") {
    if (!Number.isInteger(value)) return undefined;
    return Number.isSafeInteger(value) ? BigInt(value) : UNSAFE;
  }
  const exact = readExact(value);
  return exact !== undefined && exact >= MIN_LONG && exact <= MAX_LONG ? exact : undefined;
}

function readExact(value: unknown): bigint | undefined {
  if (typeof value === "bigint") return value;
  // No 64-bit integer has more than 19 digits; BigInt of a million of them would take seconds.
  if (typeof value === "string") return /^[+-]?\d{1,19}$/.test(value) ? BigInt(value.replace("+", "")) : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  const { $numberLong, $numberInt, high, low } = value as Readonly<Record<string, unknown>>;
  if (typeof $numberLong === "string") return readExact($numberLong);
  if (typeof $numberInt === "string") return readExact($numberInt);
  // BSON's Long: two signed halves.
  if (typeof high === "number" && typeof low === "number" && Number.isInteger(high) && Number.isInteger(low)) {
    return (BigInt(high | 0) << 32n) | BigInt(low >>> 0);
  }
  return undefined;
}
