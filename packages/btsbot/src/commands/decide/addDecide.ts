import type { Command } from "commander";
import { Option } from "commander";
import { addInputOptions, addJobOptions, PATHS_TEXT } from "../../inputs/inputOptions.js";
import { collect, countedByOption, parseMoment } from "../../inputs/parseOptions.js";
import { profileOption } from "../../inputs/profileOption.js";
import { DEFAULT_TEXT } from "../../models/defaultModel.js";
import { addCommand } from "../../terminal/addCommand.js";
import type { SetExitStatus } from "../../terminal/addCommand.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { DECIDE_HELP } from "./decideHelp.js";
import type { DecideOptions } from "./types.js";

/**
 * Adds `btsbot decide`.
 *
 * @internal
 */
export function addDecide(program: Command, terminal: Terminal, finish: SetExitStatus): void {
  const command = addCommand(
    program,
    "decide",
    "Filter and score alerts, and say which sources to save and to follow up.",
    DECIDE_HELP,
  )
    .argument("[path...]", PATHS_TEXT)
    .option("-m, --model <name>", `model to score with (default: ${DEFAULT_TEXT})`)
    .addOption(profileOption("--profile <file>"))
    .option("--filter <name>", "filter of the alerts that are scored; none: all (default: bts-production)")
    .addOption(
      new Option("-p, --policy <name>", "when to act; repeatable").argParser(collect).default([], "bts_p1, bts_p2"),
    )
    .addOption(countedByOption())
    .option("--rules <file>", "rules of follow-up, JSON: where to save, what to ask for")
    .option("--portal <file>", "the SkyPortal that is asked what speaks against a plan, JSON or YAML")
    .option("--state <place>", "folder, or postgresql://..., that remembers between runs what was decided")
    .option("--history", "make features of the light curves in --state, beyond the packet's 30 days")
    .addOption(
      new Option("--now <date>", "the time of the plans, JD or UT such as 2026-11-30T04:00 (default: now)").argParser(
        parseMoment,
      ),
    )
    .option("--explain <source>", "tell the story of one source, and change nothing")
    .addOption(new Option("-f, --format <format>", "table or jsonl").choices(["table", "jsonl"]));
  addInputOptions(addJobOptions(command)).action(async (paths: string[], options: DecideOptions) => {
    // Asked for before the rest is loaded, so that an end is heeded from here on.
    const { signal } = terminal;
    const { decideCommand } = await import("./decideCommand.js");
    signal?.throwIfAborted();
    finish(await decideCommand(paths, options, terminal));
  });
}
