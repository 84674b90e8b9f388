export { createScorerPool } from "./createScorerPool.js";
export type { ScorerPool } from "./createScorerPool.js";
export { serveScorer } from "./serveScorer.js";
export type * from "./types.js";
