import type { Command } from "commander";
import { addEvaluationOptions } from "../../evaluation/evaluationOptions.js";
import type { EvaluationOptions } from "../../evaluation/types.js";
import { addCommand } from "../../terminal/addCommand.js";
import type { SetExitStatus } from "../../terminal/addCommand.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { BACKTEST_HELP } from "./backtestHelp.js";

/**
 * Adds `btsbot backtest`.
 *
 * @internal
 */
export function addBacktest(program: Command, terminal: Terminal, finish: SetExitStatus): void {
  const command = addCommand(
    program,
    "backtest",
    "Replay scored alerts through policies: what each finds, misses and costs.",
    BACKTEST_HELP,
  ).argument("<policy...>", "names of policies, or files of JSON that define them");
  addEvaluationOptions(command).action(async (policies: string[], options: EvaluationOptions) => {
    const { backtestCommand } = await import("./backtestCommand.js");
    finish(await backtestCommand(policies, options, terminal));
  });
}
