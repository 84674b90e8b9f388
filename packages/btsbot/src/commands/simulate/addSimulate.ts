import { DEFAULT_SURVEY } from "@btsbot/simulate";
import type { Command } from "commander";
import type { Terminal } from "../../terminal/createTerminal.js";
import { HELP } from "../../programHelp.js";
import { parseIndex } from "../../inputs/parseOptions.js";
import { simulateCommand } from "./simulateCommand.js";
import type { SimulateOptions } from "./simulateCommand.js";

/**
 * Adds `btsbot simulate`.
 *
 * @internal
 */
export function addSimulate(program: Command, terminal: Terminal, finish: (status: number) => void): void {
  const { nights, sources, seed } = DEFAULT_SURVEY;
  program
    .command("simulate")
    .description("Write alert packets of known truth, as the survey would send them.")
    .requiredOption("-o, --out <folder>", "where to: a new folder, or an empty one")
    .option("-n, --nights <n>", "nights", parseIndex, nights)
    .option("-s, --sources <n>", "sources, each with an alert at least", parseIndex, sources)
    .option("--seed <n>", "what all chance follows from", parseIndex, seed)
    .option("--start <jd>", "first night, Julian date (default: 2460227.5, 2023 October 10)", Number)
    .helpOption("-h, --help", "print this help")
    .addHelpText("after", HELP.simulate)
    .showHelpAfterError("See btsbot simulate --help.")
    .action(async (options: SimulateOptions) => finish(await simulateCommand(options, terminal)));
}
