// What a page without a build imports: build.js makes one file of it, with all that it needs.
export * from "@btsbot/core";
export { readLayersModel, readUrl } from "@btsbot/model";
export { createScorerPool } from "./createScorerPool.js";
export type { ScorerPool } from "./createScorerPool.js";
export type * from "./types.js";
