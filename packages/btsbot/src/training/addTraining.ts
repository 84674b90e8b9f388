import { Option } from "commander";
import type { Command } from "commander";
import type { Terminal } from "../terminal/createTerminal.js";
import { HELP } from "../programHelp.js";
import { searchCommand } from "../commands/search/searchCommand.js";
import { TRAINING_BACKENDS } from "./trainingBackend.js";
import { trainCommand } from "../commands/train/trainCommand.js";
import type { TrainCommandOptions } from "../commands/train/trainCommand.js";

/**
 * Adds `btsbot train` and `btsbot search`.
 *
 * @internal
 */
export function addTrain(program: Command, terminal: Terminal, finish: (status: number) => void): void {
  program
    .command("train")
    .description("Train a network on alerts of known truth, as BTSbot was trained.")
    .argument("<config>", "what to train and on what, JSON")
    .requiredOption("-o, --out <folder>", "where to; a training that is there already goes on")
    .addOption(backendOption())
    .helpOption("-h, --help", "print this help")
    .addHelpText("after", HELP.train)
    .showHelpAfterError("See btsbot train --help.")
    .action(async (config: string, options: TrainCommandOptions) =>
      finish(await trainCommand(config, options, terminal)),
    );
  program
    .command("search")
    .description("Search hyper-parameters, by chance or by successive halving.")
    .argument("<config>", "a training's configuration with the key search, JSON")
    .requiredOption("-o, --out <folder>", "where to; a search that is there already goes on")
    .addOption(backendOption())
    .helpOption("-h, --help", "print this help")
    .addHelpText("after", HELP.search)
    .showHelpAfterError("See btsbot search --help.")
    .action(async (config: string, options: TrainCommandOptions) =>
      finish(await searchCommand(config, options, terminal)),
    );
}

function backendOption(): Option {
  return new Option("--backend <name>", "of tfjs").choices(TRAINING_BACKENDS).default(TRAINING_BACKENDS[0]);
}
