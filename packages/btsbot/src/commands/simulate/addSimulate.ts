import { DEFAULT_SURVEY } from "@btsbot/simulate";
import type { Command } from "commander";
import { parseIndex } from "../../inputs/parseOptions.js";
import { addCommand } from "../../terminal/addCommand.js";
import type { SetExitStatus } from "../../terminal/addCommand.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import type { SimulateOptions } from "./simulateCommand.js";
import { SIMULATE_HELP } from "./simulateHelp.js";

/**
 * Adds `btsbot simulate`.
 *
 * @internal
 */
export function addSimulate(program: Command, terminal: Terminal, finish: SetExitStatus): void {
  const { nights, sources, seed } = DEFAULT_SURVEY;
  addCommand(program, "simulate", "Write alert packets of known truth, as the survey would send them.", SIMULATE_HELP)
    .requiredOption("-o, --out <folder>", "output folder, new or empty")
    .option("-n, --nights <n>", "nights", parseIndex, nights)
    .option("-s, --sources <n>", "sources, each with at least one alert", parseIndex, sources)
    .option("--seed <n>", "seed of the random numbers", parseIndex, seed)
    .option("--start <jd>", "first night, Julian date (default: 2460227.5, 2023 October 10)", Number)
    .action(async (options: SimulateOptions) => {
      const { simulateCommand } = await import("./simulateCommand.js");
      finish(await simulateCommand(options, terminal));
    });
}
