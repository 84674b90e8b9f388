export { createRandom } from "./createRandom.js";
export type { Random } from "./createRandom.js";
export { hashKeys } from "./hashKeys.js";
export type { Key } from "./hashKeys.js";
export { shuffle } from "./shuffle.js";
