import type { Command } from "commander";
import { Option } from "commander";
import { parseMoment } from "../../inputs/parseOptions.js";
import { addCommand } from "../../terminal/addCommand.js";
import type { SetExitStatus } from "../../terminal/addCommand.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { STORE_HELP } from "./storeHelp.js";
import type { StoreImportOptions, StoreInfoOptions, StorePruneOptions, StoreTableOptions } from "./types.js";

/** What can be written out. */
const TABLES = ["sources", "points", "alerts", "outbox", "labels"];

/**
 * Adds `btsbot store` with its own commands.
 *
 * @internal
 */
export function addStore(program: Command, terminal: Terminal, finish: SetExitStatus): void {
  const store = addCommand(
    program,
    "store",
    "Look into a store, write it out, tidy it, take over an old state.",
    STORE_HELP.store,
  ).helpCommand(false);
  const add = (name: keyof typeof STORE_HELP, description: string): Command =>
    addCommand(store, name, description, STORE_HELP[name]).argument("<store>", "its folder, or postgresql://...");
  add("info", "Say what a store holds.")
    .addOption(new Option("-f, --format <format>", "text or json").choices(["text", "json"]))
    .action(async (folder: string, options: StoreInfoOptions) => {
      const { storeInfoCommand } = await import("./storeInfoCommand.js");
      finish(await storeInfoCommand(folder, options, terminal));
    });
  add("export", "Write a table out, one line of JSON for each row.")
    .addOption(new Option("-t, --table <table>", "which table").choices(TABLES).makeOptionMandatory())
    .option("--non-public", "also what is not public")
    .action(async (folder: string, options: StoreTableOptions) => {
      const { storeExportCommand } = await import("./storeExportCommand.js");
      finish(await storeExportCommand(folder, options, terminal));
    });
  add("prune", "Remove light curves and alerts of sources not seen for a long time.")
    .requiredOption("--before <time>", "sources last seen before this: a JD, or a date, UTC", parseMoment)
    .action(async (folder: string, options: StorePruneOptions) => {
      const { storePruneCommand } = await import("./storePruneCommand.js");
      finish(await storePruneCommand(folder, options, terminal));
    });
  add("import", "Take over what earlier versions kept between runs.")
    .option("--from <folder>", "the folder with state.jsonl (default: the same)")
    .action(async (folder: string, options: StoreImportOptions) => {
      const { storeImportCommand } = await import("./storeImportCommand.js");
      finish(await storeImportCommand(folder, options, terminal));
    });
}
