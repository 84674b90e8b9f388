import { parseData, toSafe } from "@btsbot/errors";
import type { SafeResult } from "@btsbot/errors";
import * as z from "zod";
import { readTnsDate } from "./readTnsDate.js";
import type { TnsAngle, TnsAtReport, TnsNonDetection, TnsNumber, TnsPhotometry, TnsReport } from "./types.js";

const isNumber = (value: TnsNumber): boolean =>
  Number.isFinite(typeof value === "string" && value.trim() === "" ? Number.NaN : Number(value));
const isEmpty = (value: unknown): boolean => value === undefined || value === "";

const number = z.union([z.number(), z.string()]).refine(isNumber, { error: "not a number" });
const optional = z.union([z.literal(""), number]).exactOptional();
const id = number.refine((value) => Number.isInteger(Number(value)) && Number(value) >= 0, { error: "not an id" });
const date = z
  .union([z.number(), z.string()])
  .refine((value) => readTnsDate(value) !== undefined, { error: "not a date" });
const text = z.string().exactOptional();

/** An angle in degrees or sexagesimal, within a range where it is in degrees. */
function angle(least: number, most: number): z.ZodType<TnsAngle> {
  const inRange = (value: TnsNumber): boolean =>
    isNumber(value)
      ? Number(value) >= least && Number(value) <= most
      : /^[+-]?\d{1,3}:\d{1,2}:\d{1,2}(\.\d+)?$/.test(String(value));
  return z.looseObject({
    value: z
      .union([z.number(), z.string()])
      .refine(inRange, { error: `neither ${least} to ${most} degrees nor sexagesimal` }),
    error: optional,
    units: text,
  });
}

const photometry: z.ZodType<TnsPhotometry> = z.looseObject({
  obsdate: date,
  flux: number,
  flux_error: optional,
  limiting_flux: optional,
  flux_units: id,
  filter_value: id,
  instrument_value: id,
  exptime: optional,
  observer: text,
  comments: text,
});

/** A complete limit, or an archive that was looked at. */
const LIMIT = ["obsdate", "limiting_flux", "flux_units", "filter_value", "instrument_value"] as const;
const nonDetection: z.ZodType<TnsNonDetection> = z
  .looseObject({
    obsdate: z.union([z.literal(""), date]).exactOptional(),
    limiting_flux: optional,
    flux_units: optional,
    filter_value: optional,
    instrument_value: optional,
    exptime: optional,
    observer: text,
    comments: text,
    archiveid: z
      .union([z.literal(""), number.refine((value) => [0, 1, 2].includes(Number(value)), { error: "not 0, 1 or 2" })])
      .exactOptional(),
    archival_remarks: text,
  })
  .refine((value) => !isEmpty(value.archiveid) || LIMIT.every((key) => !isEmpty(value[key])), {
    error: `neither a limit (${LIMIT.join(", ")}) nor an archiveid`,
  })
  .refine(
    ({ archiveid, archival_remarks: remarks }) => isEmpty(archiveid) || Number(archiveid) !== 0 || !isEmpty(remarks),
    {
      error: "archiveid 0, other archive, without archival_remarks",
    },
  );

const atReport: z.ZodType<TnsAtReport> = z
  .looseObject({
    ra: angle(0, 360),
    dec: angle(-90, 90),
    reporting_group_id: id,
    discovery_data_source_id: id,
    reporter: z.string().min(1),
    discovery_datetime: date,
    at_type: number.refine((value) => [0, 1, 2, 3, 4, 5].includes(Number(value)), { error: "not 0 to 5" }),
    host_name: text,
    host_redshift: optional,
    transient_redshift: optional,
    internal_name: text,
    remarks: text,
    non_detection: nonDetection,
    photometry: z.looseObject({
      photometry_group: z
        .record(z.string(), photometry)
        .refine((group) => Object.keys(group).length > 0, { error: "no measurement" }),
    }),
  })
  .refine(
    ({ non_detection: { obsdate }, discovery_datetime: discovery }) =>
      isEmpty(obsdate) || readTnsDate(obsdate)! < readTnsDate(discovery)!,
    {
      error: "the limit is not before the discovery",
      path: ["non_detection", "obsdate"],
    },
  );

const reportSchema: z.ZodType<TnsReport> = z.looseObject({
  at_report: z
    .record(z.string(), atReport)
    .refine((reports) => Object.keys(reports).length > 0, { error: "no source" }),
});

/**
 * Checks a bulk report of discoveries against TNS's format: required fields, types, ranges and the order of dates. Fields
 * that are not known here are let through, since TNS has more.
 *
 * Source: TNS, "Bulk API Manual - Automated reporting to the TNS", section 5, AT reports
 * (https://www.wis-tns.org/sites/default/files/api/TNS_bulk_reports_manual.pdf) and its sample JSON.
 *
 * @param data - what `JSON.parse` gives, or what {@link makeTnsReport} made
 * @returns the report
 * @throws BtsbotError `tns-report-invalid`, with a problem for each place that is wrong
 *
 * @example
 * ```ts
 * import { safeParseTnsReport } from "@btsbot/policy";
 *
 * const result = safeParseTnsReport({ at_report: {} });
 * result.success ? "" : result.error.message; // => "at_report: the TNS report is not valid: no source (got {})"
 * ```
 */
export function parseTnsReport(data: unknown): TnsReport {
  return parseData(reportSchema, data, "tns-report-invalid", "the TNS report");
}

/**
 * {@link parseTnsReport} that returns its error.
 *
 * @param data - as there
 * @returns the report or the error
 *
 * @example
 * ```ts
 * import { safeParseTnsReport } from "@btsbot/policy";
 *
 * safeParseTnsReport([]).success; // => false
 * ```
 */
export function safeParseTnsReport(data: unknown): SafeResult<TnsReport> {
  return toSafe(() => parseTnsReport(data));
}
