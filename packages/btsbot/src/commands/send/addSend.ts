import type { Command } from "commander";
import { Option } from "commander";
import { addCommand } from "../../terminal/addCommand.js";
import type { SetExitStatus } from "../../terminal/addCommand.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { SEND_HELP } from "./sendHelp.js";
import type { SendCommandOptions } from "./types.js";

/**
 * Adds `btsbot send`.
 *
 * @internal
 */
export function addSend(program: Command, terminal: Terminal, finish: SetExitStatus): void {
  addCommand(program, "send", "Carry out in SkyPortal what was decided, each action once.", SEND_HELP)
    .requiredOption("--store <store>", "the store: its folder, or postgresql://...")
    .option("--portal <file>", "the SkyPortal and what it is told, JSON or YAML")
    .option("--url <url>", "the SkyPortal's address, in place of --portal")
    .option("--token-file <file>", "file of mode 600 with the token (default: $SKYPORTAL_TOKEN)")
    .option("-n, --dry-run", "say what would be sent, and send nothing")
    .option("--non-public", "also what is not public")
    .addOption(new Option("-f, --format <format>", "text, json or skyportal").choices(["text", "json", "skyportal"]))
    .action(async (options: SendCommandOptions) => {
      // Asked for before the rest is loaded, so that an end is heeded from here on.
      const { signal } = terminal;
      const { sendCommand } = await import("./sendCommand.js");
      signal?.throwIfAborted();
      finish(await sendCommand(options, terminal));
    });
}
