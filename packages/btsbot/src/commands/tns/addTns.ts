import type { Command } from "commander";
import { InvalidArgumentError, Option } from "commander";
import { addCommand } from "../../terminal/addCommand.js";
import type { SetExitStatus } from "../../terminal/addCommand.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { TNS_HELP } from "./tnsHelp.js";
import type { TnsOptions } from "./types.js";

/**
 * Adds `btsbot tns`.
 *
 * @internal
 */
export function addTns(program: Command, terminal: Terminal, finish: SetExitStatus): void {
  addCommand(program, "tns", "Report discoveries to the Transient Name Server.", TNS_HELP)
    .argument("<source...>", "names of sources in the store")
    .requiredOption("--store <store>", "the store: its folder, or postgresql://...")
    .requiredOption("--reporter <text>", "who reports, as TNS publishes it")
    .requiredOption("--group <id>", "TNS's id of the group that reports", parseId)
    .option("--data-source <id>", "TNS's id of the group whose data they are (default: 48, ZTF)", parseId)
    .option("--archive <text>", "an archive without the source, where no limit precedes it")
    .addOption(new Option("--sandbox", "send it to TNS's server for trials").conflicts("url"))
    .option("--url <url>", "send it to this server")
    .option("--bot <id:name>", "the bot, as TNS registered it", parseBot)
    .option("--key-file <file>", "file of mode 600 with the bot's key (default: $TNS_API_KEY)")
    .action(async (sources: string[], options: TnsOptions) => {
      // Asked for before the rest is loaded, so that an end is heeded from here on.
      const { signal } = terminal;
      const { tnsCommand } = await import("./tnsCommand.js");
      signal?.throwIfAborted();
      finish(await tnsCommand(sources, options, terminal));
    });
}

function parseId(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Expected a whole number.");
}

function parseBot(text: string): readonly [number, string] {
  const [, id, name] = /^(\d+):(.+)$/.exec(text) ?? [];
  if (id !== undefined) return [Number(id), name];
  throw new InvalidArgumentError("Expected ID:NAME, such as 7:btsbot.");
}
