import { REQUIRED_FIELDS } from "../../packet/alertFields.js";
import type { FieldTable } from "../Survey.js";
import { CANDIDATE_FIELDS, FP_HIST_FIELDS, PRV_CANDIDATE_FIELDS } from "./fields.js";
import type { AvroSchema } from "../../avro/AvroSchema.js";

/** `isdiffpos` stays as it came: the survey writes strings, brokers also booleans and integers. */
const SIGN = ["string", "boolean", "int"];

/**
 * The schema that `encodeAlerts` writes by unless another is given: the fields and types of the
 * survey's version 4.02.
 *
 * It differs from the survey's own in that every field may be null but those without which there is
 * no alert (`objectId`, `candid`, and the `jd` and `fid` of a measurement), and that `isdiffpos` may be
 * a string, a boolean or an integer, so that what brokers store can be written too. Magnitudes and
 * most other measurements are single precision, as there.
 *
 * Fields: https://github.com/ZwickyTransientFacility/ztf-avro-alert, `schema/`.
 *
 * @example
 * ```ts
 * import { ZTF_SCHEMA } from "@btsbot/alert";
 *
 * (ZTF_SCHEMA as { version: string }).version; // => "4.02"
 * ```
 */
export const ZTF_SCHEMA: AvroSchema = {
  type: "record",
  name: "alert",
  namespace: "ztf",
  version: "4.02",
  doc: "ZTF alert packet, written by @btsbot/alert",
  fields: [
    nullable("schemavsn", "string"),
    nullable("publisher", "string"),
    { name: "objectId", type: "string" },
    { name: "candid", type: "long" },
    { name: "candidate", type: toRecord("candidate", CANDIDATE_FIELDS) },
    nullable("prv_candidates", { type: "array", items: toRecord("prv_candidate", PRV_CANDIDATE_FIELDS) }),
    nullable("fp_hists", { type: "array", items: toRecord("fp_hist", FP_HIST_FIELDS) }),
    nullable("cutoutScience", {
      type: "record",
      name: "cutout",
      namespace: "ztf.alert",
      fields: [nullable("fileName", "string"), { name: "stampData", type: "bytes" }],
    }),
    nullable("cutoutTemplate", "ztf.alert.cutout"),
    nullable("cutoutDifference", "ztf.alert.cutout"),
  ],
};

function toRecord(name: string, table: FieldTable): object {
  const fields = Object.entries(table).map(([field, kind]) => {
    if (REQUIRED_FIELDS.includes(field)) return { name: field, type: kind };
    return nullable(field, ...(kind === "sign" ? SIGN : [kind]));
  });
  return { type: "record", name, namespace: "ztf.alert", fields };
}

function nullable(name: string, ...types: (string | object)[]): object {
  return { name, type: ["null", ...types], default: null };
}
