import { DEFAULT_COMPARED } from "@btsbot/core";
import type { Command } from "commander";
import { Option } from "commander";
import { addInputOptions, addJobOptions, PATHS_TEXT } from "../../inputs/inputOptions.js";
import { collect, parseBatch } from "../../inputs/parseOptions.js";
import { DEFAULT_BATCH } from "../../inputs/scoreInputs.js";
import { DEFAULT_TEXT } from "../../models/defaultModel.js";
import { addCommand } from "../../terminal/addCommand.js";
import type { SetExitStatus } from "../../terminal/addCommand.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { PARITY_HELP } from "./parityHelp.js";
import type { ParityOptions } from "./types.js";

/**
 * Adds `btsbot parity`.
 *
 * @internal
 */
export function addParity(program: Command, terminal: Terminal, finish: SetExitStatus): void {
  const command = addCommand(
    program,
    "parity",
    "Compare scores under the features that other systems compute.",
    PARITY_HELP,
  )
    .argument("[path...]", PATHS_TEXT)
    .option("-m, --model <name>", `the model (default: ${DEFAULT_TEXT})`)
    .addOption(
      new Option("-p, --profile <name>", "profile to compare with the model's own, or its file; repeatable")
        .argParser(collect)
        .default([], DEFAULT_COMPARED.join(", ")),
    )
    .addOption(new Option("-f, --format <format>", "text or jsonl").choices(["text", "jsonl"]).default("text"))
    .option(
      "-b, --batch <n>",
      `alerts in one run of the network (default: ${DEFAULT_BATCH}; with several jobs, each is given 8 and runs 2)`,
      parseBatch,
    );
  addInputOptions(addJobOptions(command)).action(async (paths: string[], options: ParityOptions) => {
    // As in `btsbot score`: an end is heeded from here on.
    const { signal } = terminal;
    const { parityCommand } = await import("./parityCommand.js");
    signal?.throwIfAborted();
    finish(await parityCommand(paths, options, terminal));
  });
}
