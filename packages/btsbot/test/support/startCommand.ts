import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { root } from "../../../../test/support/packages.js";

/** The built command. */
export const CLI = `${root}packages/btsbot/dist/cli.js`;

/** How a command is started. */
export interface StartSettings {
  readonly env?: Readonly<Record<string, string>>;
  /** What takes its standard output: kept here by default, or a file, or a pipe that nobody reads. */
  readonly stdout?: "closed" | number;
  /** What runs it: Node by default, or a program that runs what follows. */
  readonly program?: readonly string[];
}

/** A command that runs. */
export interface StartedCommand {
  readonly child: ChildProcess;
  /** Waits until its standard output holds something; fails where it ends before. */
  until(pattern: RegExp): Promise<RegExpExecArray>;
  /** Waits for its end. */
  ended(): Promise<{
    readonly status: number | null;
    readonly signal: string | null;
    readonly stdout: string;
    readonly stderr: string;
  }>;
}

/** Starts the built command in a process of its own. */
export function startCommand(
  args: readonly string[],
  { env, stdout, program = [process.execPath] }: StartSettings = {},
): StartedCommand {
  const [name, ...before] = program;
  const child = spawn(name, [...before, CLI, ...args], {
    env: { ...process.env, NO_COLOR: "1", ...env },
    stdio: ["ignore", typeof stdout === "number" ? stdout : "pipe", "pipe"],
  });
  let [said, complained] = ["", ""];
  child.stderr!.on("data", (data: Buffer) => (complained += data.toString()));
  if (stdout === "closed") child.stdout!.destroy();
  else child.stdout?.on("data", (data: Buffer) => (said += data.toString()));
  const closed = once(child, "close") as Promise<[number | null, string | null]>;
  return {
    child,
    async until(pattern) {
      for (;;) {
        const found = pattern.exec(said);
        if (found) return found;
        const [first] = await Promise.race([once(child.stdout!, "data"), closed]);
        if (!(first instanceof Buffer) && !pattern.test(said)) throw new Error(`ended before:\n${said}${complained}`);
      }
    },
    async ended() {
      const [status, signal] = await closed;
      return { status, signal, stdout: said, stderr: complained };
    },
  };
}
