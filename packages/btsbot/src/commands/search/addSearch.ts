import type { Command } from "commander";
import { addCommand } from "../../terminal/addCommand.js";
import type { SetExitStatus } from "../../terminal/addCommand.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { backendOption } from "../../training/backendOption.js";
import { trainingProfileOption } from "../../training/trainingProfileOption.js";
import type { TrainingOptions } from "../../training/types.js";
import { SEARCH_HELP } from "./searchHelp.js";

/**
 * Adds `btsbot search`.
 *
 * @internal
 */
export function addSearch(program: Command, terminal: Terminal, finish: SetExitStatus): void {
  addCommand(program, "search", "Search hyper-parameters, at random or by successive halving.", SEARCH_HELP)
    .argument("<config>", "a training configuration with the key search, JSON")
    .requiredOption("-o, --out <folder>", "output folder; a search already there continues")
    .addOption(trainingProfileOption())
    .addOption(backendOption())
    .action(async (config: string, options: TrainingOptions) => {
      const { searchCommand } = await import("./searchCommand.js");
      finish(await searchCommand(config, options, terminal));
    });
}
