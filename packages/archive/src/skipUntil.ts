import { BtsbotError, checkArgument } from "@btsbot/errors";
import type { Skipping } from "./types.js";

/**
 * Makes the option `skip` of `readArchive` that goes on after a position: members before it are not read. If several members have the
 * position's name, the first is meant.
 *
 * @param position - from `formatPosition`
 * @returns `skip`, for one reading, and `isFound`, which says whether the position was reached
 * @throws BtsbotError `position-unknown` for a text that is not a position
 *
 * @example
 * ```ts
 * import { skipUntil } from "@btsbot/archive";
 *
 * const { skip, isFound } = skipUntil("night.tar.gz/b.avro#2");
 * skip("night.tar.gz/a.avro"); // => Infinity
 * skip("night.tar.gz/b.avro"); // => 3
 * skip("night.tar.gz/c.avro"); // => 0
 * isFound(); // => true
 * ```
 */
export function skipUntil(position: string): Skipping {
  checkArgument("skipUntil", "position", position, "string");
  const [, file, digits] = /^(.*)#(\d*)$/s.exec(position) ?? [];
  if (file === undefined)
    throw new BtsbotError("position-unknown", "this is not a position", {
      expected: "member#index",
      got: JSON.stringify(position),
    });
  let found = false;
  return {
    isFound: () => found,
    skip(name) {
      if (found) return 0;
      if (name !== file) return Infinity;
      found = true;
      return digits === "" ? Infinity : Number(digits) + 1;
    },
  };
}
