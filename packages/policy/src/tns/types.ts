import type { LightCurve } from "@btsbot/alert";
import type { OptionNames } from "@btsbot/errors";

/** A source to be reported to TNS. */
export interface TnsSource {
  /** The source's name, which TNS keeps as the internal name. */
  readonly objectId: string;
  /** Right ascension, degrees, J2000, 0 to 360. */
  readonly ra: number;
  /** Declination, degrees, J2000, -90 to 90. */
  readonly dec: number;
  /** 1-sigma error of the position, arcsec; absent if unknown. */
  readonly positionError?: number;
  /** The light curve as far back as it is known: the earliest positive detection is the discovery. */
  readonly history: LightCurve;
  /** What it may be, by TNS's number: 0 other, 1 possible supernova (by default), 2 possible nova, 3 AGN, 4 nuclear, 5 fast radio burst. */
  readonly atType?: number;
  /** Name of the host galaxy; absent if unknown. */
  readonly hostName?: string;
  /** Redshift of the host galaxy; absent if unknown. */
  readonly hostRedshift?: number;
  /** Redshift of the transient; absent if unknown. */
  readonly redshift?: number;
  /** What else is to be said. */
  readonly remarks?: string;
  /** What TNS is told where no limit precedes the discovery; without it such a source is refused. */
  readonly archivalRemarks?: string;
}

/** Who reports. */
export interface TnsReportOptions {
  /** The names, as TNS publishes them, such as `A. Smith (Institute), on behalf of ...`. */
  readonly reporter: string;
  /** TNS's id of the group that reports. */
  readonly reportingGroupId: number;
  /** TNS's id of the group whose data they are; 48, ZTF, by default. Needed where data are Rubin's. */
  readonly dataSourceId?: number;
}

/**
 * The names of {@link TnsReportOptions}.
 *
 * @internal
 */
export const TNS_REPORT_OPTIONS: OptionNames<TnsReportOptions> = {
  reporter: "string!",
  reportingGroupId: "number!",
  dataSourceId: "number",
};

/** A number, or a text that holds one: TNS takes both. */
export type TnsNumber = number | string;

/** Where, as TNS's format has it. */
export interface TnsAngle {
  /** Degrees, or a sexagesimal text. */
  readonly value: TnsNumber;
  /** 1-sigma error; absent or empty if unknown. */
  readonly error?: TnsNumber;
  /** Unit of the error: `arcsec`, `arcmin` or `deg`. */
  readonly units?: string;
}

/** One measurement, as TNS's format has it. */
export interface TnsPhotometry {
  /** UTC date and time, a decimal date, or JD. */
  readonly obsdate: TnsNumber;
  /** Magnitude or flux. */
  readonly flux: TnsNumber;
  /** Its error. */
  readonly flux_error?: TnsNumber;
  /** The limit of the exposure. */
  readonly limiting_flux?: TnsNumber;
  /** TNS's id of the unit: 1 is AB magnitude. */
  readonly flux_units: TnsNumber;
  /** TNS's id of the filter: 110 ZTF g, 111 ZTF r, 112 ZTF i; 160 to 165 Rubin's u, g, r, i, z, y. */
  readonly filter_value: TnsNumber;
  /** TNS's id of the instrument: 196 is ZTF's camera, 287 Rubin's. */
  readonly instrument_value: TnsNumber;
  /** Exposure, s. */
  readonly exptime?: TnsNumber;
  /** Who observed. */
  readonly observer?: string;
  /** Comments. */
  readonly comments?: string;
}

/** The last limit before the discovery, as TNS's format has it, or why there is none. */
export interface TnsNonDetection {
  /** UTC date and time, a decimal date, or JD. */
  readonly obsdate?: TnsNumber;
  /** The limit. */
  readonly limiting_flux?: TnsNumber;
  /** TNS's id of the unit: 1 is AB magnitude. */
  readonly flux_units?: TnsNumber;
  /** TNS's id of the filter. */
  readonly filter_value?: TnsNumber;
  /** TNS's id of the instrument. */
  readonly instrument_value?: TnsNumber;
  /** Exposure, s. */
  readonly exptime?: TnsNumber;
  /** Who observed. */
  readonly observer?: string;
  /** Comments. */
  readonly comments?: string;
  /** Archive in which nothing is seen, where no limit is given: 0 other, 1 SDSS, 2 DSS. */
  readonly archiveid?: TnsNumber;
  /** What that archive is; needed with 0. */
  readonly archival_remarks?: string;
}

/** The report of one source, as TNS's format has it. */
export interface TnsAtReport {
  /** Right ascension. */
  readonly ra: TnsAngle;
  /** Declination. */
  readonly dec: TnsAngle;
  /** TNS's id of the group that reports. */
  readonly reporting_group_id: TnsNumber;
  /** TNS's id of the group whose data they are. */
  readonly discovery_data_source_id: TnsNumber;
  /** Who reports. */
  readonly reporter: string;
  /** UTC date and time of the discovery, a decimal date, or JD. */
  readonly discovery_datetime: TnsNumber;
  /** What it may be: 0 to 5. */
  readonly at_type: TnsNumber;
  /** Name of the host. */
  readonly host_name?: string;
  /** Redshift of the host. */
  readonly host_redshift?: TnsNumber;
  /** Redshift of the transient. */
  readonly transient_redshift?: TnsNumber;
  /** The survey's name of the source. */
  readonly internal_name?: string;
  /** Remarks. */
  readonly remarks?: string;
  /** The last limit, or why there is none. */
  readonly non_detection: TnsNonDetection;
  /** The measurements. */
  readonly photometry: {
    /** By number, from `"0"`. */
    readonly photometry_group: Readonly<Record<string, TnsPhotometry>>;
  };
}

/** A bulk report: what TNS takes as `data` at `/api/bulk-report`. */
export interface TnsReport {
  /** The sources by number, from `"0"`. */
  readonly at_report: Readonly<Record<string, TnsAtReport>>;
}
