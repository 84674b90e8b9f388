import { runDecisions } from "@btsbot/decide";
import type { PlannedDecision } from "@btsbot/decide";
import { countOf } from "@btsbot/errors";
import { complain } from "../../terminal/complain.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { EXIT } from "../../terminal/exitStatus.js";
import { deciderOf, readDecideSetup } from "./decideSetup.js";
import { createLinesSink, createTableSink } from "./decisionSinks.js";
import { describeLosses } from "./describeLosses.js";
import { explainSource } from "./explainSource.js";
import { finishCounts, isTable, openJudge } from "./openJudge.js";
import { openState } from "./openState.js";
import type { DecideCounts, DecideOptions, DecideSetup } from "./types.js";

/**
 * `btsbot decide`: one run of the loop over files. They belong together: decisions fall when all are read, so that the
 * order of files does not show.
 *
 * @internal
 */
export async function decideCommand(
  paths: readonly string[],
  options: DecideOptions,
  terminal: Terminal,
): Promise<number> {
  const { stdout, stderr } = terminal;
  if (paths.length === 0 && (options.explain === undefined || options.state === undefined)) {
    complain(
      stderr,
      "no alerts are given; without them, --explain tells what --state knows. See btsbot decide --help.",
    );
    return EXIT.usage;
  }
  const setup = await readDecideSetup(options, terminal);
  if (setup === undefined) return EXIT.usage;
  if (options.explain !== undefined) return explainSource(options.explain, paths, options, setup, terminal);
  const state = await openState(options.state, setup);
  try {
    const { source, judge, onJudged, counts, tellRest, close } = await openJudge(paths, options, setup, terminal);
    const decided: PlannedDecision[] = [];
    try {
      await runDecisions({
        source,
        judge,
        decider: deciderOf(setup),
        store: state.store,
        sinks: [isTable(options, terminal) ? createTableSink(terminal) : createLinesSink(stdout)],
        clock: () => setup.now,
        settle: "end",
        onJudged,
        onDecided(decisions) {
          tellRest();
          decided.push(...decisions);
        },
      });
    } finally {
      close();
    }
    await state.save();
    complain(stderr, describeRun(setup, counts, decided));
    for (const line of describeLosses(counts)) complain(stderr, line);
    return finishCounts(counts, terminal);
  } finally {
    await state.store.close();
  }
}

/** What was decided by what, of how much: in a log of many nights the line must stand for itself. */
function describeRun(
  { filter, model, policies }: DecideSetup,
  counts: DecideCounts,
  decisions: readonly PlannedDecision[],
): string {
  const by = `filter ${filter?.name ?? "none"}, model ${model.definition.name}, policies ${policies.map(({ name }) => name).join(", ")}`;
  const fired = decisions.filter(({ decision }) => !decision.revised).length;
  const moved = decisions.length - fired;
  const parts = [
    `${countOf(counts.alerts, "alert")} read`,
    `${counts.passed} passed`,
    `${counts.scored} scored`,
    countOf(fired, "decision"),
    ...(moved > 0 ? [`${moved} moved`] : []),
  ];
  return `${parts.join(", ")} (${by})`;
}
