import type { Command } from "commander";
import { InvalidArgumentError, Option } from "commander";
import { collect, countedByOption } from "../inputs/parseOptions.js";

/** The rules of exclusion by the names that results have. */
const RULES = ["junk", "few-alerts", "peak-thinned"];

/**
 * Adds the options of `btsbot backtest` and `btsbot tune`: what is read, how it is counted, what is written.
 *
 * @internal
 */
export function addEvaluationOptions(command: Command): Command {
  return command
    .requiredOption("-s, --scores <file>", "scored alerts: JSON Lines of btsbot score, or CSV; - for standard input")
    .requiredOption("-t, --truth <file>", "what sources are: CSV or JSON Lines; - for standard input")
    .option("-m, --model <name>", "whose scores to use, where the file has several")
    .option("--score-column <name>", "the column of the scores in CSV (default: score)")
    .addOption(
      new Option("--keep <rule>", "count sources that this rule leaves out; repeatable")
        .choices(RULES)
        .default([], "none")
        .argParser((value: string, previous: readonly string[]) => collect(checkRule(value), previous)),
    )
    .addOption(countedByOption())
    .addOption(new Option("-f, --format <format>", "table or json").choices(["table", "json"]))
    .option("--json <file>", "write the results as JSON")
    .option("--report <file>", "write the results as one HTML page with figures");
}

function checkRule(value: string): string {
  if (!RULES.includes(value)) throw new InvalidArgumentError(`Allowed choices are ${RULES.join(", ")}.`);
  return value;
}
