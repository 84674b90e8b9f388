import type { Survey } from "../Survey.js";
import { CANDIDATE_FIELDS, FP_HIST_FIELDS, PRV_CANDIDATE_FIELDS } from "./fields.js";
import { ZTF_SCHEMA } from "./ztfSchema.js";

/**
 * The Zwicky Transient Facility: packets of schemas 1.3 to 4.02, whose names an `Alert` has.
 *
 * Fields and filters: https://github.com/ZwickyTransientFacility/ztf-avro-alert
 *
 * @example
 * ```ts
 * import { ZTF } from "@btsbot/alert";
 *
 * ZTF.filters[2]; // => "r"
 * ```
 */
export const ZTF: Survey = {
  name: "ztf",
  detection: "candidate",
  records: {
    candidate: { fields: CANDIDATE_FIELDS },
    prv_candidates: { fields: PRV_CANDIDATE_FIELDS },
    fp_hists: { fields: FP_HIST_FIELDS },
  },
  filters: { 1: "g", 2: "r", 3: "i" },
  schema: ZTF_SCHEMA,
};
