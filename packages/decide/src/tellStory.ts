import type { FilterResult } from "@btsbot/policy";
import type { ModelResult } from "@btsbot/core";
import { checkArgument, checkOptions } from "@btsbot/errors";
import type { OptionNames } from "@btsbot/errors";
import { explainPolicy } from "@btsbot/policy";
import type { Alert } from "@btsbot/alert";
import type { Decider, PlannedDecision, SourceState } from "./seams/decider.js";
import type { JudgedAlert } from "./seams/judge.js";
import type { KeptSource } from "./seams/store.js";

/** How a story is told. */
export interface StoryOptions {
  /** What a store has of the source: its actions are not planned again. */
  readonly kept?: KeptSource;
  /** When plans are made, JD, days UTC. */
  readonly now: number;
}

/** The names of {@link StoryOptions}. */
const STORY_OPTIONS: OptionNames<StoryOptions> = { kept: "object", now: "number!" };

/** One alert of a story. */
export interface StoryAlert {
  /** The alert. */
  readonly alert: Alert;
  /** What the filter says; absent without one. */
  readonly filtered?: FilterResult;
  /** What the model says; absent where the filter rejects the alert. */
  readonly result?: ModelResult;
  /** How far each policy is after it, where it counts for that policy: lines by the policy's name. */
  readonly progress: Readonly<Record<string, readonly string[]>>;
  /** What was decided at it. */
  readonly decisions: readonly PlannedDecision[];
}

/**
 * Tells why a source was decided on, alert by alert, as if the given ones were all: the decider of a run, with a record
 * of every step. Nothing is changed or kept.
 *
 * @param judged - the source's alerts, in any order; one that came twice is told once
 * @param decider - the decider
 * @param options - what the store has of the source, whose actions are not planned again; and when plans are made, JD
 * @returns the alerts by date
 *
 * @example
 * ```ts
 * import { createDecider, tellStory } from "@btsbot/decide";
 * import { getPolicy } from "@btsbot/policy";
 *
 * tellStory([], createDecider({ policies: [getPolicy("gt1")] }), { now: 2458881 }); // => []
 * ```
 */
export function tellStory(judged: readonly JudgedAlert[], decider: Decider, options: StoryOptions): StoryAlert[] {
  checkOptions("tellStory", options, STORY_OPTIONS);
  checkArgument("tellStory", "judged", judged, "list");
  checkArgument("tellStory", "decider", decider, "object", ["step", "decide", "plan"]);
  const { kept, now } = options;
  const issued = new Set(kept?.issued);
  let state: SourceState = { policies: {} };
  // Another version of an alert, or the bearer of the same rounded id, counts for policies, and so it is told.
  const seen = new Set<string>();
  const once = [...judged].sort(byDate).filter((each) => !seen.has(nameOf(each)) && seen.add(nameOf(each)));
  return once.map(({ alert, filtered, result, ...place }) => {
    const before = state;
    state = decider.step(before, { ...place, alert, ...(filtered && { filtered }), ...(result && { result }) });
    const changed = decider.policies.filter(({ name }) => state.policies[name] !== before.policies[name]);
    const position = state.latest?.position;
    const source = { savedTo: [], spectra: 0, classifications: [], requests: [], ...(position && { position }) };
    const decisions = decider.plan(
      decider.decide(before, state),
      { objectId: alert.objectId, issued: [...issued], ...source },
      now,
    );
    for (const { plan = [] } of decisions)
      for (const action of plan) if (action.kind !== "none") issued.add(action.key);
    return {
      alert,
      ...(filtered && { filtered }),
      ...(result && { result }),
      progress: Object.fromEntries(
        changed.map((policy) => [policy.name, explainPolicy(policy, state.policies[policy.name])]),
      ),
      decisions,
    };
  });
}

function byDate({ alert: a }: JudgedAlert, { alert: b }: JudgedAlert): number {
  return a.candidate.jd - b.candidate.jd || (a.candid < b.candid ? -1 : a.candid > b.candid ? 1 : 0);
}

/** All that policies read of an alert by which versions of it differ. */
function nameOf({ alert: { candid, candidate }, result }: JudgedAlert): string {
  const { jd, fid, magpsf } = candidate;
  return [candid, jd, fid, magpsf, result?.status === "scored" ? result.score : ""].join();
}
