import { checkOptions } from "@btsbot/errors";
import type { OptionNames } from "@btsbot/errors";
import type { CountedBy } from "../exposures/types.js";
import type { PolicyAction } from "../types.js";
import { parsePolicy } from "./parsePolicy.js";
import type { Policy, Requirement } from "./types.js";

/** The parts of which {@link makePolicy} makes a policy. */
export interface PolicyParts {
  /** What is asked for: `save`, or `trigger`, which saves as well. */
  readonly action: PolicyAction;
  /** Urgency of the request that follows, 1 to 5, of which 5 is the most urgent. */
  readonly priority?: number;
  /** What counts as one alert; absent for `exposures`: see {@link Policy.countedBy}. */
  readonly countedBy?: CountedBy;
  /** Where the rule is from. */
  readonly source?: string;
}

/** The names of {@link PolicyParts}. */
const POLICY_PARTS: OptionNames<PolicyParts> = {
  action: "string!",
  priority: "number",
  countedBy: "string",
  source: "string",
};

/**
 * Makes a policy of your own. It is plain data, as the ready ones are.
 *
 * @param name - the name that its decisions bear
 * @param parts - what it asks for
 * @param require - what must hold, all of it: see {@link atLeast}
 * @returns the policy
 * @throws BtsbotError `policy-invalid` if no requirement is given or the priority is not 1 to 5
 *
 * @example
 * ```ts
 * import { atLeast, makePolicy } from "@btsbot/policy";
 *
 * const mine = makePolicy("mine", { action: "trigger", priority: 3 },
 *   atLeast(2, "score >= 0.8", "magpsf <= 18.5"),
 *   atLeast(1, "score >= 0.9", "fid == 1"));
 * JSON.stringify(mine.require[1]); // => '{"count":1,"where":[{"field":"score","is":">=","value":0.9},{"field":"fid","is":"==","value":1}]}'
 * ```
 */
export function makePolicy(name: string, parts: PolicyParts, ...require: Requirement[]): Policy {
  checkOptions("makePolicy", parts, POLICY_PARTS);
  return parsePolicy({ name, ...parts, require });
}
