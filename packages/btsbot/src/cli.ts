#!/usr/bin/env node
import { runCli } from "./runCli.js";
import { endOnSignals } from "./terminal/endOnSignals.js";

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
// Input that is still to come would keep the process alive.
if (signal?.aborted === true) process.exit();
