import type { Command } from "commander";
import { addCommand } from "../../terminal/addCommand.js";
import type { SetExitStatus } from "../../terminal/addCommand.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { backendOption } from "../../training/backendOption.js";
import { trainingProfileOption } from "../../training/trainingProfileOption.js";
import type { TrainingOptions } from "../../training/types.js";
import { TRAIN_HELP } from "./trainHelp.js";

/**
 * Adds `btsbot train`.
 *
 * @internal
 */
export function addTrain(program: Command, terminal: Terminal, finish: SetExitStatus): void {
  addCommand(program, "train", "Train a network on alerts of known truth, as BTSbot was trained.", TRAIN_HELP)
    .argument("<config>", "what to train and on what, JSON")
    .requiredOption("-o, --out <folder>", "output folder; a training already there continues")
    .addOption(trainingProfileOption())
    .addOption(backendOption())
    .action(async (config: string, options: TrainingOptions) => {
      const { trainCommand } = await import("./trainCommand.js");
      finish(await trainCommand(config, options, terminal));
    });
}
