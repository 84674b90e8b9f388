import type { Command } from "commander";
import { addCommand } from "../../terminal/addCommand.js";
import type { SetExitStatus } from "../../terminal/addCommand.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { STREAM_HELP } from "./streamHelp.js";
import type { StreamOptions } from "./types.js";

/**
 * Adds `btsbot stream`.
 *
 * @internal
 */
export function addStream(program: Command, terminal: Terminal, finish: SetExitStatus): void {
  addCommand(program, "stream", "Score and decide on a broker's alerts as they come, until stopped.", STREAM_HELP)
    .argument("<config>", "the configuration, JSON or YAML")
    .option("--check", "say what it would do, without doing it")
    .action(async (path: string, options: StreamOptions) => {
      // Asked for before the rest is loaded, so that an end is heeded from here on.
      const { signal } = terminal;
      const { streamCommand } = await import("./streamCommand.js");
      signal?.throwIfAborted();
      finish(await streamCommand(path, options, terminal));
    });
}
