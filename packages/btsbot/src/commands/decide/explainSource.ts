import { judgeItems, tellStory } from "@btsbot/decide";
import type { JudgedAlert, KeptSource } from "@btsbot/decide";
import { explainPolicy } from "@btsbot/policy";
import { complain } from "../../terminal/complain.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { EXIT } from "../../terminal/exitStatus.js";
import { deciderOf } from "../../deciding/decideSetup.js";
import { writeStoryLines } from "./explainLines.js";
import { writeStory } from "./explainText.js";
import { finishCounts, isTable, openJudge } from "./openJudge.js";
import { peekState } from "./openState.js";
import type { DecideCounts, DecideOptions, DecideSetup, Story } from "./types.js";
import { watchState } from "./watchState.js";

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
  const found = options.state === undefined ? undefined : await peekState(options.state, objectId, setup);
  const { kept, madeWith } = found ?? {};
  const { judged, counts } = await judgeSource(paths, options, setup, terminal);
  if (judged.length === 0 && kept === undefined) {
    const inState =
      options.state === undefined
        ? ""
        : found === undefined
          ? `, and no state in ${options.state}`
          : ", and no policy counts one in the state";
    const similar = counts.similar === undefined ? "" : `; did you mean ${counts.similar}?`;
    complain(terminal.stderr, `there is no alert of ${objectId} here${inState}${similar}`);
    return finishCounts(counts, terminal) || EXIT.unreadable;
  }
  if (options.state !== undefined && found === undefined)
    complain(terminal.stderr, `there is no state in ${options.state}`);
  if (madeWith !== undefined) complain(terminal.stderr, `the state was made with ${madeWith}`);
  const decider = deciderOf(setup);
  const story = {
    objectId,
    setup,
    // What the state amounts to was given when it came to that.
    given: new Set(
      kept === undefined ? [] : decider.decide(undefined, kept.decided ?? kept.state).map(({ policy }) => policy),
    ),
    alerts: tellStory(judged, decider, {
      now: setup.now,
      ...(kept && { kept }),
    }),
    ...(kept && { kept: describeKept(kept, setup), counted: countKept(kept) }),
  };
  if (isTable(options, terminal)) writeStory(story, terminal);
  else writeStoryLines(story, terminal.stdout);
  return finishCounts(counts, terminal);
}

/** The source's alerts, judged; what only their stamps hold is forgotten. */
async function judgeSource(
  paths: readonly string[],
  options: DecideOptions,
  setup: DecideSetup,
  terminal: Terminal,
): Promise<{ judged: JudgedAlert[]; counts: DecideCounts }> {
  const kept = options.history === true ? await watchState(options.state!) : undefined;
  const { source, judge, onJudged, counts, tellRest, close } = await openJudge(paths, options, setup, terminal, kept);
  const all: JudgedAlert[] = [];
  const { signal } = terminal;
  try {
    for await (const { items } of source.batches({ ...(signal && { signal }) })) {
      const judged = await judgeItems(judge, items);
      onJudged(judged);
      for (const each of judged) {
        if ("error" in each) continue;
        const { cutoutScience: _, cutoutTemplate: __, cutoutDifference: ___, ...light } = each.alert;
        all.push({ ...each, alert: light });
      }
    }
    signal?.throwIfAborted();
    tellRest();
  } finally {
    await close();
    await kept?.close();
  }
  return { judged: all, counts };
}

function describeKept({ state: { policies }, issued }: KeptSource, setup: DecideSetup): NonNullable<Story["kept"]> {
  return {
    policies: Object.fromEntries(
      setup.policies.map((policy) => [policy.name, explainPolicy(policy, policies[policy.name])]),
    ),
    issued,
  };
}

function countKept({ state: { policies } }: KeptSource): number {
  return new Set(Object.values(policies).flatMap(({ matches }) => matches.flat().map(({ candid }) => candid))).size;
}
