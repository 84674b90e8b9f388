import type { Alert } from "@btsbot/alert";
import type { ModelResult } from "@btsbot/core";
import { decisionOf, isSameMoment, stepPolicy } from "@btsbot/policy";
import type { Decision, Policy, PolicyAlert, SkyPosition } from "@btsbot/policy";
import { keysOf, planDecisions } from "./planDecisions.js";
import type { SourceBook, SourceState } from "./stateTypes.js";
import type { DecideSetup, PlannedDecision } from "./types.js";

/**
 * Shows alerts to policies, in any order, and says at the end what they decided.
 *
 * @internal
 */
export interface Decider {
  take(alert: Alert, result: ModelResult | undefined): void;
  /** What was decided since the state that the run began with, by date; the book then holds what is to be kept. */
  finish(): PlannedDecision[];
}

const NOTHING: SourceState = { policies: {}, issued: [] };

/** Date and id of a source's latest alert, which says where it is. */
interface Latest {
  readonly jd: number;
  readonly candid: bigint;
  readonly position?: SkyPosition;
}

/** A source that this run has seen. */
interface SeenSource {
  /** What was known of it when the run began. */
  readonly before: SourceState;
  latest: Latest;
}

/** By date and id; versions of one alert by position, so that their order does not matter. */
function compareLatest(a: Latest, b: Latest): number {
  if (a.jd !== b.jd) return a.jd - b.jd;
  if (a.candid !== b.candid) return a.candid < b.candid ? -1 : 1;
  if (a.position === undefined || b.position === undefined)
    return Number(a.position !== undefined) - Number(b.position !== undefined);
  return a.position.ra - b.position.ra || a.position.dec - b.position.dec;
}

/**
 * Makes a decider that goes on with the sources of a book.
 *
 * @internal
 */
export function createDecider(
  { policies, rules, now }: Pick<DecideSetup, "policies" | "rules" | "now">,
  book: SourceBook,
): Decider {
  const seen = new Map<string, SeenSource>();
  return {
    take(alert, result) {
      const { objectId, candid } = alert;
      const state = book.get(objectId) ?? NOTHING;
      const { jd } = alert.candidate;
      const latest: Latest = { jd, candid, ...positionOf(alert) };
      const source = seen.get(objectId);
      if (source === undefined) seen.set(objectId, { before: state, latest });
      else if (compareLatest(latest, source.latest) > 0) source.latest = latest;
      const next = stepPolicies(policies, state, toPolicyAlert(alert, result, policies));
      if (next !== state) book.set(objectId, next);
    },
    finish() {
      const decided = [...seen].flatMap(
        ([
          objectId,
          {
            before,
            latest: { position },
          },
        ]) => {
          const after = book.get(objectId) ?? before;
          const decisions = policies.flatMap((policy) => newDecision(policy, before, after));
          if (rules === undefined || decisions.length === 0) return decisions.map((decision) => ({ decision }));
          const actions = planDecisions(
            decisions,
            { objectId, issued: after.issued, ...(position && { position }) },
            { rules, now },
          );
          book.set(objectId, { ...after, issued: [...after.issued, ...keysOf(actions)] });
          return decisions.map((decision) => ({
            decision,
            plan: actions.filter(({ policy }) => policy === decision.policy),
          }));
        },
      );
      return decided.sort(byDate);
    },
  };
}

/**
 * One more alert of a source for each policy; the same state where it counts for none.
 *
 * @internal
 */
export function stepPolicies(policies: readonly Policy[], state: SourceState, alert: PolicyAlert): SourceState {
  let changed: Record<string, SourceState["policies"][string]> | undefined;
  for (const policy of policies) {
    const before = state.policies[policy.name];
    const after = stepPolicy(policy, before, alert).state;
    if (after === before || after.matches.every((each) => each.length === 0)) continue;
    changed = { ...(changed ?? state.policies), [policy.name]: after };
  }
  return changed === undefined ? state : { ...state, policies: changed };
}

/**
 * What a policy says now and did not say before; only that the moment moved, where it had fired.
 *
 * @internal
 */
export function newDecision(policy: Policy, before: SourceState, after: SourceState): Decision[] {
  const now = decisionOf(policy, after.policies[policy.name]);
  if (now === undefined) return [];
  const then = decisionOf(policy, before.policies[policy.name]);
  if (then === undefined) return [now];
  return isSameMoment(policy, then, now) ? [] : [{ ...now, revised: true }];
}

/**
 * What policies read of an alert: the fields that their conditions name, and the score where there is one.
 *
 * @internal
 */
export function toPolicyAlert(alert: Alert, result: ModelResult | undefined, policies: readonly Policy[]): PolicyAlert {
  const { objectId, candid, candidate } = alert;
  const score = result?.status === "scored" ? result.score : undefined;
  const named = policies.flatMap(({ require }) => require.flatMap(({ where }) => where.map(({ field }) => field)));
  const fields = [...new Set(named)].flatMap((field): [string, number | string | boolean][] => {
    const value = candidate[field];
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

/**
 * Where an alert's source is.
 *
 * @internal
 */
export function positionOf({ candidate: { ra, dec } }: Alert): { readonly position?: SkyPosition } {
  return ra == null || dec == null ? {} : { position: { ra, dec } };
}

function byDate(a: PlannedDecision, b: PlannedDecision): number {
  const [first, second] = [a.decision, b.decision];
  if (first.jd !== second.jd) return first.jd - second.jd;
  // Of one alert: its policies in the order given, which sorting keeps.
  return first.candid === second.candid ? 0 : first.candid < second.candid ? -1 : 1;
}
