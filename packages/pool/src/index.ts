export { createComparerPool } from "./createComparerPool.js";
export type { ComparerPool } from "./createComparerPool.js";
export { createScorerPool } from "./createScorerPool.js";
export type { ScorerPool } from "./createScorerPool.js";
export { serveScorer } from "./serveScorer.js";
export type * from "./types.js";
