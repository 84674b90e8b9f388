/** What the survey writes for a number that it does not have (ztf-avro-alert, schema/candidate.md). */
export const NONE = -999;
