import type { Command } from "commander";
import { Option } from "commander";
import { addInputOptions, addJobOptions, PATHS_TEXT } from "../../inputs/inputOptions.js";
import { profileOption } from "../../inputs/profileOption.js";
import { collect, parseBatch } from "../../inputs/parseOptions.js";
import { DEFAULT_BATCH, MAX_BATCH } from "../../inputs/scoreInputs.js";
import { DEFAULT_TEXT } from "../../models/defaultModel.js";
import { addCommand } from "../../terminal/addCommand.js";
import type { SetExitStatus } from "../../terminal/addCommand.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { SCORE_HELP } from "./scoreHelp.js";
import type { ScoreOptions } from "./types.js";

/**
 * Adds `btsbot score`.
 *
 * @internal
 */
export function addScore(program: Command, terminal: Terminal, finish: SetExitStatus): void {
  const command = addCommand(program, "score", "Score alerts: a table on a terminal, JSON Lines elsewhere.", SCORE_HELP)
    .argument("[path...]", PATHS_TEXT)
    .addOption(
      new Option("-m, --model <name>", "model to score with; repeatable; all: those pulled")
        .argParser(collect)
        .default([], DEFAULT_TEXT),
    )
    .addOption(profileOption())
    .addOption(new Option("-f, --format <format>", "table or jsonl").choices(["table", "jsonl"]))
    .option(
      "-b, --batch <n>",
      `alerts in one run of the network, 1 to ${MAX_BATCH} (default: ${DEFAULT_BATCH}; with several jobs, each is given 8 and runs 2)`,
      parseBatch,
    )
    .option("--resume <file>", "write lines to this file, after those that an earlier run wrote for the same paths")
    .addOption(
      new Option("-r, --real-bogus <source>", "source of the real/bogus score: the packet's drb, or braai")
        .choices(["packet", "braai"])
        .default("packet"),
    );
  addInputOptions(addJobOptions(command)).action(async (paths: string[], options: ScoreOptions) => {
    // Asked for before the rest is loaded, so that an end is heeded from here on.
    const { signal } = terminal;
    const { scoreCommand } = await import("./scoreCommand.js");
    signal?.throwIfAborted();
    finish(await scoreCommand(paths, options, terminal));
  });
}
