import type { FieldTable } from "../surveys/Survey.js";
import { CANDIDATE_FIELDS, FP_HIST_FIELDS } from "../surveys/ztf/fields.js";

/** Fields without which a measurement of an alert means nothing. */
export const REQUIRED_FIELDS: readonly string[] = ["jd", "fid"];

/** The names of the stamps, in the order of a triplet. */
export const CUTOUT_FIELDS = ["cutoutScience", "cutoutTemplate", "cutoutDifference"] as const;

/** What the type `Measurement` says of an alert's records, whatever survey it is of. */
const MEASUREMENT = pick(
  CANDIDATE_FIELDS,
  "jd fid pid diffmaglim programid isdiffpos magpsf sigmapsf ra dec candid".split(" "),
);

/** The records of an alert by name, with the kinds of those fields that its types say. */
export const ALERT_RECORDS: Readonly<Record<string, FieldTable>> = {
  candidate: { ...MEASUREMENT, ...pick(CANDIDATE_FIELDS, "jdstarthist ndethist ncovhist drb drbversion".split(" ")) },
  prv_candidates: MEASUREMENT,
  fp_hists: pick(FP_HIST_FIELDS, "jd fid forcediffimflux forcediffimfluxunc".split(" ")),
};

function pick(table: FieldTable, names: readonly string[]): FieldTable {
  return Object.fromEntries(names.map((name) => [name, table[name]]));
}
