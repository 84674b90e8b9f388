import { DEFAULT_COMPARED } from "@btsbot/core";
import { Option } from "commander";
import type { Command } from "commander";
import type { Terminal } from "../../terminal/createTerminal.js";
import { DEFAULT_TEXT } from "../../models/defaultModel.js";
import { HELP } from "../../programHelp.js";
import { parityCommand } from "./parityCommand.js";
import type { ParityOptions } from "./parityCommand.js";
import { maxBytesOption, PATHS_TEXT, recursiveOption, schemaOption } from "../../inputs/inputOptions.js";
import { collect, parseBatch } from "../../inputs/parseOptions.js";

/**
 * Adds `btsbot parity`.
 *
 * @internal
 */
export function addParity(program: Command, terminal: Terminal, finish: (status: number) => void): void {
  program
    .command("parity")
    .description("Compare scores under the features that other systems compute.")
    .argument("<path...>", PATHS_TEXT)
    .option("-m, --model <name>", `the model (default: ${DEFAULT_TEXT})`)
    .addOption(
      new Option("-p, --profile <name>", "profile to compare with the model's own; again for more")
        .argParser(collect)
        .default([], DEFAULT_COMPARED.join(", ")),
    )
    .addOption(new Option("-f, --format <format>", "text or jsonl").choices(["text", "jsonl"]).default("text"))
    .option("-b, --batch <n>", "alerts in one run of the network (default: 32)", parseBatch)
    .addOption(recursiveOption())
    .addOption(schemaOption())
    .addOption(maxBytesOption())
    .helpOption("-h, --help", "print this help")
    .addHelpText("after", HELP.parity)
    .showHelpAfterError("See btsbot parity --help.")
    .action(async (paths: string[], options: ParityOptions) => finish(await parityCommand(paths, options, terminal)));
}
