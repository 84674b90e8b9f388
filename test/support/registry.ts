import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { npm } from "./consumer.js";

/** A registry of packages on this machine. */
export interface Registry {
  /** Its address, on loopback. */
  readonly url: string;
  /** What npm needs in its environment to ask it, and to be let publish. */
  readonly env: Readonly<Record<string, string>>;
  /** Stops it. */
  readonly close: () => Promise<void>;
}

/** The newest that runs on Node 20; with the newest node-fetch that `require` can load, which it asks for. */
const INSTALLED = { dependencies: { verdaccio: "6.5.2" }, overrides: { "node-fetch": "2.7.0" } };

/** Says its port once it listens, and ends when whoever started it does. */
const PROGRAM = `const { runServer } = require("verdaccio");
runServer("./config.yaml").then((app) => {
  const server = app.listen(0, "127.0.0.1", () => console.log(server.address().port));
});
process.stdin.on("close", () => process.exit()).resume();
`;

/**
 * Starts an empty registry that takes packages of ours from anybody, and gets all others where npm gets them.
 *
 * @param folder - an empty folder, in which it is installed and keeps what is published
 * @returns the registry, listening
 */
export async function startRegistry(folder: string): Promise<Registry> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "registry", private: true, ...INSTALLED }));
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"];
  await npm(["install", "--prefer-offline", ...quiet], folder);
  const { stdout } = await npm(["config", "get", "registry"], folder);
  writeFileSync(join(folder, "config.yaml"), configure(stdout.trim()));
  writeFileSync(join(folder, "serve.cjs"), PROGRAM);
  const child = spawn(process.execPath, ["serve.cjs"], { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
  const closed = new Promise<void>((resolve) => child.on("close", () => resolve()));
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout.once("data", (data: Buffer) => resolve(data.toString().trim()));
    void closed.then(() => reject(new Error("the registry ended before it listened")));
  });
  const url = `http://127.0.0.1:${port}/`;
  const npmrc = join(folder, ".npmrc");
  // npm publishes to nobody without a token; this registry takes any.
  writeFileSync(npmrc, `registry=${url}\n//127.0.0.1:${port}/:_authToken=anybody\n`);
  return {
    url,
    // A cache of its own: versions that are rehearsed must not be found later, in the place of real ones.
    env: { npm_config_registry: url, npm_config_userconfig: npmrc, npm_config_cache: join(folder, "cache") },
    close: async () => {
      child.stdin.end();
      await closed;
    },
  };
}

function configure(upstream: string): string {
  const own = { access: "$all", publish: "$all" };
  // YAML reads JSON.
  return JSON.stringify({
    storage: "./storage",
    auth: { htpasswd: { file: "./htpasswd" } },
    uplinks: { usual: { url: upstream } },
    packages: { "@btsbot/*": own, btsbot: own, "**": { access: "$all", proxy: "usual" } },
    log: { type: "stdout", format: "json", level: "fatal" },
  });
}
