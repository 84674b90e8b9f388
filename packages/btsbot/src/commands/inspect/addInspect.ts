import type { Command } from "commander";
import { Option } from "commander";
import { addPacketOptions } from "../../inputs/inputOptions.js";
import { parseIndex } from "../../inputs/parseOptions.js";
import { addCommand } from "../../terminal/addCommand.js";
import type { SetExitStatus } from "../../terminal/addCommand.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { INSPECT_HELP } from "./inspectHelp.js";
import type { InspectOptions } from "./types.js";

/**
 * Adds `btsbot inspect`.
 *
 * @internal
 */
export function addInspect(program: Command, terminal: Terminal, finish: SetExitStatus): void {
  const command = addCommand(
    program,
    "inspect",
    "Show what is in a packet: source, measurements, history, features, stamps.",
    INSPECT_HELP,
  )
    .argument("<file>", "a file or a tarball of alerts, packed or not; - for standard input")
    .option("-i, --index <n>", "which alert of a file that holds several, from 0 (default: 0)", parseIndex)
    .option("--png <file>", "write the stamps as a picture: science, template, difference")
    .addOption(new Option("-f, --format <format>", "text or json").choices(["text", "json"]).default("text"));
  addPacketOptions(command).action(async (path: string, options: InspectOptions) => {
    const { inspectCommand } = await import("./inspectCommand.js");
    finish(await inspectCommand(path, options, terminal));
  });
}
