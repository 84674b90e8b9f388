import type { Reader } from "./compileReader.js";
import { LARGE } from "./Tap.js";
import type { Tap } from "./Tap.js";

/**
 * Reads one record, which may hold so many values. One of more values than a survey's has is walked through before
 * anything is made of it: what is cut short, or too large in the end, takes no memory until that is seen.
 *
 * @param values - the most that it may hold
 */
export function readDatum(read: Reader, tap: Tap, values: number): unknown {
  const { pos, depth } = tap;
  tap.open(values);
  try {
    return read(tap);
  } catch (thrown) {
    if (thrown !== LARGE) throw thrown;
  }
  for (const isWalk of [true, false]) {
    tap.pos = pos;
    tap.depth = depth;
    tap.reopen(values, isWalk);
    if (isWalk) read(tap);
  }
  return read(tap);
}
