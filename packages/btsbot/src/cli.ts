#!/usr/bin/env node
import { endOnSignals } from "./terminal/endOnSignals.js";
import type { Interruption } from "./terminal/Interruption.js";

const { stdout, stderr, stdin, env } = process;
// Before all else is loaded, which takes most of a second: who ends the command then is told as later.
const { signal, release } = endOnSignals();
let isHeeded = false;
signal.onabort = () => {
  if (isHeeded) return;
  const { message, signal: name } = signal.reason as Interruption;
  stderr.write(`btsbot: ${message}\n`);
  process.kill(process.pid, name);
};
const { runCli } = await import("./runCli.js");
// A command that heeds the signal asks for it at once; the others end as the system ends them.
setImmediate(() => {
  if (!isHeeded) release();
});
process.exitCode = await runCli(process.argv.slice(2), {
  stdout,
  stderr,
  stdin,
  env,
  // From then on a signal does not end the process by itself.
  get signal() {
    isHeeded = true;
    return signal;
  },
});
// Input that is still to come would keep the process alive. Not `process.exit`: it waits for a pipe that is being read. A
// shell shows 128 and the signal's number all the same, and a supervisor that asked for it sees that it was heeded.
if (isHeeded && signal.aborted) {
  process.kill(process.pid, (signal.reason as Interruption).signal);
  // The first process of a container is still there: the kernel keeps from it every signal that it has no handler for.
  process.exit();
}
