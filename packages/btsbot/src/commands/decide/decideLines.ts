import type { CliOutput } from "../../types.js";
import type { PlannedDecision } from "./types.js";

/**
 * A decision as a line of JSON, by the contract in docs/formats.md. One that only moved asks for nothing.
 *
 * @internal
 */
export function toDecisionLine(planned: PlannedDecision): string {
  return JSON.stringify(toDecisionJson(planned));
}

/**
 * What {@link toDecisionLine} writes.
 *
 * @internal
 */
export function toDecisionJson({ decision, plan }: PlannedDecision): Record<string, unknown> {
  const { objectId, candid, jd, policy, action, priority, reasons, alerts, revised } = decision;
  return {
    objectId,
    candid: String(candid),
    jd,
    policy,
    action: revised ? "none" : action,
    priority: priority ?? null,
    reasons,
    alerts: alerts.map((alert) => ({ ...alert, candid: String(alert.candid) })),
    key: `${objectId}/${policy}`,
    // What is absent stays absent.
    revised,
    plan,
  };
}

/**
 * Writes decisions as JSON Lines.
 *
 * @internal
 */
export function writeDecisionLines(decisions: readonly PlannedDecision[], stdout: CliOutput): void {
  for (const planned of decisions) stdout.write(`${toDecisionLine(planned)}\n`);
}
