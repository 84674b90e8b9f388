import type { Alert } from "@btsbot/alert";
import type { ModelResult } from "@btsbot/core";
import { checkOptions } from "@btsbot/errors";
import type { OptionNames } from "@btsbot/errors";
import { decisionOf, isSameMoment, planFollowUp, readAlertValue, stepPolicy } from "@btsbot/policy";
import type { Decision, FollowUpRule, Policy, PolicyAlert, PolicyState } from "@btsbot/policy";
import type { Decider, LatestAlert, SourceState } from "./seams/decider.js";

/** By what is decided. */
export interface DeciderOptions {
  /** When to act, each by its name. */
  readonly policies: readonly Policy[];
  /** What to do then; absent for the decision's own action alone. */
  readonly rules?: readonly FollowUpRule[];
}

/** The names of {@link DeciderOptions}. */
const DECIDER_OPTIONS: OptionNames<DeciderOptions> = { policies: "list!", rules: "list" };

/**
 * Makes what decides, source by source.
 *
 * @param options - policies, and rules of follow-up
 * @returns the decider
 *
 * @example
 * ```ts
 * import { createDecider } from "@btsbot/decide";
 * import { getPolicy } from "@btsbot/policy";
 *
 * const decider = createDecider({ policies: [getPolicy("gt1")] });
 * const alert = { objectId: "ZTF20aajcdad", candid: 1n, candidate: { jd: 2458881, fid: 1, magpsf: 18.2 } };
 * const result = { status: "scored", score: 0.9, flags: [], provenance: {} as never } as const;
 * const state = decider.step(undefined, { file: "a.avro", index: 0, alert, result });
 * decider.decide(undefined, state).map(({ policy, action }) => [policy, action]); // => [["gt1", "save"]]
 * ```
 */
export function createDecider(options: DeciderOptions): Decider {
  checkOptions("createDecider", options, DECIDER_OPTIONS);
  const { policies, rules } = options;
  const conditions = policies.flatMap((policy) => policy.require.flatMap(({ where }) => where));
  const fields = [...new Set(conditions.map(({ field }) => field))];
  const count: Decider["count"] = (state = NOTHING, alert) => {
    const counted = stepPolicies(policies, state.policies, alert);
    return counted === state.policies ? state : { ...state, policies: counted };
  };
  return {
    policies,
    ...(rules !== undefined && { rules }),
    count,
    step(state, { alert, filtered, result }) {
      const before = state ?? NOTHING;
      if (filtered?.pass === false) return before;
      const counted = count(before, toPolicyAlert(alert, result, fields));
      const latest = later(before.latest, latestOf(alert));
      return latest === before.latest || latest === undefined ? counted : { ...counted, latest };
    },
    decide: (before, after) => policies.flatMap((policy) => newDecisions(policy, before, after)),
    plan(decisions, known, now) {
      if (rules === undefined || decisions.length === 0) return decisions.map((decision) => ({ decision }));
      const actions = planFollowUp(decisions, known, { rules, now });
      return decisions.map((decision) => ({
        decision,
        plan: actions.filter(({ policy }) => policy === decision.policy),
      }));
    },
  };
}

const NOTHING: SourceState = { policies: {} };

/** One more alert for each policy; the same object where it counts for none. */
function stepPolicies(
  policies: readonly Policy[],
  states: SourceState["policies"],
  alert: PolicyAlert,
): SourceState["policies"] {
  let changed: Record<string, PolicyState> | undefined;
  for (const policy of policies) {
    const before = states[policy.name];
    const after = stepPolicy(policy, before, alert).state;
    if (after === before || after.matches.every((each) => each.length === 0)) continue;
    changed = { ...(changed ?? states), [policy.name]: after };
  }
  return changed ?? states;
}

/** What a policy says now and did not say before; only that the moment moved, where it had fired. */
function newDecisions(policy: Policy, before: SourceState | undefined, after: SourceState): Decision[] {
  const now = decisionOf(policy, after.policies[policy.name]);
  if (now === undefined) return [];
  const then = decisionOf(policy, before?.policies[policy.name]);
  if (then === undefined) return [now];
  return isSameMoment(policy, then, now) ? [] : [{ ...now, revised: true }];
}

/** What policies read of an alert: the fields that their conditions name, and the score where there is one. */
function toPolicyAlert(alert: Alert, result: ModelResult | undefined, named: readonly string[]): PolicyAlert {
  const { objectId, candid, candidate } = alert;
  const score = result?.status === "scored" ? result.score : undefined;
  const fields = named.flatMap((field): [string, number | string | boolean][] => {
    const value = readAlertValue(alert, field);
    return typeof value === "number" || typeof value === "string" || typeof value === "boolean" ? [[field, value]] : [];
  });
  const { jd, fid, magpsf } = candidate;
  return {
    objectId,
    candid,
    jd,
    fid,
    magpsf: magpsf ?? Number.NaN,
    ...(score !== undefined && { score }),
    fields: Object.fromEntries(fields),
  };
}

function latestOf({ candid, candidate: { jd, ra, dec } }: Alert): LatestAlert {
  return { jd, candid: String(candid), ...(ra != null && dec != null && { position: { ra, dec } }) };
}

/** By date and id; versions of one alert by position, so that their order does not matter. */
function later(known: LatestAlert | undefined, alert: LatestAlert): LatestAlert | undefined {
  if (!Number.isFinite(alert.jd)) return known;
  return known === undefined || compareLatest(alert, known) > 0 ? alert : known;
}

function compareLatest(a: LatestAlert, b: LatestAlert): number {
  if (a.jd !== b.jd) return a.jd - b.jd;
  if (a.candid !== b.candid) return BigInt(a.candid) < BigInt(b.candid) ? -1 : 1;
  if (a.position === undefined || b.position === undefined)
    return Number(a.position !== undefined) - Number(b.position !== undefined);
  return a.position.ra - b.position.ra || a.position.dec - b.position.dec;
}
