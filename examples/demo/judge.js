/** Whether a policy picked it. */
export const isPicked = ({ decisions }) => decisions.some((decision) => decision !== undefined);
/** Whether it is what the survey wants: a supernova or tidal disruption that peaks at 18.5 mag or brighter. */
export const isWanted = ({ truth }) => truth.label === 1;
/** The highest score that it had; undefined if none. */
export const bestScore = ({ alerts }) =>
  alerts.reduce((best, { score }) => (score === undefined || score < best ? best : score), undefined);
/** The brightest of its alerts. */
export const brightest = ({ alerts }) => alerts.reduce((best, each) => (each.magpsf < best.magpsf ? each : best));
/** When the first policy picked it. */
export const pickedAt = ({ decisions }) => Math.min(...decisions.map((decision) => decision?.jd ?? Infinity));

/** Both policies want two alerts at this magnitude or brighter, with this score or more. */
const [FAINTEST, THRESHOLD, COUNT] = [19, 0.5, 2];

/**
 * Why no policy picked a source.
 *
 * @param {import("./scanNights.js").Source} source
 * @returns {string}
 */
export function whyNot({ alerts }) {
  const bright = alerts.filter(({ magpsf }) => magpsf <= FAINTEST).length;
  if (bright < COUNT) return `${bright === 0 ? "had no alert" : "had one alert only"} at ${FAINTEST} mag or brighter`;
  return `scored below ${THRESHOLD} where bright enough`;
}

/** How many of the sources were not picked for each reason, the most frequent first: `16 had one alert only at 19 mag or brighter`. */
export function countReasons(sources) {
  const reasons = sources.map(whyNot);
  const counts = [...new Set(reasons)].map((reason) => [reasons.filter((each) => each === reason).length, reason]);
  return counts.sort(([a], [b]) => b - a).map(([count, reason]) => `${count} ${reason}`);
}

/** A Julian date as people write it, UT: `12 Oct 05:31`. */
export function formatUt(jd) {
  const [, day, month, , time] = new Date((jd - 2440587.5) * 86400e3).toUTCString().split(" ");
  return `${day} ${month} ${time.slice(0, 5)}`;
}
