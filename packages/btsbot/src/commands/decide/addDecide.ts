import { Option } from "commander";
import type { Command } from "commander";
import type { Terminal } from "../../terminal/createTerminal.js";
import { DEFAULT_TEXT } from "../../models/defaultModel.js";
import type { DecideOptions } from "./decideCommand.js";
import { DECIDE_HELP } from "./decideHelp.js";
import { maxBytesOption, PATHS_TEXT, recursiveOption, schemaOption } from "../../inputs/inputOptions.js";
import { collect, countedByOption, parseMoment } from "../../inputs/parseOptions.js";

/**
 * Adds `btsbot decide`. What it needs is loaded when it is called: other commands start without it.
 *
 * @internal
 */
export function addDecide(program: Command, terminal: Terminal, finish: (status: number) => void): void {
  program
    .command("decide")
    .description("Filter and score alerts, and say which sources to save and to follow up.")
    .argument("[path...]", PATHS_TEXT)
    .option("-m, --model <name>", `model to score with (default: ${DEFAULT_TEXT})`)
    .option("--filter <name>", "which alerts are scored; none: all (default: bts-production)")
    .addOption(
      new Option("-p, --policy <name>", "when to act; again for more").argParser(collect).default([], "bts_p1, bts_p2"),
    )
    .addOption(countedByOption())
    .option("--rules <file>", "rules of follow-up, JSON: where to save, what to ask for")
    .option("--state <folder>", "what is kept between runs")
    .addOption(
      new Option(
        "--now <date>",
        "when plans are made, JD or UT such as 2026-11-30T04:00 (default: this moment)",
      ).argParser(parseMoment),
    )
    .option("--explain <source>", "tell the story of one source, and change nothing")
    .addOption(new Option("-f, --format <format>", "table or jsonl").choices(["table", "jsonl"]))
    .addOption(recursiveOption())
    .addOption(schemaOption())
    .addOption(maxBytesOption())
    .helpOption("-h, --help", "print this help")
    .addHelpText("after", DECIDE_HELP)
    .showHelpAfterError("See btsbot decide --help.")
    .action(async (paths: string[], options: DecideOptions) => {
      const { decideCommand } = await import("./decideCommand.js");
      finish(await decideCommand(paths, options, terminal));
    });
}
