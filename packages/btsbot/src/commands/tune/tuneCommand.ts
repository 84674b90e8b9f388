import { createRandom } from "@btsbot/chance";
import { tunePolicy } from "@btsbot/evaluate";
import type { TuneGoal } from "@btsbot/evaluate";
import { describeInputs, evaluateRows, readEvaluation, SEED } from "../../evaluation/readEvaluation.js";
import { complain } from "../../terminal/complain.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { EXIT } from "../../terminal/exitStatus.js";
import { createProgress } from "../../terminal/progress.js";
import { writeOutput } from "../../terminal/writeOutput.js";
import { describeNone, tuneTable } from "./tuneTable.js";
import type { TuneCommandOptions } from "./types.js";

/**
 * `btsbot tune`.
 *
 * @internal
 */
export async function tuneCommand(options: TuneCommandOptions, terminal: Terminal): Promise<number> {
  const { stdout, stderr } = terminal;
  const goal = goalOf(options);
  if (goal === undefined || (options.scores === "-" && options.truth === "-")) {
    complain(
      stderr,
      goal === undefined
        ? "one goal is needed: --completeness or --per-night"
        : "one of --scores and --truth can be standard input, not both",
    );
    return EXIT.usage;
  }
  const progress = createProgress(stderr, terminal.now);
  try {
    const input = await readEvaluation(options, [], progress, terminal);
    const result = evaluateRows(options.scores, input.scores, () =>
      tunePolicy(input.scores.alerts, input.truth, {
        goal,
        exclude: input.exclude,
        ...(options.countedBy && { countedBy: options.countedBy }),
        bootstrap: { random: createRandom(SEED) },
        onProgress: (done, total) => progress.show(`tried ${done} of ${total} candidates`),
      }),
    );
    progress.clear();
    const { policy, ...rest } = result;
    const json = `${JSON.stringify({ ...describeInputs(options, input), goal, policy, ...rest })}\n`;
    stdout.write(
      (options.format ?? (stdout.isTTY ? "table" : "json")) === "json"
        ? json
        : tuneTable({ options, goal, result }, terminal),
    );
    if (options.json !== undefined) await writeOutput(options.json, json);
    if (options.report !== undefined) {
      const { tuneReport } = await import("./tuneReport.js");
      await writeOutput(options.report, tuneReport({ options, goal, result }));
    }
    if (result.best !== undefined) return EXIT.ok;
    complain(stderr, `on the searched half ${describeNone(goal, result)}`);
    return EXIT.unreadable;
  } finally {
    progress.clear();
  }
}

function goalOf({ completeness, perNight }: TuneCommandOptions): TuneGoal | undefined {
  if ((completeness === undefined) === (perNight === undefined)) return undefined;
  return completeness !== undefined ? { completeness } : { requestsPerNight: perNight! };
}
