import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const MINIMUM_NODE = [20, 19];

/**
 * Installs and builds what is missing, and nothing else: needs only Node and npm, works in a fresh
 * clone, and says nothing when there is nothing to do.
 *
 * @param {(line: string) => void} [say] - takes a line of progress; standard error by default
 * @throws Error if Node is too old, or if the install or the build fails
 */
export function setup(say = (line) => process.stderr.write(`${line}\n`)) {
  checkNode();
  if (!isInstalled()) {
    say("Installing dependencies (npm ci)");
    run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], process.platform === "win32");
  }
  run(process.execPath, ["packages/simd/build.js"]);
  if (!isBuilt()) say("Building packages (tsc -b)");
  removeOrphans();
  run(process.execPath, ["node_modules/typescript/bin/tsc", "-b"]);
  run(process.execPath, ["packages/simd/publish.js"]);
  run(process.execPath, ["packages/pool/build.js"]);
  // npm links commands when it installs, and before the build there was none to link.
  if (!existsSync(`${root}node_modules/.bin/btsbot`))
    run("npm", ["rebuild", "btsbot", "--offline", "--loglevel=error"], process.platform === "win32");
}

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor >= MINIMUM_NODE[1])) return;
  throw new Error(
    `Node ${MINIMUM_NODE.join(".")} or newer is needed, and this is ${process.versions.node}. See nodejs.org.`,
  );
}

/**
 * Whether node_modules holds what the lock file asks for, by content: dates lie after a checkout.
 *
 * @param {string} [folder] - where both are, with a slash at the end
 * @returns {boolean} whether it does
 */
export function isInstalled(folder = root) {
  const installed = readJson("node_modules/.package-lock.json", folder)?.packages;
  if (!installed) return false;
  return Object.entries(readJson("package-lock.json", folder).packages).every(([path, wanted]) => {
    if (!path.includes("node_modules/")) return true;
    // Binaries for other platforms are in the lock file and never installed here.
    if (!installed[path]) return wanted.optional === true;
    // npm's record outlives a folder that somebody removed.
    return installed[path].version === wanted.version && existsSync(folder + path);
  });
}

function isBuilt() {
  return readdirSync(`${root}packages`).every((name) => existsSync(`${root}packages/${name}/dist/index.js`));
}

/** Removes built files that no build of today writes: `tsc -b` leaves them, and they would be published. */
function removeOrphans() {
  for (const name of readdirSync(`${root}packages`)) {
    const dist = `${root}packages/${name}/dist`;
    if (!existsSync(dist)) continue;
    for (const file of readdirSync(dist, { recursive: true })) {
      const path = String(file);
      // Made of what is compiled, by build.js.
      if (path.startsWith("bundle")) continue;
      const source = path.replace(/\.(d\.ts|js)$/, ".ts");
      const isGone = source !== path && !existsSync(`${root}packages/${name}/src/${source}`);
      // No maps are made: their sources are not published, and what is compiled reads as its source does.
      if (isGone || path.endsWith(".map")) rmSync(`${dist}/${path}`, { force: true });
    }
  }
}

function readJson(path, folder = root) {
  return existsSync(folder + path) ? JSON.parse(readFileSync(folder + path, "utf8")) : undefined;
}

function run(command, args, shell = false) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: root,
    shell,
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  if (status === 0) return;
  throw new Error(`${[command, ...args].join(" ")} failed\n${error?.message ?? ""}${stdout ?? ""}${stderr ?? ""}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    setup();
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
