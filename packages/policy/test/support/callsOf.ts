import { planFollowUp, toSkyPortal } from "../../src/index.js";
import type { Decision, FollowUpRule, SkyPortalCall, SourceKnowledge } from "../../src/index.js";

/** A decision to trigger at priority 2. */
export function makeTrigger(objectId: string, jd: number): Decision {
  return { policy: "p", objectId, action: "trigger", priority: 2, candid: 1n, jd, reasons: [], alerts: [] };
}

/**
 * SkyPortal's calls for what is planned of a decision.
 *
 * @param decision - the decision
 * @param known - what is known of its source
 * @param rules - the rules
 * @param now - when it is planned, JD
 * @returns the calls, in order
 */
export function callsOf(
  decision: Decision,
  known: SourceKnowledge,
  rules: readonly FollowUpRule[],
  now: number,
): SkyPortalCall[] {
  return planFollowUp([decision], known, { rules, now }).flatMap((action) =>
    action.kind === "none" ? [] : [toSkyPortal(action)],
  );
}
