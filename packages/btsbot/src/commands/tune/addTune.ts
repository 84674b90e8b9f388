import type { Command } from "commander";
import { addEvaluationOptions } from "../../evaluation/evaluationOptions.js";
import { parseAmount, parseFraction } from "../../inputs/parseOptions.js";
import { addCommand } from "../../terminal/addCommand.js";
import type { SetExitStatus } from "../../terminal/addCommand.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { TUNE_HELP } from "./tuneHelp.js";
import type { TuneCommandOptions } from "./types.js";

/**
 * Adds `btsbot tune`.
 *
 * @internal
 */
export function addTune(program: Command, terminal: Terminal, finish: SetExitStatus): void {
  const command = addCommand(
    program,
    "tune",
    "Search the thresholds of a policy for a goal, with a held-out half.",
    TUNE_HELP,
  )
    .option("--completeness <fraction>", "goal: the best purity at this completeness, 0 to 1", parseFraction)
    .option("--per-night <n>", "goal: the best completeness within n requests per night", parseAmount);
  addEvaluationOptions(command).action(async (options: TuneCommandOptions) => {
    const { tuneCommand } = await import("./tuneCommand.js");
    finish(await tuneCommand(options, terminal));
  });
}
