import { VERSION } from "@btsbot/core";
import { Command, Option } from "commander";
import { addDecide } from "./commands/decide/addDecide.js";
import { addEvaluation } from "./evaluation/evaluationOptions.js";
import { addGolden } from "./commands/golden/addGolden.js";
import { addParity } from "./commands/parity/addParity.js";
import { addSimulate } from "./commands/simulate/addSimulate.js";
import { addTrain } from "./training/addTraining.js";
import type { Terminal } from "./terminal/createTerminal.js";
import { DEFAULT_TEXT, PRODUCTION_MODEL } from "./models/defaultModel.js";
import { HELP } from "./programHelp.js";
import { maxBytesOption, PATHS_TEXT, recursiveOption, schemaOption } from "./inputs/inputOptions.js";
import { inspectCommand } from "./commands/inspect/inspectCommand.js";
import type { InspectOptions } from "./commands/inspect/inspectCommand.js";
import { exportCommand, listCommand, pullCommand } from "./commands/models/pullCommand.js";
import type { ExportCommandOptions, ListOptions, PullCommandOptions } from "./commands/models/pullCommand.js";
import { collect, parseBatch, parseIndex } from "./inputs/parseOptions.js";
import { printableLines } from "./terminal/printable.js";
import { showCommand } from "./commands/models/showCommand.js";
import { DEFAULT_BATCH, MAX_BATCH, scoreCommand } from "./commands/score/scoreCommand.js";
import type { ScoreOptions } from "./commands/score/scoreCommand.js";

/**
 * The commands, their options and their help. `finish` takes the exit status.
 *
 * @internal
 */
export function createProgram(terminal: Terminal, finish: (status: number) => void): Command {
  const program = new Command("btsbot")
    .description("Scores ZTF alerts with the authors' own BTSbot, and shows what is in them.")
    .version(VERSION, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .addHelpText("after", HELP.program)
    // The status comes back as a value: a library does not end its process.
    .exitOverride()
    .configureHelp({ showGlobalOptions: false })
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
      outputError: (text, write) => write(printableLines(text.replace(/^error: /, "btsbot: "))),
      getOutHelpWidth: () => terminal.width,
      getErrHelpWidth: () => terminal.width,
      getOutHasColors: () => terminal.colors.isColorSupported,
      getErrHasColors: () => terminal.errorColors.isColorSupported,
    })
    .showHelpAfterError("See btsbot --help.");
  addScore(program, terminal, finish);
  addInspect(program, terminal, finish);
  addParity(program, terminal, finish);
  addGolden(program, terminal, finish);
  addDecide(program, terminal, finish);
  addEvaluation(program, terminal, finish);
  addModels(program, terminal, finish);
  addSimulate(program, terminal, finish);
  addTrain(program, terminal, finish);
  return program;
}

type Finish = (status: number) => void;

function addScore(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command("score")
    .description("Score alerts: a table on a terminal, JSON Lines elsewhere.")
    .argument("<path...>", PATHS_TEXT)
    .addOption(
      new Option("-m, --model <name>", "model to score with; again for more; all: those pulled")
        .argParser(collect)
        .default([], DEFAULT_TEXT),
    )
    .addOption(new Option("-f, --format <format>", "table or jsonl").choices(["table", "jsonl"]))
    .option(
      "-b, --batch <n>",
      `alerts in one run of the network, 1 to ${MAX_BATCH} (default: ${DEFAULT_BATCH})`,
      parseBatch,
    )
    .addOption(
      new Option("-r, --real-bogus <source>", "of drb: the packet's, or braai's")
        .choices(["packet", "braai"])
        .default("packet"),
    )
    .addOption(recursiveOption())
    .addOption(schemaOption())
    .addOption(maxBytesOption())
    .helpOption("-h, --help", "print this help")
    .addHelpText("after", HELP.score)
    .showHelpAfterError("See btsbot score --help.")
    .action(async (paths: string[], options: ScoreOptions) => finish(await scoreCommand(paths, options, terminal)));
}

function addInspect(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command("inspect")
    .description("Show what is in a packet: source, measurements, history, features, stamps.")
    .argument("<file>", "a file or a tarball of alerts, packed or not; - for standard input")
    .option("-i, --index <n>", "which alert of a file that holds several, from 0 (default: 0)", parseIndex)
    .option("--png <file>", "write the stamps as a picture: science, template, difference")
    .addOption(new Option("-f, --format <format>", "text or json").choices(["text", "json"]).default("text"))
    .addOption(schemaOption())
    .addOption(maxBytesOption())
    .helpOption("-h, --help", "print this help")
    .addHelpText("after", HELP.inspect)
    .showHelpAfterError("See btsbot inspect --help.")
    .action(async (path: string, options: InspectOptions) => finish(await inspectCommand(path, options, terminal)));
}

function addModels(program: Command, terminal: Terminal, finish: Finish): void {
  const models = program
    .command("models")
    .description("List, pull, show and export the published models.")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .addHelpText("after", HELP.models)
    .showHelpAfterError("See btsbot models --help.");
  models
    .command("list")
    .description("List the models, and which of them are here.")
    .addOption(new Option("-f, --format <format>", "table or jsonl").choices(["table", "jsonl"]))
    .addHelpText("after", HELP.modelsList)
    .action(async (options: ListOptions) => finish(await listCommand(options, terminal)));
  models
    .command("pull")
    .description("Fetch published weights into the cache, verified and converted.")
    .argument("[name...]", `models, or all (default: ${PRODUCTION_MODEL})`)
    .option("--from <folder>", "a local mirror, instead of the public address")
    .option("--force", "fetch even what is here already")
    .addHelpText("after", HELP.modelsPull)
    .action(async (names: string[], options: PullCommandOptions) =>
      finish(await pullCommand(names, options, terminal)),
    );
  models
    .command("show")
    .description("Show a model's card: inputs, layers, features, source, licence, citation.")
    .argument("[name]", "the model", PRODUCTION_MODEL)
    .addHelpText("after", HELP.modelsShow)
    .action(async (name: string) => finish(await showCommand(name, terminal)));
  models
    .command("export")
    .description("Write a model for use without this program: tfjs layers format, ONNX.")
    .argument("<name>", "the model")
    .requiredOption("--to <folder>", "where to")
    .addOption(new Option("-f, --format <format>", "tfjs, onnx or all").choices(["tfjs", "onnx", "all"]).default("all"))
    .addHelpText("after", HELP.modelsExport)
    .action(async (name: string, options: ExportCommandOptions) =>
      finish(await exportCommand(name, options, terminal)),
    );
  for (const command of models.commands) {
    command
      .helpOption("-h, --help", "print this help")
      .showHelpAfterError(`See btsbot models ${command.name()} --help.`);
  }
}
