import { explainPolicy } from "@btsbot/policy";
import { complain } from "../../terminal/complain.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { EXIT } from "../../terminal/exitStatus.js";
import { newDecision, positionOf, stepPolicies, toPolicyAlert } from "./decideSources.js";
import { writeStoryLines } from "./explainLines.js";
import { writeStory } from "./explainText.js";
import { finishCounts, isTable, judgeAll } from "./judgeAll.js";
import type { JudgedAlert } from "./judgeInputs.js";
import { peekState } from "./openState.js";
import { keysOf, planDecisions } from "./planDecisions.js";
import type { SourceState } from "./stateTypes.js";
import type { DecideOptions, DecideSetup, Story, StoryAlert } from "./types.js";

/**
 * `btsbot decide --explain`: the story of one source by its alerts in the input, as if they were all; the state is read, and stays as it is:
 * what it says is issued is not planned again.
 *
 * @internal
 */
export async function explainSource(
  objectId: string,
  paths: readonly string[],
  options: DecideOptions,
  setup: DecideSetup,
  terminal: Terminal,
): Promise<number> {
  const book = options.state === undefined ? undefined : await peekState(options.state, setup);
  const kept = book?.get(objectId);
  const judged: JudgedAlert[] = [];
  const counts = await judgeAll(paths, options, setup, terminal, ({ alert, ...rest }) => {
    const { cutoutScience: _, cutoutTemplate: __, cutoutDifference: ___, ...light } = alert;
    judged.push({ alert: light, ...rest });
  });
  if (judged.length === 0 && kept === undefined) {
    const inState =
      options.state === undefined
        ? ""
        : book === undefined
          ? `, and no state in ${options.state}`
          : ", and no policy counts one in the state";
    const similar = counts.similar === undefined ? "" : `; did you mean ${counts.similar}?`;
    complain(terminal.stderr, `there is no alert of ${objectId} here${inState}${similar}`);
    return finishCounts(counts, terminal) || EXIT.unreadable;
  }
  if (options.state !== undefined && book === undefined)
    complain(terminal.stderr, `there is no state in ${options.state}`);
  const story = {
    objectId,
    setup,
    alerts: tell(judged, setup, kept?.issued ?? []),
    ...(kept && { kept: describeKept(kept, setup), counted: countKept(kept) }),
  };
  if (isTable(options, terminal)) writeStory(story, terminal);
  else writeStoryLines(story, terminal.stdout);
  return finishCounts(counts, terminal);
}

/** What was asked for in earlier runs is not planned again; what counts is told from the beginning. */
function tell(
  judged: readonly JudgedAlert[],
  { policies, rules, now }: DecideSetup,
  issued: readonly string[],
): StoryAlert[] {
  let state: SourceState = { policies: {}, issued };
  // Another version of an alert, or the bearer of the same rounded id, counts for policies, and so it is told.
  const seen = new Set<string>();
  const once = [...judged].sort(byDate).filter((each) => !seen.has(nameOf(each)) && seen.add(nameOf(each)));
  return once.map((each) => {
    const { alert, filtered, result } = each;
    const before = state;
    if (filtered?.pass !== false) state = stepPolicies(policies, state, toPolicyAlert(alert, result, policies));
    const changed = policies.filter(({ name }) => state.policies[name] !== before.policies[name]);
    const progress = Object.fromEntries(
      changed.map((policy) => [policy.name, explainPolicy(policy, state.policies[policy.name])]),
    );
    const decisions = changed.flatMap((policy) => newDecision(policy, before, state));
    if (rules === undefined) return { ...each, progress, decisions: decisions.map((decision) => ({ decision })) };
    const actions = planDecisions(
      decisions,
      { objectId: alert.objectId, issued: state.issued, ...positionOf(alert) },
      { rules, now },
    );
    state = { ...state, issued: [...state.issued, ...keysOf(actions)] };
    const planned = decisions.map((decision) => ({
      decision,
      plan: actions.filter(({ policy }) => policy === decision.policy),
    }));
    return { ...each, progress, decisions: planned };
  });
}

function describeKept({ policies, issued }: SourceState, setup: DecideSetup): NonNullable<Story["kept"]> {
  return {
    policies: Object.fromEntries(
      setup.policies.map((policy) => [policy.name, explainPolicy(policy, policies[policy.name])]),
    ),
    issued,
  };
}

function countKept({ policies }: SourceState): number {
  return new Set(Object.values(policies).flatMap(({ matches }) => matches.flat().map(({ candid }) => candid))).size;
}

function byDate({ alert: a }: JudgedAlert, { alert: b }: JudgedAlert): number {
  return a.candidate.jd - b.candidate.jd || (a.candid < b.candid ? -1 : a.candid > b.candid ? 1 : 0);
}

/** All that policies read of an alert by which versions of it differ. */
function nameOf({ alert: { candid, candidate }, result }: JudgedAlert): string {
  const { jd, fid, magpsf } = candidate;
  return [candid, jd, fid, magpsf, result?.status === "scored" ? result.score : ""].join();
}
