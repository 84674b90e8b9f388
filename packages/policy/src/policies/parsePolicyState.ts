import { parseData, toSafe } from "@btsbot/errors";
import type { SafeResult } from "@btsbot/errors";
import * as z from "zod";
import { isSameTime } from "../exposures/compareCopies.js";
import { onePerExposure } from "../exposures/groupExposures.js";
import { countsCandids } from "./describeRequirement.js";
import type { PolicyMatch, PolicyState } from "./types.js";

const match: z.ZodType<PolicyMatch> = z.strictObject({
  // What is not an id cannot be put in order: the alerts are not looked at then.
  candid: z.string().regex(/^(0|-?[1-9]\d{0,19})$/, { error: "not an integer in decimal", abort: true }),
  jd: z.number(),
  magpsf: z.number(),
  score: z.number().exactOptional(),
  fid: z.number().exactOptional(),
});

const stateSchema: z.ZodType<PolicyState> = z
  .strictObject({
    policy: z.string().min(1),
    rule: z.string().min(1),
    objectId: z.string().min(1),
    matches: z.array(
      z.array(match).refine(isSorted, { error: "alerts out of order" }).refine(isDistinct, { error: "an alert twice" }),
    ),
  })
  .transform(withExposuresOnce);

/**
 * Reads the state of a source back from plain data, such as a JSON file of the last run.
 *
 * @param data - what `JSON.parse` gives
 * @returns the state
 * @throws BtsbotError `policy-state-invalid`, with a problem for each place that is wrong
 *
 * @example
 * ```ts
 * import { getPolicy, parsePolicyState, stepPolicy } from "@btsbot/policy";
 *
 * const { state } = stepPolicy(getPolicy("gt3"), undefined, { objectId: "a", candid: 7n, jd: 2460220.9, magpsf: 18.3, score: 0.9 });
 * parsePolicyState(JSON.parse(JSON.stringify(state))); // => state
 * ```
 */
export function parsePolicyState(data: unknown): PolicyState {
  return parseData(stateSchema, data, "policy-state-invalid", "the state");
}

/**
 * {@link parsePolicyState} that returns its error.
 *
 * @param data - as there
 * @returns the state or the error
 *
 * @example
 * ```ts
 * import { safeParsePolicyState } from "@btsbot/policy";
 *
 * safeParsePolicyState(null).success; // => false
 * ```
 */
export function safeParsePolicyState(data: unknown): SafeResult<PolicyState> {
  return toSafe(() => parsePolicyState(data));
}

/** Versions that counted each id kept several copies of an exposure, which would fulfil a requirement too early. */
function withExposuresOnce(state: PolicyState): PolicyState {
  if (countsCandids(state.rule)) return state;
  const once = state.matches.map((matches) => {
    const kept = onePerExposure(matches.map((each) => ({ ...each, candid: BigInt(each.candid) })));
    return kept.length === matches.length ? matches : kept.map((each) => ({ ...each, candid: String(each.candid) }));
  });
  return { ...state, matches: once };
}

function isSorted(matches: readonly PolicyMatch[]): boolean {
  return matches.every(
    ({ jd }, index) => index === 0 || matches[index - 1].jd <= jd || isSameTime(matches[index - 1].jd, jd),
  );
}

function isDistinct(matches: readonly PolicyMatch[]): boolean {
  return new Set(matches.map(({ candid, jd, fid }) => `${BigInt(candid)} ${jd} ${fid}`)).size === matches.length;
}
