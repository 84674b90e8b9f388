import { isPositive } from "@btsbot/alert";
import { checkOptions } from "@btsbot/errors";
import type { OptionNames } from "@btsbot/errors";
import { toProfile } from "@btsbot/features";
import type { GivenProfile } from "@btsbot/model";
import { openTable, readClass, readLabel, RowReader } from "@btsbot/tables";
import type { Row } from "@btsbot/tables";
import { readNumberCell } from "./readNumberCell.js";
import type { TrainingAlert } from "./types.js";

/** The survey's mark for a number that it does not have. */
const SENTINEL = -999;
/** The two nearest PS1 sources. */
const PS1 = ["sgscore1", "distpsnr1", "sgscore2", "distpsnr2"];

/** Options of {@link readCandidates}. */
export interface ReadCandidatesOptions {
  /** The feature profile whose columns are read, or its name; none for a network without features. */
  readonly profile?: GivenProfile;
  /** A column that holds a teacher's scores; none by default. */
  readonly teacherColumn?: string;
}

/** The names of {@link ReadCandidatesOptions}. */
const READ_CANDIDATES_OPTIONS: OptionNames<ReadCandidatesOptions> = {
  profile: "string|object",
  teacherColumn: "string",
};

/** A table of alerts; labels are those of the table, null where it has none. */
export interface Candidates {
  /** The alerts, row by row. */
  readonly alerts: readonly CandidateAlert[];
  /** Their features in the profile's order, alert after alert; NaN where one is missing. */
  readonly features: Float32Array;
}

/** An alert whose truth may have to come from elsewhere. */
export type CandidateAlert = Omit<TrainingAlert, "label"> & {
  /** 1 for a bright transient, 0 for anything else; null where the table does not say. */
  readonly label: 0 | 1 | null;
};

/**
 * Reads the table of a published training set, row by row: `objectId`, `candid`, `jd`, the features of
 * the profile under its names, and, where they are, `label`, `class` (or `classification`, `type`), `fid`, `isdiffpos` and the four
 * PS1 fields that cuts look at.
 *
 * @param path - the CSV file
 * @param options - which features
 * @returns the alerts and their features
 * @throws BtsbotError `table-invalid` naming every column that is missing, or a cell that is not a number;
 * `label-invalid`; `profile-unknown`; `file-unreadable`
 *
 * Format: nabeelre/BTSbot, candidates CSV; beside its columns, `stamps` says why an alert has no image, and `positive` stands before `isdiffpos`.
 *
 * @example
 * ```ts
 * import { readCandidates } from "@btsbot/train";
 *
 * await readCandidates("/nonexistent.csv").catch(({ code }) => code); // => "file-unreadable"
 * ```
 */
export async function readCandidates(path: string, options: ReadCandidatesOptions = {}): Promise<Candidates> {
  checkOptions("readCandidates", options, READ_CANDIDATES_OPTIONS);
  const { profile, teacherColumn } = options;
  const names = profile === undefined ? [] : toProfile(profile).features.map(({ name }) => name);
  const needed = ["objectId", "candid", "jd", ...names, ...(teacherColumn === undefined ? [] : [teacherColumn])];
  const alerts: CandidateAlert[] = [];
  const parts: Float32Array[] = [];
  const { rows } = await openTable(path, { needed });
  const reader = new RowReader(path);
  for await (const row of rows) {
    const values = Float32Array.from(names, (name) => readNumberCell(reader, row, name));
    parts.push(values);
    alerts.push({
      ...readFacts(reader, row, alerts.length),
      hasFeatures: values.every(Number.isFinite),
      teacher: teacherColumn === undefined ? null : nullIfNaN(readNumberCell(reader, row, teacherColumn)),
    });
  }
  reader.finish();
  const features = new Float32Array(names.length * parts.length);
  parts.forEach((values, place) => features.set(values, names.length * place));
  return { alerts, features };
}

function readFacts(reader: RowReader, row: Row, index: number): Omit<CandidateAlert, "hasFeatures" | "teacher"> {
  const text = (column: string): string | undefined => row.get(column) as string | undefined;
  const ps1 = PS1.filter((name) => row.has(name)).map((name) => readNumberCell(reader, row, name));
  return {
    row: index,
    objectId: text("objectId")!,
    candid: text("candid")!,
    jd: readNumberCell(reader, row, "jd"),
    fid: nullIfNaN(readNumberCell(reader, row, "fid")),
    positive: isPositive(text("positive") ?? text("isdiffpos")),
    hasPs1: ps1.every((value) => Number.isFinite(value) && value !== SENTINEL),
    hasImage: !text("stamps"),
    label: readLabel(reader, row),
    className: readClass(reader, row),
  };
}

function nullIfNaN(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
