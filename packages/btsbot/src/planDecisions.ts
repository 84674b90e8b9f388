import { planFollowUp } from "@btsbot/policy";
import { dateToJd } from "@btsbot/sky";
import type { Decision, FollowUpAction, FollowUpRule, SkyPosition } from "@btsbot/policy";

/**
 * What is known of a source without asking anyone.
 *
 * @internal
 */
export interface PlanSource {
  readonly objectId: string;
  /** Keys of the actions that were printed before. */
  readonly issued: readonly string[];
  readonly position?: SkyPosition;
}

/**
 * Plans what to do about the decisions of one source, at this moment, from what was asked for before.
 *
 * @internal
 */
export function planDecisions(
  decisions: readonly Decision[],
  source: PlanSource,
  rules: readonly FollowUpRule[],
): FollowUpAction[] {
  const knowledge = { ...source, savedTo: [], spectra: 0, classifications: [], requests: [] };
  return planFollowUp(decisions, knowledge, { rules, now: dateToJd(Date.now()) });
}

/**
 * The keys of the actions of a plan that are to be carried out.
 *
 * @internal
 */
export function keysOf(actions: readonly FollowUpAction[]): string[] {
  return actions.flatMap((action) => (action.kind === "none" ? [] : [action.key]));
}
