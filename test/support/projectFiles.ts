import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { root } from "./packages.js";

/** What git would ignore, for a copy of the project that has no git. */
const IGNORED = ["node_modules", "dist", ".git", "coverage", "docs/api", "test/bench/out", "examples/out"];

/**
 * Every file that belongs to the project: tracked, or new and not ignored.
 *
 * @returns paths relative to the project's folder, with slashes
 */
export function projectFiles(): string[] {
  // The setting lets git answer also where another user owns the folder, as in a container.
  const args = ["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const { status, stdout } = spawnSync("git", args, { cwd: root, encoding: "utf8" });
  const listed = status === 0 ? stdout.split("\0").filter(Boolean) : walk("");
  return listed.filter((file) => existsSync(root + file)).sort();
}

function walk(folder: string): string[] {
  return readdirSync(root + folder).flatMap((name) => {
    const path = folder + name;
    if (IGNORED.includes(name) || IGNORED.includes(path)) return [];
    return statSync(root + path).isDirectory() ? walk(`${path}/`) : [path];
  });
}
