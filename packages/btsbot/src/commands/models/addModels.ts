import { LSST, SURVEYS } from "@btsbot/alert";
import { NORMALIZATIONS } from "@btsbot/cutout";
import type { Command } from "commander";
import { Option } from "commander";
import { parseNames, parsePlanes } from "../../inputs/parseOptions.js";
import { PRODUCTION_MODEL } from "../../models/defaultModel.js";
import { addCommand } from "../../terminal/addCommand.js";
import type { SetExitStatus } from "../../terminal/addCommand.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { parseInput } from "./parseInput.js";
import { MODELS_HELP } from "./modelsHelp.js";
import type { ModelsExportOptions, ImportOptions, ListOptions, ModelsPullOptions } from "./types.js";

const SURVEY_NAMES = [...SURVEYS, LSST].map(({ name }) => name);

/**
 * Adds `btsbot models` with its own commands.
 *
 * @internal
 */
export function addModels(program: Command, terminal: Terminal, finish: SetExitStatus): void {
  const models = addCommand(
    program,
    "models",
    "List, pull, import, show and export models.",
    MODELS_HELP.models,
  ).helpCommand(false);
  addCommand(models, "list", "List the models, and say which are already here.", MODELS_HELP.list)
    .addOption(new Option("-f, --format <format>", "table or jsonl").choices(["table", "jsonl"]))
    .action(async (options: ListOptions) => {
      const { listCommand } = await import("./listCommand.js");
      finish(await listCommand(options, terminal));
    });
  addCommand(models, "pull", "Fetch published weights into the cache, verified and converted.", MODELS_HELP.pull)
    .argument("[name...]", `models, or all (default: ${PRODUCTION_MODEL})`)
    .option("--from <folder>", "a local mirror, instead of the public address")
    .option("--force", "fetch again what is already here")
    .action(async (names: string[], options: ModelsPullOptions) => {
      const { pullCommand } = await import("./pullCommand.js");
      finish(await pullCommand(names, options, terminal));
    });
  addCommand(models, "import", "Take a network of your own into the cache, under a name.", MODELS_HELP.import)
    .argument("<path>", "Keras file, SavedModel, or tfjs layers model: a file or a folder")
    .requiredOption("-n, --name <name>", "the name by which other commands know it")
    .option("--model-version <text>", "its version (default: what the file says, or 1)")
    .option("-p, --profile <name>", "feature profile of its vector input, such as btsbot-v1, or its file")
    .addOption(
      new Option("--preprocessing <way>", "how its stamps are normalised (default: l2)").choices(NORMALIZATIONS),
    )
    .option("--planes <names>", "stamps that it reads, in order, separated by commas (default: all three)", parsePlanes)
    .addOption(
      new Option(
        "--input <name=what>",
        "of one input, by its name in the network: its stamps and l2 or minmax, or its profile; repeatable",
      )
        .argParser(parseInput)
        .default([], "none"),
    )
    .addOption(new Option("--survey <name>", "whose alerts it reads (default: the profile's)").choices(SURVEY_NAMES))
    .option("--classes <names>", "classes of its output, in order, separated by commas", parseNames)
    .addOption(
      new Option("--activation <name>", "what is still to be applied to logits").choices(["sigmoid", "softmax"]),
    )
    .option("--force", "replace a model of this name")
    .action(async (path: string, options: ImportOptions) => {
      const { importCommand } = await import("./importCommand.js");
      finish(await importCommand(path, options, terminal));
    });
  addCommand(
    models,
    "show",
    "Show a model's card: inputs, layers, features, source, licence, citation.",
    MODELS_HELP.show,
  )
    .argument("[name]", "the model, or its folder", PRODUCTION_MODEL)
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
    .argument("<name>", "the model, or its folder")
    .requiredOption("--to <folder>", "where to write it")
    .addOption(new Option("-f, --format <format>", "tfjs, onnx or all").choices(["tfjs", "onnx", "all"]).default("all"))
    .action(async (name: string, options: ModelsExportOptions) => {
      const { exportCommand } = await import("./exportCommand.js");
      finish(await exportCommand(name, options, terminal));
    });
}
