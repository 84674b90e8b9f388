/** Calls a second, for each `Authorization` header (SkyPortal's nginx template). */
const RATE = 5;
/** Calls that may come at once on top. */
const BURST = 10;

/**
 * What nginx does with `limit_req rate=5r/s burst=10 nodelay`: an excess that leaks away.
 *
 * @param now - the time, ms
 * @returns whether a call of who has this header may pass
 */
export function createGate(now: () => number): (header: string) => boolean {
  const known = new Map<string, { excess: number; at: number }>();
  return (header) => {
    const at = now();
    const last = known.get(header);
    if (last === undefined) {
      known.set(header, { excess: 0, at });
      return true;
    }
    const excess = Math.max(0, last.excess - ((at - last.at) / 1000) * RATE) + 1;
    if (excess > BURST) return false;
    known.set(header, { excess, at });
    return true;
  };
}
