#!/usr/bin/env node
import { runCli } from "./runCli.js";
import { endOnSignals } from "./terminal/endOnSignals.js";
import type { Interruption } from "./terminal/Interruption.js";

let signal: AbortSignal | undefined;
const { stdout, stderr, stdin, env } = process;
process.exitCode = await runCli(process.argv.slice(2), {
  stdout,
  stderr,
  stdin,
  env,
  // From then on a signal does not end the process by itself.
  get signal() {
    return (signal ??= endOnSignals());
  },
});
// Input that is still to come would keep the process alive. Not `process.exit`: it waits for a pipe that is being read. A
// shell shows 128 and the signal's number all the same, and a supervisor that asked for it sees that it was heeded.
if (signal?.aborted === true) process.kill(process.pid, (signal.reason as Interruption).signal);
