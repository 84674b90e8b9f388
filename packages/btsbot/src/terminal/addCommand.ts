import type { Command } from "commander";

/**
 * Takes the exit status of a command when it is done.
 *
 * @internal
 */
export type SetExitStatus = (status: number) => void;

/**
 * Adds a command under another, with help in the form that all have. Its arguments, options and action follow.
 *
 * @param help - what stands below the options: examples first
 *
 * @internal
 */
export function addCommand(parent: Command, name: string, description: string, help: string): Command {
  const command = parent.command(name).description(description);
  return command
    .helpOption("-h, --help", "print this help")
    .addHelpText("after", help)
    .showHelpAfterError(`See ${nameOf(command)} --help.`);
}

/** With the names of the commands that it stands under. */
function nameOf(command: Command): string {
  return command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;
}
