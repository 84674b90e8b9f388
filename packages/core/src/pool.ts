// The door of @btsbot/pool: what one of several threads has.
export { createSeatedComparer } from "./createSeatedComparer.js";
export type { SeatedComparer, SeatedComparerOptions } from "./createSeatedComparer.js";
export { createSeatedScorer } from "./createSeatedScorer.js";
export type { SeatedOptions, SeatedScorer } from "./createSeatedScorer.js";
