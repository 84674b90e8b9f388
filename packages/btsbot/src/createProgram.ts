import { VERSION } from "@btsbot/core";
import { Command } from "commander";
import { addBacktest } from "./commands/backtest/addBacktest.js";
import { addDecide } from "./commands/decide/addDecide.js";
import { addGolden } from "./commands/golden/addGolden.js";
import { addInspect } from "./commands/inspect/addInspect.js";
import { addModels } from "./commands/models/addModels.js";
import { addParity } from "./commands/parity/addParity.js";
import { addScore } from "./commands/score/addScore.js";
import { addSearch } from "./commands/search/addSearch.js";
import { addSimulate } from "./commands/simulate/addSimulate.js";
import { addSend } from "./commands/send/addSend.js";
import { addStore } from "./commands/store/addStore.js";
import { addStream } from "./commands/stream/addStream.js";
import { addTns } from "./commands/tns/addTns.js";
import { addTrain } from "./commands/train/addTrain.js";
import { addTune } from "./commands/tune/addTune.js";
import { PROGRAM_HELP } from "./programHelp.js";
import type { SetExitStatus } from "./terminal/addCommand.js";
import type { Terminal } from "./terminal/createTerminal.js";
import { printableLines } from "./terminal/printable.js";

/** In the order of the help. Each brings what it needs when it is called: the others start without it. */
const COMMANDS: readonly ((program: Command, terminal: Terminal, finish: SetExitStatus) => void)[] = [
  addScore,
  addInspect,
  addParity,
  addGolden,
  addDecide,
  addBacktest,
  addTune,
  addModels,
  addStore,
  addStream,
  addSend,
  addTns,
  addSimulate,
  addTrain,
  addSearch,
];

/**
 * The commands, their options and their help. `finish` takes the exit status.
 *
 * @internal
 */
export function createProgram(terminal: Terminal, finish: SetExitStatus): Command {
  const program = new Command("btsbot")
    .description("Scores ZTF alerts with the authors' own BTSbot, and shows what is in them.")
    .version(VERSION, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .addHelpText("after", PROGRAM_HELP)
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
  for (const add of COMMANDS) add(program, terminal, finish);
  return program;
}
