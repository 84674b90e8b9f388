import { BtsbotError } from "@btsbot/errors";
import type { PolicyAlert } from "../types.js";
import { addMatch } from "./addMatch.js";
import { checkState } from "./checkState.js";
import { completingMatch, decisionOf } from "./decisionOf.js";
import { describeRule } from "./describeRequirement.js";
import { isSameMoment } from "./isSameMoment.js";
import { matchesRequirement } from "./matchesRequirement.js";
import type { Policy, PolicyState, PolicyStep } from "./types.js";

/**
 * Shows a policy one more alert of a source: a pure function, the same in a batch, in a stream and
 * after a restart.
 *
 * What a state holds depends on the set of alerts that it has seen, not on their order or number:
 * - out of order: a late alert takes its place by date. If it moves the moment at which the policy
 *   fired, the new decision is `revised`; otherwise nothing is said again. No decision is taken back;
 * - twice: an alert seen before changes nothing;
 * - of an exposure seen before, the same time and filter, whatever its id says: the exposure counts once, if any of its
 *   alerts fulfils the requirement. So it does not matter whether an id was rounded on its way, an alert scored again, or
 *   several candidates found in one exposure. Of several that do, one is kept, whichever comes first: one with a score, then
 *   one whose id cannot have gone through a double, then the least id, the brightest, the highest score. Where the policy
 *   is `countedBy` candids, each id is one alert instead, and of its versions the earliest is kept.
 *   Scores of different models are not to be mixed in one state;
 * - of another source: refused;
 * - without score, or with a score that is NaN: fulfils no condition on the score, and may fulfil
 *   others. Without a finite `jd` or `magpsf`: fulfils nothing.
 *
 * @param policy - the policy
 * @param state - what the last step gave for this source, or undefined before its first alert
 * @param alert - the alert, in any order
 * @returns the next state, and the decision if there is one; `state` is not changed
 * @throws BtsbotError `alert-invalid` if the alert's `objectId` is not a text or its `candid` is not a bigint: a rounded id would
 * make two alerts one; `policy-source-mismatch` if the alert and the state are of different sources;
 * `policy-state-mismatch` if the state is of another policy or of another rule of this name
 *
 * @example
 * ```ts
 * import { getPolicy, stepPolicy } from "@btsbot/policy";
 *
 * const policy = getPolicy("bts_p1");
 * const source = { objectId: "ZTF23abhvlji" };
 * const first = stepPolicy(policy, undefined, { ...source, candid: 1n, jd: 2460220.9, magpsf: 18.3, score: 0.98 });
 * first.decisions; // => []
 * const second = stepPolicy(policy, first.state, { ...source, candid: 2n, jd: 2460222.9, magpsf: 18.0, score: 0.99 });
 * second.decisions.map(({ candid, priority }) => [candid, priority]); // => [[2n, 1]]
 * ```
 */
export function stepPolicy(policy: Policy, state: PolicyState | undefined, alert: PolicyAlert): PolicyStep {
  checkIds(alert);
  const before = state ?? emptyState(policy, alert);
  checkState(policy, before);
  if (before.objectId !== alert.objectId) {
    throw new BtsbotError("policy-source-mismatch", "the alert and the state are of different sources", {
      path: `candid ${alert.candid}`,
      expected: before.objectId,
      got: alert.objectId,
    });
  }
  const matches = policy.require.map((requirement, index) =>
    matchesRequirement(alert, requirement)
      ? addMatch(before.matches[index], requirement.count, alert, policy.countedBy)
      : before.matches[index],
  );
  if (matches.every((each, index) => each === before.matches[index])) return { state: before, decisions: [] };
  const after = { ...before, matches };
  const was = completingMatch(policy, before);
  const is = completingMatch(policy, after);
  if (is === undefined || (was !== undefined && isSameMoment(policy, was, is))) return { state: after, decisions: [] };
  const decision = decisionOf(policy, after)!;
  return { state: after, decisions: [was === undefined ? decision : { ...decision, revised: true }] };
}

/** Callers without types may give a number, which is rounded above 2^53, or nothing. */
function checkIds({ objectId, candid }: PolicyAlert): void {
  if (typeof candid === "bigint" && typeof objectId === "string") return;
  const [path, expected, value] =
    typeof objectId === "string" ? ["candid", "a bigint", candid] : ["objectId", "a text", objectId];
  throw new BtsbotError("alert-invalid", "a policy cannot tell which alert this is", {
    path,
    expected,
    got: `${String(value)} (${typeof value})`,
  });
}

function emptyState(policy: Policy, { objectId }: PolicyAlert): PolicyState {
  return { policy: policy.name, rule: describeRule(policy), objectId, matches: policy.require.map(() => []) };
}
