import { READ_OPTIONS } from "@btsbot/alert";
import { checkOptions } from "@btsbot/errors";
import type { OptionNames } from "@btsbot/errors";
import type { ScorerOptions } from "./types.js";

/**
 * The names of {@link ScorerOptions}.
 *
 * @internal
 */
export const SCORER_OPTIONS: OptionNames<ScorerOptions> = {
  models: true,
  store: true,
  engine: true,
  seat: true,
  gunzip: true,
  read: READ_OPTIONS,
  batchSize: true,
  history: true,
  realBogus: true,
};

/**
 * Refuses options that there are not, and those that cannot be what they are for: where they are used, later, they
 * would be taken for the fault of an alert.
 *
 * @throws TypeError with the option's name
 *
 * @internal
 */
export function checkScorerOptions<T extends Partial<ScorerOptions>>(
  caller: string,
  options: T,
  names: OptionNames<T>,
): void {
  checkOptions(caller, options, names);
  const { gunzip, history, store, engine } = options;
  for (const [name, given] of Object.entries({ gunzip, history }))
    if (given !== undefined && typeof given !== "function") refuse(caller, name, "a function", given);
  if (store !== undefined && typeof store?.load !== "function")
    refuse(caller, "store", "a model store, such as openCache() of @btsbot/weights", store);
  for (const each of engine === undefined ? [] : [engine].flat())
    if (typeof each?.canRun !== "function" || typeof each.prepare !== "function")
      refuse(caller, "engine", "an engine, such as createSimdEngine() of @btsbot/simd, or a list of them", each);
}

function refuse(caller: string, name: string, expected: string, got: unknown): never {
  throw new TypeError(
    `${caller}: expected \`${name}\` to be ${expected}, got ${typeof got === "object" && got !== null ? "something else" : String(got)}`,
  );
}
