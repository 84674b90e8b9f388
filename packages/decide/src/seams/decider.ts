import type {
  Decision,
  FollowUpAction,
  FollowUpRule,
  Policy,
  PolicyAlert,
  PolicyState,
  EquatorialPosition,
  SourceKnowledge,
} from "@btsbot/policy";
import type { JudgedAlert } from "./judge.js";

/** The latest alert of a source, which says where it is. */
export interface LatestAlert {
  /** Julian date, days UTC. */
  readonly jd: number;
  /** Its id in decimal, which JSON keeps exact. */
  readonly candid: string;
  /** Where it is, if the packet says so. */
  readonly position?: EquatorialPosition;
}

/** What a decider remembers of one source: plain data that survive JSON, and do not grow with its alerts. */
export interface SourceState {
  /** By the policy's name; a policy is absent where no alert counts for it yet. */
  readonly policies: Readonly<Record<string, PolicyState>>;
  /** The latest alert by date; absent where none was judged. */
  readonly latest?: LatestAlert;
}

/** A decision, and what is to be done about it. */
export interface PlannedDecision {
  /** The decision. */
  readonly decision: Decision;
  /** What the rules of follow-up ask for, with reasons; absent without rules. */
  readonly plan?: readonly FollowUpAction[];
}

/**
 * What decides, source by source: pure functions of a source's state. The same alerts in any order, once or twice, cut
 * into whatever batches, give the same state (see `stepPolicy` of `@btsbot/policy`).
 */
export interface Decider {
  /** When to act. */
  readonly policies: readonly Policy[];
  /** What to do then; absent for the decision's own action alone. */
  readonly rules?: readonly FollowUpRule[];
  /**
   * Shows the policies one more alert of a source.
   *
   * @param state - what is remembered of the source; undefined before its first alert
   * @param judged - the alert; one that the filter rejects changes nothing
   * @returns the next state; the same object where nothing changed
   */
  step(state: SourceState | undefined, judged: JudgedAlert): SourceState;
  /**
   * The same for whoever has a row of scores and no packet, such as a backtest.
   *
   * @param state - what is remembered of the source; undefined before its first alert
   * @param alert - what policies read of an alert
   * @returns the next state; the same object where nothing changed
   */
  count(state: SourceState | undefined, alert: PolicyAlert): SourceState;
  /**
   * What is said now that was not said before.
   *
   * @param before - the state before the alerts
   * @param after - the state after them
   * @returns in the policies' order; one that only moved to another alert is `revised`
   */
  decide(before: SourceState | undefined, after: SourceState): Decision[];
  /**
   * What is to be done about decisions of one source.
   *
   * @param decisions - of the source
   * @param known - what is known of it, with the keys of what was asked for before
   * @param now - when the plan is made, JD, days UTC
   * @returns each decision with its plan
   */
  plan(decisions: readonly Decision[], known: SourceKnowledge, now: number): PlannedDecision[];
}
