import type { Alert, Candidate, Cutout, FpHist, PrvCandidate } from "@btsbot/alert";
import { createRandom } from "@btsbot/chance";
import { writeFits } from "@btsbot/cutout";
import type { Stamp } from "@btsbot/cutout";
import { describeNeighbors, describeReference } from "./describeSky.js";
import type { Finding } from "./detect.js";
import { keyOf } from "./detect.js";
import type { Spot } from "./exposures.js";
import { centralValue, noiseArea } from "./psf.js";
import { HISTORY_DAYS } from "./history.js";
import type { Past } from "./history.js";
import { describeExposure, describeLimit, measure, skyOf } from "./measure.js";
import { renderStamps } from "./render.js";
import type { SimulatedSource } from "./source.js";

/** Sources younger than this bring forced photometry (ztf-avro-alert, schema 4.01). */
const FORCED_DAYS = 30;
const DRB_VERSION = "d6_m7";

export interface Seen {
  readonly seed: number;
  readonly source: SimulatedSource;
  readonly spot: Spot;
  readonly past: Past;
  readonly gzip: (bytes: Uint8Array) => Uint8Array;
}

/** Makes the packet of one detection. */
export function assembleAlert(seen: Seen, finding: Finding): Alert {
  const { seed, source, spot, past } = seen;
  const { exposure } = finding;
  const candidate = describeCandidate(seen, finding);
  const before = past.findings.filter(({ exposure: { jd } }) => jd < exposure.jd && jd >= exposure.jd - HISTORY_DAYS);
  const history = before.map((each): PrvCandidate =>
    each.detected ? measureAt(seen, each) : describeLimit(seed, source, spot, each.exposure),
  );
  const isYoung = exposure.jd - candidate.jdstarthist! < FORCED_DAYS;
  const stamps = renderStamps(seed, source, spot, finding, skyOf(seed, source, exposure));
  const name = `candid${candidate.candid}_pid${exposure.pid}_targ`;
  return {
    schemavsn: "4.02",
    publisher: "@btsbot/simulate",
    objectId: source.objectId,
    candid: candidate.candid!,
    candidate,
    prv_candidates: history.length > 0 ? history : null,
    fp_hists: isYoung ? before.map((each) => describeForced(seen, each)) : null,
    cutoutScience: pack(seen, stamps.science, `${name}_sci.fits.gz`),
    cutoutTemplate: pack(seen, stamps.template, `${name}_ref.fits.gz`),
    cutoutDifference: pack(seen, stamps.difference, `${name}_scimref.fits.gz`),
  };
}

function pack({ gzip }: Seen, stamp: Stamp, fileName: string): Cutout {
  return { fileName, stampData: gzip(writeFits(stamp)) };
}

function measureAt({ seed, source, spot }: Seen, finding: Finding): PrvCandidate {
  return measure(seed, source, spot, finding, describeReference(seed, source, spot, finding.exposure.fid, finding));
}

function describeCandidate(seen: Seen, finding: Finding): Candidate {
  const { seed, source, spot, past } = seen;
  const { exposure } = finding;
  const random = createRandom(seed, 81, source.index, source.attempt, keyOf(exposure));
  const fields = createRandom(seed, 82, spot.field, spot.rcid, exposure.fid);
  const { rbversion, ...measured } = measureAt(seen, finding);
  const upTo = past.findings.filter(({ exposure: { jd } }) => jd <= exposure.jd);
  const detections = upTo.filter(({ detected }) => detected);
  const first = detections[0].exposure.jd;
  const jdstarthist = past.start ?? first;
  // The brightest pixel over the noise there, and the matched filter's peak over its own.
  const peak = (finding.snr * Math.sqrt(noiseArea(exposure.psf)) * centralValue(exposure.psf)) / 1.15;
  const ssnrms = finding.snr * random.between(0.65, 0.95);
  const frames = fields.chance(0.8) ? 15 : 15 + fields.below(26);
  const jdstartref = 2458160 + fields.between(0, 120);
  return {
    ...measured,
    ...describeNeighbors(seed, source, finding),
    ndethist: past.detections + detections.length,
    ncovhist: past.exposures + upTo.length,
    jdstarthist,
    jdendhist: exposure.jd,
    tooflag: 0,
    rfid: BigInt(`${spot.field}${exposure.fid}${String(spot.rcid).padStart(2, "0")}${fields.below(60) + 100}`),
    jdstartref,
    jdendref: jdstartref + fields.between(10, 150),
    nframesref: frames,
    rbversion,
    dsnrms: peak,
    ssnrms,
    dsdiff: peak - ssnrms,
    nmatches: 200 + fields.below(1800),
    zpclrcov: -random.between(4e-6, 8e-5),
    zpmed: exposure.zeroPoint + random.normal(0, 0.03),
    clrmed: 0.7 + fields.normal(0, 0.12),
    clrrms: 0.25 + fields.normal(0, 0.05),
    exptime: 30,
    drb: drawDrb(seen, finding),
    drbversion: DRB_VERSION,
  };
}

/** The survey's score: sure of what stands alone, less so beside a star's residual, low for bogus. */
function drawDrb({ seed, source }: Seen, { exposure, under, flux }: Finding): number {
  const random = createRandom(seed, 83, source.index, source.attempt, keyOf(exposure));
  const crowding = under / Math.abs(flux);
  const logit =
    source.artifact !== undefined
      ? random.normal(-2.5, 2.5)
      : random.normal(8, 2.1) - 4.4 * Math.log10(Math.max(1, crowding)) - (random.chance(0.04) ? 5 : 0);
  return 1 / (1 + Math.exp(-logit));
}

/** Forced photometry at the source's place, detected or not. */
function describeForced({ seed, source, spot }: Seen, { exposure, flux }: Finding): FpHist {
  const { pid, tblid, candid, pdiffimfilename, programpi, nid, ...described } = describeExposure(
    exposure,
    spot,
    createRandom(seed, 52, source.index, keyOf(exposure)),
  );
  const reference = describeReference(seed, source, spot, exposure.fid, { east: 0, north: 0 });
  return {
    ...described,
    pid,
    sciinpseeing: exposure.seeing,
    scibckgnd: exposure.noise ** 2 * 6.2,
    scisigpix: exposure.noise,
    exptime: 30,
    forcediffimflux: flux,
    forcediffimfluxunc: exposure.noise * Math.sqrt(noiseArea(exposure.psf)),
    procstatus: "0",
    ...reference,
  };
}
