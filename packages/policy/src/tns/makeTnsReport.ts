import type { Detection, NonDetection } from "@btsbot/alert";
import { BtsbotError, checkArgument, checkOptions } from "@btsbot/errors";
import type { Problem } from "@btsbot/errors";
import { parseTnsReport } from "./parseTnsReport.js";
import { readTnsDate, writeTnsDate } from "./readTnsDate.js";
import { TNS_REPORT_OPTIONS } from "./types.js";
import type { TnsAtReport, TnsNonDetection, TnsPhotometry, TnsReport, TnsReportOptions, TnsSource } from "./types.js";

/** TNS's ids, as Fink and ALeRCE report ZTF's alerts: the group ZTF, ... */
const ZTF_GROUP = 48;
/** ... its camera P48 - ZTF-Cam, and the filters g-ZTF, r-ZTF and i-ZTF by `fid`; ZTF's exposure, s (Bellm et al. 2019, PASP 131, 018002). */
const ZTF_INSTRUMENT: Instrument = { camera: "196", filters: { 1: "110", 2: "111", 3: "112" }, exposure: 30 };
/**
 * LSSTCam and its filters u to y by the `fid` that `LSST` of `@btsbot/alert` gives; how long a visit takes is not in an alert.
 *
 * Source: TNS reporting by Lasair's Virtual Research Assistants, "Important codes to know for LSST"
 * (https://lasairvras.github.io/lvra-doc/tns.html).
 */
const LSST_INSTRUMENT: Instrument = {
  camera: "287",
  filters: { 11: "160", 12: "161", 13: "162", 14: "163", 15: "164", 16: "165" },
};
/** AB magnitudes. */
const AB_MAGNITUDE = "1";
/** Possible supernova. */
const POSSIBLE_SUPERNOVA = 1;
/** An archive other than SDSS and DSS. */
const OTHER_ARCHIVE = "0";
const OBSERVER = "Robot";

/** A camera by TNS's id, and its filters. */
interface Instrument {
  readonly camera: string;
  readonly filters: Readonly<Record<number, string>>;
  /** Seconds, where they are always the same. */
  readonly exposure?: number;
}

/**
 * Makes the bulk report of discoveries that TNS takes, for chosen sources. Nothing is sent.
 *
 * The discovery is the earliest detection of the history that is not known to be negative; all of
 * those are the photometry. The non-detection is the last limit before it; where there is none, TNS
 * asks for an archive in which nothing is seen, which `archivalRemarks` names. A packet holds 30 days
 * of history: give all that is known, and only data that may be made public.
 *
 * Source: TNS, "Bulk API Manual - Automated reporting to the TNS", section 5, AT reports
 * (https://www.wis-tns.org/sites/default/files/api/TNS_bulk_reports_manual.pdf) and its sample JSON;
 * ids of ZTF as in astrolabsoftware/fink-broker and alercebroker's reporters; of Rubin as Lasair's assistants report it. The
 * group whose data they are has no default there: give `dataSourceId`.
 *
 * @param sources - the sources, numbered in their order
 * @param options - who reports
 * @returns the report, checked by {@link parseTnsReport}
 * @throws BtsbotError `tns-report-invalid`, with a problem for everything that is missing or out of range
 *
 * @example
 * ```ts
 * import { makeTnsReport } from "@btsbot/policy";
 *
 * const detection = { jd: 2460220.941, fid: 1, magpsf: 18.27, sigmapsf: 0.1, positive: true, candid: null, programid: 1 };
 * const history = { detections: [detection], nondetections: [{ jd: 2460218.9, fid: 2, diffmaglim: 20.1 }] };
 * const source = { objectId: "ZTF23abhvlji", ra: 143.7976, dec: 83.9735, history };
 * const { at_report } = makeTnsReport([source], { reporter: "A. Person (Somewhere)", reportingGroupId: 74 });
 * at_report[0].discovery_datetime; // => "2023-10-03 10:35:02.400"
 * at_report[0].non_detection.filter_value; // => "111"
 * ```
 */
export function makeTnsReport(sources: readonly TnsSource[], options: TnsReportOptions): TnsReport {
  checkOptions("makeTnsReport", options, TNS_REPORT_OPTIONS);
  checkArgument("makeTnsReport", "sources", sources, "list");
  const problems: Problem[] = [];
  const reports = sources.flatMap((source) => {
    const found = problemsOf(source, options);
    problems.push(...found);
    return found.length === 0 ? [toAtReport(source, options)] : [];
  });
  if (problems.length > 0) throw new BtsbotError(problems);
  return parseTnsReport({ at_report: Object.fromEntries(reports.entries()) });
}

/** What the format cannot name by source, and what it does not check. */
function problemsOf(source: TnsSource, { dataSourceId }: TnsReportOptions): Problem[] {
  const problem = (field: string, summary: string): Problem =>
    BtsbotError.problem("tns-report-invalid", summary, { path: `${source.objectId}.${field}` });
  const detections = detectionsOf(source);
  const limit = lastLimit(source);
  const used = [...detections, ...(limit ? [limit] : [])];
  return [
    ...(detections.length === 0 ? [problem("history.detections", "there is no positive detection")] : []),
    ...(used.some(({ fid }) => instrumentOf(fid) === undefined)
      ? [problem("history", "a filter is neither one of ZTF's, 1 to 3, nor one of Rubin's, 11 to 16")]
      : []),
    ...(dataSourceId === undefined && used.some(({ fid }) => instrumentOf(fid) === LSST_INSTRUMENT)
      ? [problem("history", "the data are Rubin's, and `dataSourceId`, TNS's id of their group, is not given")]
      : []),
    ...(used.some(({ jd }) => readTnsDate(jd) === undefined)
      ? [problem("history", "a date is not a Julian date")]
      : []),
    ...(limit === undefined && !source.archivalRemarks
      ? [problem("archivalRemarks", "no limit precedes the discovery, and no archive without the source is named")]
      : []),
  ];
}

function toAtReport(
  source: TnsSource,
  { reporter, reportingGroupId, dataSourceId = ZTF_GROUP }: TnsReportOptions,
): TnsAtReport {
  const {
    objectId,
    ra,
    dec,
    positionError,
    atType = POSSIBLE_SUPERNOVA,
    hostName,
    hostRedshift,
    redshift,
    remarks,
  } = source;
  const error = positionError === undefined ? {} : { error: positionError, units: "arcsec" };
  const detections = detectionsOf(source);
  return {
    ra: { value: ra, ...error },
    dec: { value: dec, ...error },
    reporting_group_id: String(reportingGroupId),
    discovery_data_source_id: String(dataSourceId),
    reporter,
    discovery_datetime: writeTnsDate(detections[0].jd),
    at_type: String(atType),
    ...(hostName !== undefined && { host_name: hostName }),
    ...(hostRedshift !== undefined && { host_redshift: hostRedshift }),
    ...(redshift !== undefined && { transient_redshift: redshift }),
    internal_name: objectId,
    ...(remarks !== undefined && { remarks }),
    non_detection: toNonDetection(lastLimit(source), source.archivalRemarks),
    photometry: { photometry_group: Object.fromEntries(detections.map(toPhotometry).entries()) },
  };
}

function toPhotometry({ jd, fid, magpsf, sigmapsf }: Detection): TnsPhotometry {
  return {
    obsdate: writeTnsDate(jd),
    flux: magpsf,
    ...(sigmapsf !== null && { flux_error: sigmapsf }),
    ...exposure(fid),
  };
}

function toNonDetection(limit: NonDetection | undefined, archivalRemarks: string | undefined): TnsNonDetection {
  if (limit === undefined)
    return { archiveid: OTHER_ARCHIVE, ...(archivalRemarks !== undefined && { archival_remarks: archivalRemarks }) };
  return { obsdate: writeTnsDate(limit.jd), limiting_flux: limit.diffmaglim, ...exposure(limit.fid) };
}

function exposure(
  fid: number,
): Pick<TnsPhotometry, "flux_units" | "filter_value" | "instrument_value" | "exptime" | "observer"> {
  const { camera, filters, exposure: seconds } = instrumentOf(fid)!;
  return {
    flux_units: AB_MAGNITUDE,
    filter_value: filters[fid],
    instrument_value: camera,
    ...(seconds !== undefined && { exptime: seconds }),
    observer: OBSERVER,
  };
}

function instrumentOf(fid: number): Instrument | undefined {
  return [ZTF_INSTRUMENT, LSST_INSTRUMENT].find(({ filters }) => Object.hasOwn(filters, fid));
}

function detectionsOf({ history }: TnsSource): Detection[] {
  return history.detections.filter(({ positive }) => positive !== false).sort((a, b) => a.jd - b.jd);
}

function lastLimit(source: TnsSource): NonDetection | undefined {
  const [discovery] = detectionsOf(source);
  if (discovery === undefined) return undefined;
  const before = source.history.nondetections.filter(({ jd }) => jd < discovery.jd);
  return before.sort((a, b) => a.jd - b.jd).at(-1);
}
