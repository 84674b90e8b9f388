export { CLASSES } from "./classes.js";
export { DEFAULT_SURVEY, simulateSurvey } from "./simulateSurvey.js";
export { toTruthRow, TRUTH_COLUMNS } from "./toTruthRow.js";
export type * from "./types.js";
