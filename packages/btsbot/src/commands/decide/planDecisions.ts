import { planFollowUp } from "@btsbot/policy";
import type { Decision, FollowUpAction, FollowUpOptions, SkyPosition } from "@btsbot/policy";

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
 * Plans what to do about the decisions of one source, from what was asked for before.
 *
 * @param decisions - of the source
 * @param source - what is known of it
 * @param options - the rules, and when the plan is made: JD, days UTC
 *
 * @internal
 */
export function planDecisions(
  decisions: readonly Decision[],
  source: PlanSource,
  options: FollowUpOptions,
): FollowUpAction[] {
  const knowledge = { ...source, savedTo: [], spectra: 0, classifications: [], requests: [] };
  return planFollowUp(decisions, knowledge, options);
}

/**
 * The keys of the actions of a plan that are to be carried out.
 *
 * @internal
 */
export function keysOf(actions: readonly FollowUpAction[]): string[] {
  return actions.flatMap((action) => (action.kind === "none" ? [] : [action.key]));
}
