export { createScorer } from "./createScorer.js";
export type { Scorer } from "./createScorer.js";
export { scoreAlert } from "./scoreAlert.js";
export { scoreAlerts } from "./scoreAlerts.js";
export { toJsonResult } from "./toJsonResult.js";
export type { JsonResult } from "./toJsonResult.js";
export { VERSION } from "./version.js";
export type * from "./types.js";
