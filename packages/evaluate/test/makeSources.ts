import type { Decision, PolicyAlert } from "@btsbot/policy";
import type { SourceTruth } from "@btsbot/evaluate";

/**
 * The alerts of one source, one a day from JD 2459300.8 on, unless dates are given.
 *
 * @param objectId - its name
 * @param points - magnitude, score if any, and date if another, of each alert
 * @returns the alerts, with candids of their own
 */
export function makeAlerts(
  objectId: string,
  ...points: readonly (readonly [magpsf: number, score?: number, jd?: number])[]
): PolicyAlert[] {
  return points.map(([magpsf, score, jd = 2459300.8], index) => ({
    objectId,
    candid: BigInt(index + 1),
    jd: points[index][2] === undefined ? jd + index : jd,
    magpsf,
    ...(score !== undefined && { score }),
  }));
}

/**
 * A decision of the policy `mine`.
 *
 * @param objectId - the source
 * @param jd - when it fired, Julian date
 * @returns the decision
 */
export function makeDecision(objectId: string, jd = 2459301.8): Decision {
  return { policy: "mine", objectId, action: "save", candid: 2n, jd, reasons: [], alerts: [] };
}

/** Sources and what is known of them. */
export interface Sky {
  readonly alerts: PolicyAlert[];
  readonly truth: SourceTruth[];
}

/**
 * A sky of sources with 1 to 19 alerts: positives brighter and scored higher than negatives, with overlap, over 200 nights;
 * rounded, so that many lie on thresholds.
 *
 * @param count - how many sources
 * @param random - numbers from 0 up to 1
 * @returns their alerts and their truth; a tenth of the positives have no times, some sources are junk
 */
export function makeSky(count: number, random: () => number): Sky {
  const alerts: PolicyAlert[] = [];
  const truth: SourceTruth[] = [];
  for (let index = 0; index < count; index++) {
    const objectId = `ZTF21a${index.toString(36).padStart(6, "0")}`;
    const label = random() < 0.3 ? 1 : 0;
    const first = 2459300.6 + Math.floor(200 * random()) + 0.3 * random();
    const brightest = label === 1 ? 17.2 + 1.4 * random() : 18 + 1.5 * random();
    const skill = label === 1 ? 0.5 : 0.25;
    const length = 1 + Math.floor(19 * random());
    for (let i = 0; i < length; i++) {
      const score = Math.min(100, Math.max(0, Math.round(100 * (skill + 0.7 * (random() - 0.4))))) / 100;
      alerts.push({
        objectId,
        candid: BigInt(index * 100 + i),
        jd: first + 2 * i,
        magpsf: Math.round(10 * (brightest + 0.1 * Math.abs(i - length / 2))) / 10,
        score,
      });
    }
    const times =
      label === 1 && random() < 0.9 ? { saveJd: first + 3 * random(), triggerJd: first + 5 * random() } : {};
    truth.push({ objectId, label, ...times, ...(random() < 0.02 && { junk: true }) });
  }
  return { alerts, truth };
}
