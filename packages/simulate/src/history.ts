import { createRandom } from "@btsbot/chance";
import { createDetector } from "./detect.js";
import type { Finding } from "./detect.js";
import { FIRST_NID_JD, findExposures, SURVEY_START } from "./exposures.js";
import type { Exposure, Spot } from "./exposures.js";
import { isRecurrent } from "./makeSource.js";
import type { SimulatedSource } from "./source.js";

/** Days of history that a packet brings (Masci et al. 2019, section 6.4). */
export const HISTORY_DAYS = 30;
/** Past exposures that are looked at for how often a source that was always there is found. */
const SAMPLES = 48;
/** Days that these come from. */
const SAMPLED_DAYS = 900;
/** Exposures of a place a year, both filters, all programs: half of all places between 190 and 440. */
const YEARLY = { median: 290, deviation: 0.6 };

/** What the survey has seen of a source up to the night before its alerts' window, and night by night since. */
export interface Past {
  /** Exposures of the last month and the window, and of all the days before in which a transient may have shown. */
  readonly findings: readonly Finding[];
  /** Exposures and detections before those. */
  readonly exposures: number;
  readonly detections: number;
  /** First detection before those; null without one. */
  readonly start: number | null;
}

/** Looks back. */
export function lookBack(
  seed: number,
  source: SimulatedSource,
  spot: Spot,
  from: number,
  to: number,
  shown?: Exposure,
): Past {
  const first = Math.max(
    SURVEY_START,
    source.begin === null ? from - HISTORY_DAYS - 1 : Math.min(source.begin, from - HISTORY_DAYS - 1),
  );
  const detect = createDetector(seed, source, shown);
  const findings = findExposures(seed, spot, toNid(first), toNid(to)).map(detect);
  const random = createRandom(seed, 71, source.index, source.attempt);
  const years = Math.max(0.1, (first - SURVEY_START) / 365.25);
  const exposures = Math.max(3, Math.round(YEARLY.median * Math.exp(random.normal(0, YEARLY.deviation)) * years));
  const early = random.chance(source.begin === null ? 0.06 : 0.1);
  if (isRecurrent(source)) {
    const part = partDetected(seed, source, detect, first);
    const detections = Math.round(part * exposures);
    if (detections > 0) {
      const wait = Math.min(first - SURVEY_START, (-Math.log(random()) * 3 * (first - SURVEY_START)) / detections);
      return { findings, exposures, detections, start: SURVEY_START + wait };
    }
  }
  // Something else was found here once: a bad subtraction, an asteroid.
  if (early)
    return {
      findings,
      exposures,
      detections: 1 + random.poisson(0.7),
      start: SURVEY_START + random() * (first - SURVEY_START),
    };
  return { findings, exposures, detections: 0, start: null };
}

function partDetected(
  seed: number,
  source: SimulatedSource,
  detect: (exposure: Exposure) => Finding,
  before: number,
): number {
  const random = createRandom(seed, 72, source.index, source.attempt);
  const [model] = findExposures(seed, { field: 3, rcid: 0, x: 1, y: 1 }, toNid(before) - 20, toNid(before));
  let found = 0;
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const jd = before - random() * Math.min(SAMPLED_DAYS, before - SURVEY_START);
    if (
      detect({
        ...model,
        jd,
        fid: sample % 2 === 0 ? 1 : 2,
        seeing: model.seeing,
        noise: 5 * Math.exp(random.normal(0.2, 0.35)),
      }).detected
    )
      found += 1;
  }
  return found / SAMPLES;
}

export function toNid(jd: number): number {
  return Math.floor(jd - FIRST_NID_JD);
}
