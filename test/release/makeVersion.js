import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Makes a version of what stands in .changeset: the version of every package, the changelogs, and the places that name
 * the version a second time.
 *
 * @param {string} [root] - the project's folder, this one by default
 * @returns {string} the new version
 * @throws Error if there is nothing to release, or if changesets fails
 */
export function makeVersion(root = fileURLToPath(new URL("../..", import.meta.url))) {
  const read = (file) => readFileSync(join(root, file), "utf8");
  const write = (file, text) => writeFileSync(join(root, file), text);
  const manifests = JSON.parse(read("package.json")).workspaces.map((folder) => `${folder}/package.json`);
  const names = new Set(manifests.map((file) => JSON.parse(read(file)).name));
  const before = JSON.parse(read(manifests[0])).version;

  // Changesets raises whatever has a peer to 1.0.0 when the peer's new version is outside the range, and a range of one
  // version never holds the next. So our own peers take any version while it decides, and the one that it made after.
  const setAll = (version) => manifests.forEach((file) => write(file, setPeers(read(file), names, version)));
  setAll("*");
  try {
    run(root, ["node_modules/@changesets/cli/bin.js", "version"]);
  } finally {
    setAll(JSON.parse(read(manifests[0])).version);
  }
  const { version } = JSON.parse(read(manifests[0]));
  if (version === before)
    throw new Error("Nothing to release: .changeset holds no change. `npx changeset` writes one.");

  write("packages/core/src/version.ts", read("packages/core/src/version.ts").replace(`"${before}"`, `"${version}"`));
  write(
    "CHANGELOG.md",
    read("CHANGELOG.md").replace("\n## Unreleased\n", `\n## Unreleased\n\nNothing yet.\n\n## ${version}\n`),
  );
  write(
    "package-lock.json",
    lock(JSON.parse(read("package-lock.json")), (file) => JSON.parse(read(file))),
  );
  return version;
}

/** A package.json whose peers of ours ask for a version. */
function setPeers(text, names, version) {
  const manifest = JSON.parse(text);
  const peers = Object.keys(manifest.peerDependencies ?? {}).filter((name) => names.has(name));
  if (peers.length === 0) return text;
  for (const name of peers) manifest.peerDependencies[name] = version;
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

/** The lock file, in which our own packages have what their package.json says. It needs no network for that. */
function lock(locked, readManifest) {
  for (const [path, entry] of Object.entries(locked.packages)) {
    if (!path.startsWith("packages/") || path.includes("node_modules/")) continue;
    const manifest = readManifest(`${path}/package.json`);
    entry.version = manifest.version;
    for (const field of ["dependencies", "peerDependencies"])
      if (manifest[field] !== undefined) entry[field] = sortKeys(manifest[field]);
  }
  return `${JSON.stringify(locked, undefined, 2)}\n`;
}

function sortKeys(ranges) {
  return Object.fromEntries(Object.entries(ranges).sort(([a], [b]) => a.localeCompare(b, "en")));
}

function run(cwd, args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`${args.join(" ")} failed\n${stdout}${stderr}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    process.stdout.write(`${makeVersion()}\n`);
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
