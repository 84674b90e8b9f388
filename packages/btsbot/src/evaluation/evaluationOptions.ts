import { InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";
import type { Terminal } from "../terminal/createTerminal.js";
import { EVALUATION_HELP } from "./evaluationHelp.js";
import { collect, countedByOption } from "../inputs/parseOptions.js";
import type { EvaluationOptions } from "./readEvaluation.js";
import type { TuneCommandOptions } from "../commands/tune/tuneCommand.js";

/** The rules of exclusion by the names that results have. */
const RULES = ["junk", "few-alerts", "peak-thinned"];

/**
 * Adds `btsbot backtest` and `btsbot tune`. What they need is loaded when they are called: other commands start without it.
 *
 * @internal
 */
export function addEvaluation(program: Command, terminal: Terminal, finish: (status: number) => void): void {
  const backtest = program
    .command("backtest")
    .description("Replay scored alerts through policies: what each finds, misses and costs.")
    .argument("<policy...>", "names of policies, or files of JSON that define them");
  addShared(backtest, EVALUATION_HELP.backtest).action(async (policies: string[], options: EvaluationOptions) => {
    const { backtestCommand } = await import("../commands/backtest/backtestCommand.js");
    finish(await backtestCommand(policies, options, terminal));
  });
  const tune = program
    .command("tune")
    .description("Search the thresholds of a policy for a goal, with a held-out half.")
    .option("--completeness <fraction>", "goal: the best purity at this completeness, 0 to 1", parseFraction)
    .option("--per-night <n>", "goal: the best completeness within n requests a night", parseAmount);
  addShared(tune, EVALUATION_HELP.tune).action(async (options: TuneCommandOptions) => {
    const { tuneCommand } = await import("../commands/tune/tuneCommand.js");
    finish(await tuneCommand(options, terminal));
  });
}

function addShared(command: Command, help: string): Command {
  return command
    .requiredOption("-s, --scores <file>", "scored alerts: JSON Lines of btsbot score, or CSV; - for standard input")
    .requiredOption("-t, --truth <file>", "what sources are: CSV or JSON Lines; - for standard input")
    .option("-m, --model <name>", "whose scores are meant, where the file has several")
    .option("--score-column <name>", "the column of the scores in CSV (default: score)")
    .addOption(
      new Option("--keep <rule>", "count sources that this rule leaves out; again for more")
        .choices(RULES)
        .default([], "none")
        .argParser((value: string, previous: readonly string[]) => collect(checkRule(value), previous)),
    )
    .addOption(countedByOption())
    .addOption(new Option("-f, --format <format>", "table or json").choices(["table", "json"]))
    .option("--json <file>", "write the results as JSON")
    .option("--report <file>", "write the results as one HTML page with figures")
    .helpOption("-h, --help", "print this help")
    .addHelpText("after", help)
    .showHelpAfterError(`See btsbot ${command.name()} --help.`);
}

function checkRule(value: string): string {
  if (!RULES.includes(value)) throw new InvalidArgumentError(`Allowed choices are ${RULES.join(", ")}.`);
  return value;
}

function parseFraction(value: string): number {
  const number = Number(value);
  if (value.trim() === "" || !(number >= 0 && number <= 1))
    throw new InvalidArgumentError("A number from 0 to 1 is needed.");
  return number;
}

function parseAmount(value: string): number {
  const number = Number(value);
  if (value.trim() === "" || !(number >= 0 && number < Infinity))
    throw new InvalidArgumentError("A number from 0 on is needed.");
  return number;
}
