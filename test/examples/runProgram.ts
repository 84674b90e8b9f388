import { execFile } from "node:child_process";
import { root } from "../support/packages.js";

/** What a program left behind. */
export interface Outcome {
  /** Exit status. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program of the examples as its reader would, from the project's folder.
 *
 * @param args - path of the program, and its arguments
 * @param cache - the folder of the models
 */
export function runProgram(args: readonly string[], cache: string): Promise<Outcome> {
  const env = { ...process.env, BTSBOT_CACHE: cache, NODE_OPTIONS: "" };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [...args], { cwd: root, env, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      // A program that could not be started, or was killed, has no status.
      if (error !== null && typeof error.code !== "number") reject(error);
      else resolve({ status: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
    });
  });
}
