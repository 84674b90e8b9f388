import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

/** What the process takes its host to be called: as in another container. */
export const HOST = "another-host";

/** A program that opens a store in a folder and says so; then it does what `then` says. */
function programOf(folder: string, then: string): string {
  const store = fileURLToPath(new URL("../dist/index.js", import.meta.url));
  return `
    import { syncBuiltinESMExports } from "node:module";
    import os from "node:os";
    os.hostname = () => ${JSON.stringify(HOST)};
    syncBuiltinESMExports();
    const { openStore } = await import(${JSON.stringify(store)});
    const store = await openStore(${JSON.stringify(folder)});
    ${then}
    console.log("ready");
    setInterval(() => undefined, 1000);
  `;
}

/**
 * Starts a process of its own that holds a store.
 *
 * @param folder - the store's
 * @param then - what it does before it says that it is ready
 * @returns the process, once it is ready
 */
export async function runChild(folder: string, then = ""): Promise<ChildProcess> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", programOf(folder, then)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout!.once("data", () => resolve());
    child.once("exit", (code) => reject(new Error(`the child ended with ${code}`)));
  });
  return child;
}

/** Ends it as a power cut would. */
export async function killHard(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await ended;
}
