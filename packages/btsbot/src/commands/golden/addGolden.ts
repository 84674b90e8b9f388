import type { Command } from "commander";
import { Option } from "commander";
import { addInputOptions, PATHS_TEXT } from "../../inputs/inputOptions.js";
import { collect, parseTolerance } from "../../inputs/parseOptions.js";
import { DEFAULT_TEXT } from "../../models/defaultModel.js";
import { addCommand } from "../../terminal/addCommand.js";
import type { SetExitStatus } from "../../terminal/addCommand.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { GOLDEN_HELP } from "./goldenHelp.js";
import type { GoldenOptions } from "./types.js";

/**
 * Adds `btsbot golden`.
 *
 * @internal
 */
export function addGolden(program: Command, terminal: Terminal, finish: SetExitStatus): void {
  const command = addCommand(
    program,
    "golden",
    "Write features and scores for others to check against, or check them.",
    GOLDEN_HELP,
  )
    .argument("[path...]", PATHS_TEXT)
    .option("-c, --check <golden>", "compare with this golden file instead of writing one")
    .addOption(
      new Option("-m, --model <name>", "model to write; repeatable; or all")
        .argParser(collect)
        .default([], DEFAULT_TEXT),
    )
    .addOption(
      new Option("-p, --profile <name>", "profile to write beside the models' own, or its file")
        .argParser(collect)
        .default([], "none"),
    )
    .option("--feature-tolerance <t>", "tolerance for features (default: the file's, or 1e-9)", parseTolerance)
    .option("--triplet-tolerance <t>", "tolerance for triplets (default: the file's, or 1e-6)", parseTolerance)
    .option("--score-tolerance <t>", "tolerance for scores (default: the file's, or 1e-5)", parseTolerance)
    .addOption(
      new Option("-f, --format <format>", "of --check: text or jsonl").choices(["text", "jsonl"]).default("text"),
    );
  addInputOptions(command).action(async (paths: string[], options: GoldenOptions) => {
    const { goldenCommand } = await import("./goldenCommand.js");
    finish(await goldenCommand(paths, options, terminal));
  });
}
