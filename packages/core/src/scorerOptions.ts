import { READ_OPTIONS } from "@btsbot/alert";
import { checkOptions, nameKind, OptionsError } from "@btsbot/errors";
import type { OptionNames } from "@btsbot/errors";
import type { ScorerOptions, ScoringOptions } from "./types.js";

/**
 * The names of {@link ScorerOptions}.
 *
 * @internal
 */
export const SCORER_OPTIONS: OptionNames<ScorerOptions> = {
  models: "object|list|string",
  store: "object",
  engine: true,
  profiles: "list",
  gunzip: "function",
  read: READ_OPTIONS,
  batchSize: "number",
  history: "function",
  realBogus: "object|function|string",
};

/**
 * The names of {@link ScoringOptions}.
 *
 * @internal
 */
export const SCORING_OPTIONS: OptionNames<ScoringOptions> = { maxWaitMs: "number", signal: "object" };

/**
 * Refuses options that there are not, and those that cannot be what they are for: where they are used, later, they
 * would be taken for the fault of an alert.
 *
 * @throws TypeError with the option's name
 *
 * @internal
 */
export function checkScorerOptions<T extends Pick<ScorerOptions, "store" | "engine">>(
  caller: string,
  options: T,
  names: OptionNames<T>,
): void {
  checkOptions(caller, options, names);
  const { store, engine } = options;
  if (store !== undefined && typeof store?.load !== "function")
    refuse(caller, "store", "a model store, such as openCache() of @btsbot/weights", store);
  for (const each of engine === undefined ? [] : [engine].flat())
    if (typeof each?.canRun !== "function" || typeof each.prepare !== "function")
      refuse(caller, "engine", "an engine, such as createSimdEngine() of @btsbot/simd, or a list of them", each);
}

function refuse(caller: string, name: string, expected: string, got: unknown): never {
  throw new OptionsError(`${caller}: expected \`${name}\` to be ${expected}, got ${nameKind(got)}`);
}
