import { createRandom } from "@btsbot/chance";
import type { Finding } from "./detect.js";

/** Scanners see what is brighter than this in two alerts (Perley et al. 2020, ApJ 904, 35, section 2.2). */
const SCANNED = { mag: 19, alerts: 2 };
/** A spectrum is asked for once it is as bright as this. */
const TRIGGERED = 18.5;
/**
 * Days from the alert to the click: median of a lognormal law with this scatter in ln. Scanners are 0.0381 days later than
 * bts_p1 with a save and 0.0147 with a trigger, in the median (Rehemtulla et al. 2024, ApJ 972, 7, section 4.1); the
 * scatter is that of the peaks of its Figure 7, and so is the part that is later by a week.
 */
const DELAY = { save: 0.0381, trigger: 0.0147, scatter: 0.8, lateChance: 0.04, lateDays: 7 };

/** When scanners acted on a source; null where they did not. */
export interface Scan {
  readonly saveJd: number | null;
  readonly triggerJd: number | null;
}

/**
 * What scanners do about a transient who begin with the first night that is simulated, as a policy does that is
 * replayed on it: they save it some time after its second alert of 19 mag or brighter, and ask for a spectrum some time
 * after it was saved and 18.5 mag bright.
 *
 * @internal
 */
export function scanSource(
  keys: readonly [seed: number, index: number, attempt: number],
  findings: readonly Finding[],
): Scan {
  const random = createRandom(keys[0], 26, keys[1], keys[2]);
  const wait = (median: number): number =>
    median * Math.exp(random.normal(0, DELAY.scatter)) +
    (random.chance(DELAY.lateChance) ? -DELAY.lateDays * Math.log(random()) : 0);
  const [saving, asking] = [wait(DELAY.save), wait(DELAY.trigger)];
  const seen = findings.filter(({ detected, flux, mag }) => detected && flux > 0 && mag <= SCANNED.mag);
  const second = seen[SCANNED.alerts - 1] as Finding | undefined;
  if (second === undefined) return { saveJd: null, triggerJd: null };
  const saveJd = second.exposure.jd + saving;
  const bright = seen.find(({ mag }) => mag <= TRIGGERED);
  return {
    saveJd,
    triggerJd: bright === undefined ? null : Math.max(second.exposure.jd, bright.exposure.jd) + asking,
  };
}
