import type { FollowUpAction, JsonValue } from "@btsbot/policy";
import type { PlannedDecision } from "./seams/decider.js";

/** A decision as a line of JSON has it: ids are decimal strings, what is absent stays absent. */
export interface DecisionLine {
  /** The source's name. */
  readonly objectId: string;
  /** Id of the alert that completed the rule, decimal. */
  readonly candid: string;
  /** That alert's Julian date, days UTC. */
  readonly jd: number;
  /** Name of the policy. */
  readonly policy: string;
  /** What is asked for: `save`, `trigger`, or `none` for a decision that only moved. */
  readonly action: "save" | "trigger" | "none";
  /** Urgency of the request, 1 to 5; null where the policy states none. */
  readonly priority: number | null;
  /** Which condition held, a line each. */
  readonly reasons: readonly string[];
  /** The alerts that it rests on. */
  readonly alerts: readonly {
    /** The alert's id, decimal. */
    readonly candid: string;
    /** Julian date, days UTC. */
    readonly jd: number;
    /** PSF-fit magnitude, mag. */
    readonly magpsf: number;
    /** Its score, 0 to 1. */
    readonly score?: number;
  }[];
  /** The same for the same decision: whoever acts on lines acts once on each key. */
  readonly key: string;
  /** True where a late alert moved the moment of a decision that was said before. */
  readonly revised?: true;
  /** What the rules of follow-up ask for; absent without rules. */
  readonly plan?: readonly FollowUpAction[];
}

/**
 * A decision in the form in which it is written, kept and sent (`docs/formats.md`).
 *
 * @param planned - the decision, with its plan if there are rules
 * @returns what `JSON.stringify` writes
 *
 * @example
 * ```ts
 * import { toDecisionLine } from "@btsbot/decide";
 *
 * const alert = { candid: 2n, jd: 2460222.9, magpsf: 18 };
 * const decision = { policy: "gt1", objectId: "ZTF23abhvlji", action: "save", ...alert, reasons: [], alerts: [alert] } as const;
 * toDecisionLine({ decision }).key; // => "ZTF23abhvlji/gt1"
 * ```
 */
export function toDecisionLine({ decision, plan }: PlannedDecision): DecisionLine {
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
    ...(revised && { revised }),
    ...(plan !== undefined && { plan }),
  };
}

/**
 * A line as JSON that an outbox keeps: the same, for the compiler.
 *
 * @internal
 */
export function toBody(line: DecisionLine | FollowUpAction): JsonValue {
  return line as unknown as JsonValue;
}
