import { Option } from "commander";
import type { Command } from "commander";
import type { Terminal } from "../../terminal/createTerminal.js";
import { DEFAULT_TEXT } from "../../models/defaultModel.js";
import { goldenCommand } from "./goldenCommand.js";
import type { GoldenOptions } from "./goldenScores.js";
import { HELP } from "../../programHelp.js";
import { maxBytesOption, PATHS_TEXT, recursiveOption, schemaOption } from "../../inputs/inputOptions.js";
import { collect, parseTolerance } from "../../inputs/parseOptions.js";

/**
 * Adds `btsbot golden`.
 *
 * @internal
 */
export function addGolden(program: Command, terminal: Terminal, finish: (status: number) => void): void {
  program
    .command("golden")
    .description("Write features and scores for others to check against, or check them.")
    .argument("<path...>", PATHS_TEXT)
    .option("-c, --check <golden>", "compare with this golden file instead of writing one")
    .addOption(
      new Option("-m, --model <name>", "model to write; again for more; or all")
        .argParser(collect)
        .default([], DEFAULT_TEXT),
    )
    .addOption(
      new Option("-p, --profile <name>", "profile to write beside the models' own")
        .argParser(collect)
        .default([], "none"),
    )
    .option("--feature-tolerance <t>", "of features (default: the file's, or 1e-9)", parseTolerance)
    .option("--triplet-tolerance <t>", "of triplets (default: the file's, or 1e-6)", parseTolerance)
    .option("--score-tolerance <t>", "of scores (default: the file's, or 1e-5)", parseTolerance)
    .addOption(
      new Option("-f, --format <format>", "of --check: text or jsonl").choices(["text", "jsonl"]).default("text"),
    )
    .addOption(recursiveOption())
    .addOption(schemaOption())
    .addOption(maxBytesOption())
    .helpOption("-h, --help", "print this help")
    .addHelpText("after", HELP.golden)
    .showHelpAfterError("See btsbot golden --help.")
    .action(async (paths: string[], options: GoldenOptions) => finish(await goldenCommand(paths, options, terminal)));
}
