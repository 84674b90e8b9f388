import { createRandom } from "@btsbot/chance";
import { backtest } from "@btsbot/evaluate";
import { describeInputs, evaluateRows, readEvaluation, SEED } from "../../evaluation/readEvaluation.js";
import type { EvaluationOptions } from "../../evaluation/types.js";
import { readPolicies } from "../../inputs/readPolicy.js";
import { complain } from "../../terminal/complain.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { EXIT } from "../../terminal/exitStatus.js";
import { createProgress } from "../../terminal/progress.js";
import { writeOutput } from "../../terminal/writeOutput.js";
import { backtestTable } from "./backtestTable.js";
import type { BacktestRun } from "./types.js";

/**
 * `btsbot backtest`.
 *
 * @internal
 */
export async function backtestCommand(
  names: readonly string[],
  options: EvaluationOptions,
  terminal: Terminal,
): Promise<number> {
  const { stderr } = terminal;
  if (options.scores === "-" && options.truth === "-") {
    complain(stderr, "one of --scores and --truth can be standard input, not both");
    return EXIT.usage;
  }
  const policies = await readPolicies(names, options.countedBy);
  const progress = createProgress(stderr, terminal.now);
  try {
    const input = await readEvaluation(options, policies, progress, terminal);
    const result = evaluateRows(options.scores, input.scores, () =>
      backtest(policies, input.scores.alerts, input.truth, {
        exclude: input.exclude,
        ...(options.countedBy && { countedBy: options.countedBy }),
        bootstrap: { random: createRandom(SEED) },
        onProgress: (done, total) => progress.show(`replayed ${done} of ${total} alerts`),
      }),
    );
    progress.clear();
    await writeBacktest({ options, policies, input, result }, terminal);
  } finally {
    progress.clear();
  }
  return EXIT.ok;
}

async function writeBacktest(run: BacktestRun, terminal: Terminal): Promise<void> {
  const { options, policies, input, result } = run;
  const { stdout } = terminal;
  const json = `${JSON.stringify({ ...describeInputs(options, input), definitions: policies, ...result })}\n`;
  stdout.write(
    (options.format ?? (stdout.isTTY ? "table" : "json")) === "json" ? json : backtestTable(result, policies, terminal),
  );
  if (options.json !== undefined) await writeOutput(options.json, json);
  if (options.report === undefined) return;
  // The plotting library is loaded by whoever asks for pictures.
  const { backtestReport } = await import("./backtestReport.js");
  await writeOutput(options.report, backtestReport(run));
}
