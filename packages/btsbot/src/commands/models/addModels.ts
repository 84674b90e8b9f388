import type { Command } from "commander";
import { Option } from "commander";
import { PRODUCTION_MODEL } from "../../models/defaultModel.js";
import { addCommand } from "../../terminal/addCommand.js";
import type { Finish } from "../../terminal/addCommand.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { MODELS_HELP } from "./modelsHelp.js";
import type { ExportOptions, ListOptions, PullOptions } from "./types.js";

/**
 * Adds `btsbot models` with its own commands.
 *
 * @internal
 */
export function addModels(program: Command, terminal: Terminal, finish: Finish): void {
  const models = addCommand(
    program,
    "models",
    "List, pull, show and export the published models.",
    MODELS_HELP.models,
  ).helpCommand(false);
  addCommand(models, "list", "List the models, and which of them are here.", MODELS_HELP.list)
    .addOption(new Option("-f, --format <format>", "table or jsonl").choices(["table", "jsonl"]))
    .action(async (options: ListOptions) => {
      const { listCommand } = await import("./listCommand.js");
      finish(await listCommand(options, terminal));
    });
  addCommand(models, "pull", "Fetch published weights into the cache, verified and converted.", MODELS_HELP.pull)
    .argument("[name...]", `models, or all (default: ${PRODUCTION_MODEL})`)
    .option("--from <folder>", "a local mirror, instead of the public address")
    .option("--force", "fetch even what is here already")
    .action(async (names: string[], options: PullOptions) => {
      const { pullCommand } = await import("./pullCommand.js");
      finish(await pullCommand(names, options, terminal));
    });
  addCommand(
    models,
    "show",
    "Show a model's card: inputs, layers, features, source, licence, citation.",
    MODELS_HELP.show,
  )
    .argument("[name]", "the model", PRODUCTION_MODEL)
    .action(async (name: string) => {
      const { showCommand } = await import("./showCommand.js");
      finish(await showCommand(name, terminal));
    });
  addCommand(
    models,
    "export",
    "Write a model for use without this program: tfjs layers format, ONNX.",
    MODELS_HELP.export,
  )
    .argument("<name>", "the model")
    .requiredOption("--to <folder>", "where to")
    .addOption(new Option("-f, --format <format>", "tfjs, onnx or all").choices(["tfjs", "onnx", "all"]).default("all"))
    .action(async (name: string, options: ExportOptions) => {
      const { exportCommand } = await import("./exportCommand.js");
      finish(await exportCommand(name, options, terminal));
    });
}
