import { countOf } from "@btsbot/errors";
import { complain } from "../../terminal/complain.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { EXIT } from "../../terminal/exitStatus.js";
import { writeDecisionLines } from "./decideLines.js";
import { readDecideSetup } from "./decideSetup.js";
import { createDecider } from "./decideSources.js";
import { writeDecisionTable } from "./decideTable.js";
import { describeLosses } from "./describeLosses.js";
import { explainSource } from "./explainSource.js";
import { finishCounts, isTable, judgeAll } from "./judgeAll.js";
import { openState } from "./openState.js";
import type { DecideCounts, DecideOptions, DecideSetup, PlannedDecision } from "./types.js";

/**
 * `btsbot decide`.
 *
 * @internal
 */
export async function decideCommand(
  paths: readonly string[],
  options: DecideOptions,
  terminal: Terminal,
): Promise<number> {
  const { stderr } = terminal;
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
    const decider = createDecider(setup, state.book);
    const counts = await judgeAll(paths, options, setup, terminal, ({ alert, filtered, result }) => {
      if (filtered?.pass !== false) decider.take(alert, result);
    });
    const decisions = decider.finish();
    if (isTable(options, terminal)) writeDecisionTable(decisions, terminal);
    else writeDecisionLines(decisions, terminal.stdout);
    // Who is stopped between the two is told the same again, by the same keys; the other way round it would be lost.
    // What nobody takes, or finds no room on the disk, is not kept either.
    await terminal.stdout.flush?.();
    await state.save();
    complain(stderr, describeRun(setup, counts, decisions));
    for (const line of describeLosses(counts)) complain(stderr, line);
    return finishCounts(counts, terminal);
  } finally {
    await state.close();
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
