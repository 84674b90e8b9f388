import type { FollowUpAction, SourceKnowledge } from "@btsbot/policy";
import { toBody, toDecisionLine } from "./toDecisionLine.js";
import type { PlannedDecision, SourceState } from "./seams/decider.js";
import type { OutboxEntry } from "./seams/outbox.js";
import type { RunOptions } from "./seams/run.js";
import type { SourceCursor } from "./seams/source.js";
import type { KeptSource, Unit } from "./seams/store.js";

/** Sources that are asked for at once. */
const PAGE = 500;

/**
 * A source that a unit has touched.
 *
 * @internal
 */
export interface TouchedSource {
  /** What was kept of it before. */
  readonly before: KeptSource | undefined;
  after: SourceState;
}

/**
 * Decides and plans what the touched sources come to, and keeps it.
 *
 * @returns the number of decisions
 *
 * @internal
 */
export async function settleSources(
  unit: Unit,
  touched: ReadonlyMap<string, TouchedSource>,
  cursors: readonly SourceCursor[],
  options: RunOptions,
): Promise<number> {
  const planned = await planAll(decideAll(touched, options), options);
  options.onDecided?.(planned);
  await unit.save({
    states: changedOf(touched),
    decided: new Map(waitingOf(touched).map((objectId) => [objectId, null])),
    entries: planned.flatMap(toEntries),
    cursors,
  });
  return planned.length;
}

/**
 * Keeps what the touched sources come to, and beside it on what was decided last.
 *
 * @internal
 */
export async function keepUndecided(
  unit: Unit,
  touched: ReadonlyMap<string, TouchedSource>,
  cursors: readonly SourceCursor[],
): Promise<void> {
  const states = changedOf(touched);
  const decided = new Map<string, SourceState>();
  for (const objectId of states.keys()) {
    const { before } = touched.get(objectId)!;
    if (before?.decided === undefined) decided.set(objectId, before?.state ?? { policies: {} });
  }
  await unit.save({ states, decided, cursors });
}

/**
 * Decides on all sources that wait for it: those of this run, and those of one that died before it came to its end.
 *
 * @returns the number of decisions
 *
 * @internal
 */
export async function settleRest(unit: Unit, options: RunOptions): Promise<number> {
  const objectIds = await unit.undecided();
  const decided: DecidedSource[] = [];
  for (let from = 0; from < objectIds.length; from += PAGE) {
    const kept = await unit.load(objectIds.slice(from, from + PAGE));
    const page = new Map([...kept].map(([objectId, before]) => [objectId, { before, after: before.state }]));
    decided.push(...decideAll(page, options));
  }
  const planned = await planAll(decided, options);
  options.onDecided?.(planned);
  await unit.save({
    decided: new Map(objectIds.map((objectId) => [objectId, null])),
    entries: planned.flatMap(toEntries),
  });
  return planned.length;
}

type DecidedSource = readonly [TouchedSource, ReturnType<RunOptions["decider"]["decide"]>];

/** The sources on which there is something to say, with that. */
function decideAll(touched: ReadonlyMap<string, TouchedSource>, { decider }: RunOptions): DecidedSource[] {
  const decided: DecidedSource[] = [];
  for (const source of touched.values()) {
    const { before, after } = source;
    const decisions = decider.decide(before?.decided ?? before?.state, after);
    if (decisions.length > 0) decided.push([source, decisions]);
  }
  return decided;
}

function changedOf(touched: ReadonlyMap<string, TouchedSource>): Map<string, SourceState> {
  return new Map(
    [...touched].flatMap(([objectId, { before, after }]) => (after === before?.state ? [] : [[objectId, after]])),
  );
}

function waitingOf(touched: ReadonlyMap<string, TouchedSource>): string[] {
  return [...touched].flatMap(([objectId, { before }]) => (before?.decided === undefined ? [] : [objectId]));
}

async function planAll(
  decided: readonly DecidedSource[],
  { decider, knowledge, clock }: RunOptions,
): Promise<PlannedDecision[]> {
  if (decided.length === 0) return [];
  const now = clock();
  const known = await knowledge?.know(decided.map(([, [{ objectId }]]) => objectId));
  const planned = decided.flatMap(([{ before, after }, decisions]) => {
    const [{ objectId }] = decisions;
    const position = after.latest?.position;
    const source: SourceKnowledge = {
      ...NOTHING_KNOWN,
      ...(position !== undefined && { position }),
      ...known?.get(objectId),
      objectId,
      issued: before?.issued ?? [],
    };
    return decider.plan(decisions, source, now);
  });
  return planned.sort(byDate);
}

const NOTHING_KNOWN = { savedTo: [], spectra: 0, classifications: [], requests: [] };

/** By date; of one alert, its policies in the order given, which sorting keeps. */
function byDate({ decision: a }: PlannedDecision, { decision: b }: PlannedDecision): number {
  if (a.jd !== b.jd) return a.jd - b.jd;
  return a.candid === b.candid ? 0 : a.candid < b.candid ? -1 : 1;
}

/** One entry for whoever reads the decision, and one for each action for whoever carries it out. */
function toEntries(planned: PlannedDecision): OutboxEntry[] {
  const { decision, plan = [] } = planned;
  const { objectId, candid, revised } = decision;
  const line = toDecisionLine(planned);
  // A decision that moved is said again, once for each alert that it moved to.
  const key = revised ? `${line.key}/${candid}` : line.key;
  const actions = plan.filter((action): action is Exclude<FollowUpAction, { kind: "none" }> => action.kind !== "none");
  return [
    { kind: "decision", key, objectId, body: toBody(line) },
    ...actions.map((action) => ({ kind: "action" as const, key: action.key, objectId, body: toBody(action) })),
  ];
}
