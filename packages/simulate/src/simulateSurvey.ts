import { createRandom } from "@btsbot/chance";
import { BtsbotError, checkOptions } from "@btsbot/errors";
import { gzipSync } from "fflate";
import { assembleAlert } from "./assembleAlert.js";
import { CLASSES } from "./classes.js";
import { FIRST_NID_JD, findExposures, isUp, locate } from "./exposures.js";
import type { Exposure } from "./exposures.js";
import { lookBack, toNid } from "./history.js";
import type { Past } from "./history.js";
import { chooseOnce } from "./makeIntruder.js";
import { makeSource } from "./makeSource.js";
import { BRIGHT_PEAK } from "./makeTransient.js";
import { midnightRa } from "./sky.js";
import { scanSource } from "./scanSource.js";
import type { Scan } from "./scanSource.js";
import type { SimulatedSource } from "./source.js";
import { SURVEY_OPTIONS } from "./types.js";
import type { SimulatedAlert, SourceClass, SurveyOptions, Truth } from "./types.js";

/** What `simulateSurvey` does unless told otherwise. */
export const DEFAULT_SURVEY = {
  /** Nights. */
  nights: 3,
  /** Sources. */
  sources: 500,
  /** Seed. */
  seed: 0,
  /** 2023 October 10: the public survey took every field each second night by then. */
  start: 2460227.5,
} as const;

/** Sources of one survey: alerts' ids end with the source's number. */
const MAX_SOURCES = 10_000;
/** The survey's first nights, and the end of night 9222: from 9223 on, a candid needs more than 63 bits. */
const FIRST_START = 2458300;
const LAST_JD = FIRST_NID_JD + 9223;
/** A source that is not seen is drawn anew; in a night of clouds one of a hundred places is looked at. */
const MAX_ATTEMPTS = 5000;
/** What scanners do about all that is not a transient. */
const NEVER: Scan = { saveJd: null, triggerJd: null };
/** gzip's fastest: noise hardly shrinks. Without a time, so that the same pixels are the same bytes. */
const GZIP = { level: 1, mtime: 0 } as const;

/**
 * Simulates nights of a survey: alert packets of known truth, night after night, each night by time.
 *
 * An alert is made when it is asked for, so that memory does not grow with their number. The same options
 * give the same alerts, byte for byte. A source of index i does not depend on how many there are.
 *
 * @param options - how many nights and sources, of which classes, from which seed
 * @yields an alert and the truth about its source
 * @throws BtsbotError `simulation-invalid` for a number out of range or an unknown class, all at once
 *
 * Sources: docs/simulation.md names them for every part.
 *
 * @example
 * ```ts
 * import { simulateSurvey } from "@btsbot/simulate";
 *
 * const [{ alert, truth }] = simulateSurvey({ nights: 1, sources: 1, seed: 7, mix: { "SN Ia": 1 } });
 * alert.objectId === truth.objectId; // => true
 * truth.class; // => "SN Ia"
 * ```
 */
export function* simulateSurvey(options: SurveyOptions = {}): Generator<SimulatedAlert, void, undefined> {
  checkOptions("simulateSurvey", options, SURVEY_OPTIONS);
  const survey = checkSurvey(options);
  // Which draw of each source is seen: found in the first night, the same in all.
  const attempts = new Int16Array(survey.sources).fill(-1);
  for (let night = 0; night < survey.nights; night += 1) {
    const nid = survey.nid + night;
    const due: Due[] = [];
    for (let index = 0; index < survey.sources; index += 1) due.push(...findDue(survey, index, nid, attempts));
    due.sort((a, b) => a.jd - b.jd || a.index - b.index);
    for (const { index, attempt, jd, fid } of due) yield raise(survey, index, attempt, { jd, fid });
  }
}

interface SimulatedSurvey {
  readonly seed: number;
  readonly nights: number;
  readonly sources: number;
  readonly nid: number;
  readonly window: readonly [number, number];
  readonly mix: readonly (readonly [SourceClass, number])[];
  readonly gzip: (bytes: Uint8Array) => Uint8Array;
}

/** An alert to come: little enough to keep for a whole night. */
interface Due {
  readonly index: number;
  readonly attempt: number;
  readonly jd: number;
  readonly fid: number;
}

function findDue(survey: SimulatedSurvey, index: number, nid: number, attempts: Int16Array): Due[] {
  if (attempts[index] === MAX_ATTEMPTS) return [];
  const found = attempts[index] < 0 ? findSource(survey, index) : observe(survey, index, attempts[index]);
  attempts[index] = found?.source.attempt ?? MAX_ATTEMPTS;
  if (found === undefined) return [];
  const { source, past } = found;
  return past.findings
    .filter(({ exposure, detected }) => detected && exposure.nid === nid)
    .map(({ exposure: { jd, fid } }) => ({ index, attempt: source.attempt, jd, fid }));
}

/** The first draw of a source that the survey sees in its window. */
function findSource(survey: SimulatedSurvey, index: number): ReturnType<typeof observe> | undefined {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const seen = observe(survey, index, attempt);
    if (seen?.past.findings.some(({ exposure, detected }) => detected && exposure.nid >= survey.nid)) return seen;
  }
  return undefined;
}

function observe(survey: SimulatedSurvey, index: number, attempt: number) {
  const { seed, window } = survey;
  const source = makeSource(seed, index, attempt, drawClass(survey, index), window);
  if (!isUp(source.place, midnightRa(window[0]))) return undefined;
  const spot = locate(source.place);
  const exposures = findExposures(seed, spot, survey.nid, toNid(window[1]) - 1);
  // Most draws end here: nothing was taken of the place, or nothing is to be seen there.
  if (exposures.length === 0) return undefined;
  const shown = source.once ? chooseOnce(createRandom(seed, 24, index, attempt), exposures) : undefined;
  return { source, spot, shown, past: lookBack(seed, source, spot, window[0], window[1] - 1, shown) };
}

function raise(
  survey: SimulatedSurvey,
  index: number,
  attempt: number,
  { jd, fid }: Pick<Exposure, "jd"> & { readonly fid: number },
): SimulatedAlert {
  const { source, spot, past } = observe(survey, index, attempt)!;
  const finding = past.findings.find(({ exposure }) => exposure.jd === jd && exposure.fid === fid)!;
  return {
    alert: assembleAlert({ seed: survey.seed, source, spot, past, gzip: survey.gzip }, finding),
    truth: toTruth(survey, source, past),
  };
}

function toTruth({ seed, nid }: SimulatedSurvey, source: SimulatedSource, { findings }: Past): Truth {
  const { objectId, class: name, peak, redshift, place, index, attempt } = source;
  const isTransient = CLASSES.some((each) => each.name === name && each.kind === "transient");
  return {
    objectId,
    label: isTransient && peak.mag <= BRIGHT_PEAK ? 1 : 0,
    class: name,
    peakmag: peak.mag,
    peakjd: peak.jd,
    redshift,
    ra: place.ra,
    dec: place.dec,
    ...(isTransient
      ? scanSource(
          [seed, index, attempt],
          findings.filter(({ exposure }) => exposure.nid >= nid),
        )
      : NEVER),
  };
}

function drawClass({ seed, mix }: SimulatedSurvey, index: number): SourceClass {
  let left = createRandom(seed, 25, index)() * mix.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [name, weight] of mix) {
    left -= weight;
    if (left < 0) return name;
  }
  return mix[mix.length - 1][0];
}

function checkSurvey(options: SurveyOptions): SimulatedSurvey {
  const {
    nights = DEFAULT_SURVEY.nights,
    sources = DEFAULT_SURVEY.sources,
    seed = DEFAULT_SURVEY.seed,
    start = DEFAULT_SURVEY.start,
  } = options;
  const mix =
    options.mix === undefined
      ? CLASSES.map(({ name, part }) => [name, part] as const)
      : (Object.entries(options.mix) as [SourceClass, number][]);
  const wrong = [
    Number.isSafeInteger(nights) && nights >= 1 ? [] : ["nights", "a whole number from 1", nights],
    Number.isSafeInteger(sources) && sources >= 1 && sources <= MAX_SOURCES
      ? []
      : ["sources", `a whole number from 1 to ${MAX_SOURCES}`, sources],
    Number.isSafeInteger(seed) && seed >= 0 ? [] : ["seed", "a whole number from 0 to 2^53 - 1", seed],
    start >= FIRST_START && start + nights < LAST_JD
      ? []
      : ["start", `a Julian date of the survey, ${FIRST_START} to ${LAST_JD}, nights included`, start],
    ...mix.map(([name, weight]) =>
      CLASSES.some((known) => known.name === name)
        ? weight >= 0 && weight < Infinity
          ? []
          : [`mix.${name}`, "a weight from 0", weight]
        : [`mix.${name}`, CLASSES.map((known) => known.name).join(", "), name],
    ),
    mix.some(([, weight]) => weight > 0) ? [] : ["mix", "a class with a weight above 0", "none"],
  ].filter(({ length }) => length > 0);
  if (wrong.length > 0) {
    throw new BtsbotError(
      wrong.map(([path, expected, got]) =>
        BtsbotError.problem("simulation-invalid", "cannot be simulated", {
          path: `${path}`,
          expected: `${expected}`,
          got: `${got}`,
        }),
      ),
    );
  }
  const nid = toNid(start);
  const first = FIRST_NID_JD + nid;
  return {
    seed,
    nights,
    sources,
    nid,
    window: [first, first + nights],
    mix,
    gzip: options.gzip ?? ((bytes) => gzipSync(bytes, GZIP)),
  };
}
