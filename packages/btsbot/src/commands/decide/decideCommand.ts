import { runDecisions } from "@btsbot/decide";
import type { Source, Store } from "@btsbot/decide";
import { countOf } from "@btsbot/errors";
import { dateToJd } from "@btsbot/sky";
import { isLive } from "../../inputs/isLive.js";
import { withTnsNames } from "../../portal/tnsNames.js";
import { complain } from "../../terminal/complain.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { EXIT } from "../../terminal/exitStatus.js";
import { deciderOf, readDecideSetup } from "../../deciding/decideSetup.js";
import { BEGINNING, parsePlace, UNPLACED } from "./filePlace.js";
import type { FilePlace } from "./filePlace.js";
import { createLinesSink, createTableSink } from "./decisionSinks.js";
import { describeLosses } from "./describeLosses.js";
import { explainSource } from "./explainSource.js";
import { finishCounts, isTable, openJudge } from "./openJudge.js";
import { openKnowledge } from "./openKnowledge.js";
import { openState } from "./openState.js";
import type { DecideCounts, DecideOptions, DecideSetup } from "./types.js";

/** What was decided. */
interface Decided {
  fired: number;
  moved: number;
}

/**
 * `btsbot decide`: one run of the loop over files. They belong together: decisions fall when all are read, so that the
 * order of files does not show. What comes live is decided on as it comes.
 *
 * @internal
 */
export async function decideCommand(
  paths: readonly string[],
  options: DecideOptions,
  terminal: Terminal,
): Promise<number> {
  const { stdout, stderr } = terminal;
  const wrong = wrongIn(paths, options);
  if (wrong !== undefined) {
    complain(stderr, `${wrong}. See btsbot decide --help.`);
    return EXIT.usage;
  }
  const setup = await readDecideSetup(options, terminal);
  if (setup === undefined) return EXIT.usage;
  if (options.explain !== undefined) return explainSource(options.explain, paths, options, setup, terminal);
  const knowledge = await openKnowledge(options, setup, terminal);
  const store = await openState(options.state, setup, terminal);
  try {
    const { source, judge, goOn, onJudged, counts, tellRest, close } = await openJudge(
      paths,
      options,
      setup,
      terminal,
      options.history === true ? store : undefined,
    );
    const decided: Decided = { fired: 0, moved: 0 };
    const live = isLive(paths, terminal);
    const { signal } = terminal;
    try {
      goOn(await findPlace(source, store, terminal));
      const { done } = await runDecisions({
        source,
        judge,
        decider: deciderOf(setup),
        store,
        sinks: [
          isTable(options, terminal)
            ? createTableSink(
                setup.policies.map(({ name }) => name),
                terminal,
              )
            : createLinesSink(stdout),
        ],
        clock: () => (live ? (options.now ?? dateToJd(terminal.now())) : setup.now),
        settle: live ? "batch" : "end",
        ...(setup.rules && { knowledge: withTnsNames(store, knowledge) }),
        ...(signal && { signal }),
        onJudged,
        onDecided(decisions) {
          if (!live) tellRest();
          const moved = decisions.filter(({ decision }) => decision.revised).length;
          decided.moved += moved;
          decided.fired += decisions.length - moved;
        },
      });
      // What was said is done: who reads the same files again, with new ones among them or not, reads all.
      await store.forget(source.name);
      const earlier = done - decided.fired - decided.moved;
      if (earlier > 0)
        complain(stderr, `${countOf(earlier, "decision")} of an earlier run, which had not been delivered, came first`);
    } finally {
      await close();
    }
    if (live) tellRest();
    complain(stderr, describeRun(setup, counts, decided));
    for (const line of describeLosses(counts)) complain(stderr, line);
    // What came live before is decided and kept; where decisions fall at the end, none were, and this is not reached.
    signal?.throwIfAborted();
    return finishCounts(counts, terminal);
  } finally {
    await store.close();
  }
}

/** Where an earlier run over the same files ended; from the first place on, which is kept before anything is read. */
async function findPlace({ name }: Source, store: Store, { stdout }: Terminal): Promise<FilePlace> {
  const kept = await store.cursor(name);
  if (kept !== undefined) return parsePlace(kept);
  if (name === UNPLACED) return BEGINNING;
  const said = stdout.written?.();
  const place = { ...BEGINNING, ...(said !== undefined && { said }) };
  const unit = await store.begin();
  try {
    await unit.save({ cursor: { source: name, value: JSON.stringify(place) } });
    await unit.commit();
  } finally {
    // Once it is kept, this does nothing.
    await unit.rollback();
  }
  return place;
}

/** What is wrong with the options together. */
function wrongIn(paths: readonly string[], options: DecideOptions): string | undefined {
  const { filesFrom, explain, state, history, portal, rules } = options;
  if (paths.length === 0 && filesFrom === undefined && (explain === undefined || state === undefined))
    return "no alerts are given; without them, --explain tells what --state knows";
  if (history === true && state === undefined) return "--history reads light curves from --state, which is not given";
  if (portal !== undefined && rules === undefined)
    return "--portal is asked for the plans of --rules, which are not given";
  return undefined;
}

/** What was decided by what, of how much: in a log of many nights the line must stand for itself. */
function describeRun(
  { filter, model, policies }: DecideSetup,
  counts: DecideCounts,
  { fired, moved }: Decided,
): string {
  const by = `filter ${filter?.name ?? "none"}, model ${model.definition.name}, policies ${policies.map(({ name }) => name).join(", ")}`;
  const parts = [
    `${countOf(counts.alerts, "alert")} read`,
    `${counts.passed} passed`,
    `${counts.scored} scored`,
    countOf(fired, "decision"),
    ...(moved > 0 ? [`${moved} moved`] : []),
  ];
  return `${parts.join(", ")} (${by})`;
}
