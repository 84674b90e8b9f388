import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { setup } from "../setup.js";
import { packages, root } from "./packages.js";

const run = promisify(execFile);
const MAX_OUTPUT = 1 << 26;

/** One packed package. */
export interface Tarball {
  /** Name of the package. */
  readonly name: string;
  /** The tarball. */
  readonly path: string;
  /** Paths of the files in it. */
  readonly files: readonly string[];
  /** Bytes of the tarball. */
  readonly size: number;
}

/** A project that knows nothing of this one, with the packed packages installed. */
export interface Consumer {
  /** Its folder. */
  readonly folder: string;
  /** What was installed. */
  readonly tarballs: readonly Tarball[];
  /** Writes a file in it and gives the path. */
  readonly write: (file: string, content: string) => string;
  /** Runs a program of it in Node, from its folder, and gives what it prints. */
  readonly node: (source: string, extension?: "mjs" | "cjs") => Promise<{ stdout: string; stderr: string }>;
  /** Removes it. */
  readonly remove: () => void;
}

/**
 * Whether packages of others can be installed here. Where CI is set it is taken for granted, so that nothing is skipped
 * there in silence; elsewhere the registry is asked, once, and shortly.
 *
 * @returns whether a registry answers
 */
export async function hasRegistry(): Promise<boolean> {
  if (process.env.CI !== undefined) return true;
  const args = ["view", "fflate", "version", "--prefer-online", "--fetch-retries=0", "--fetch-timeout=10000"];
  return npm(args, root).then(
    () => true,
    () => false,
  );
}

/**
 * Builds and packs every package and installs the tarballs in an empty project.
 *
 * @returns the project
 */
export async function makeConsumer(): Promise<Consumer> {
  setup(() => undefined);
  const folder = mkdtempSync(join(tmpdir(), "btsbot-consumer-"));
  const project = join(folder, "project");
  mkdirSync(project);
  const tarballs = await pack(folder);
  const write = (file: string, content: string): string => {
    writeFileSync(join(project, file), content);
    return join(project, file);
  };
  await installTarballs(project, tarballs, {});
  let programs = 0;
  return {
    folder: project,
    tarballs,
    write,
    node: (source, extension = "mjs") =>
      run(process.execPath, [write(`program${(programs += 1)}.${extension}`, source)], {
        cwd: project,
        maxBuffer: MAX_OUTPUT,
        env: { ...process.env, NODE_OPTIONS: "" },
      }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/**
 * Installs packed packages in a folder that is there, with others beside them.
 *
 * @param project - the folder
 * @param tarballs - the packages
 * @param others - ranges of versions by name
 * @param settings - what package.json says beyond the dependencies
 */
export async function installTarballs(
  project: string,
  tarballs: readonly Tarball[],
  others: Readonly<Record<string, string>>,
  settings: Readonly<Record<string, object>> = {},
): Promise<void> {
  const own = Object.fromEntries(tarballs.map(({ name, path }) => [name, `file:${path}`]));
  const manifest = {
    name: "consumer",
    private: true,
    type: "module",
    dependencies: { ...own, ...others },
    ...settings,
  };
  writeFileSync(join(project, "package.json"), JSON.stringify(manifest));
  await npm(
    ["install", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"],
    project,
  );
}

/**
 * Packs every package, as built.
 *
 * @param folder - where the tarballs go
 * @returns the tarballs
 */
export async function pack(folder: string): Promise<Tarball[]> {
  const { stdout } = await npm(["pack", "--json", "--workspaces", "--pack-destination", folder], root);
  // An array, or an object by package name, by npm's version.
  const packed = Object.values(
    JSON.parse(stdout) as Record<string, { name: string; filename: string; size: number; files: { path: string }[] }>,
  );
  if (packed.length !== packages.length) throw new Error(`npm packed ${packed.length} of ${packages.length} packages`);
  return packed.map(({ name, filename, size, files }) => ({
    name,
    path: join(folder, filename),
    files: files.map(({ path }) => path),
    size,
  }));
}

/**
 * An empty project in which somebody has run `npm install` with these names. The project's own packages come out of
 * the tarballs, also those that others of them ask for.
 *
 * @param folder - the project, to be made
 * @param tarballs - every package
 * @param names - what is installed
 */
export async function installIn(folder: string, tarballs: readonly Tarball[], names: readonly string[]): Promise<void> {
  const local = Object.fromEntries(tarballs.map(({ name, path }) => [name, `file:${path}`]));
  // An outside package in any version: npm takes the newest, as it does for a name alone.
  const dependencies = Object.fromEntries(names.map((name) => [name, local[name] ?? "*"]));
  const overrides = Object.fromEntries(Object.entries(local).filter(([name]) => !names.includes(name)));
  mkdirSync(folder, { recursive: true });
  const manifest = { name: "newcomer", private: true, type: "module", dependencies, overrides };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  await npm(
    ["install", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"],
    folder,
  );
}

/**
 * Runs npm.
 *
 * @param args - its arguments
 * @param cwd - the folder in which it runs
 * @param more - what its environment has beyond this one's
 * @returns what it printed
 */
export function npm(
  args: readonly string[],
  cwd: string,
  more: Readonly<Record<string, string>> = {},
): Promise<{ stdout: string; stderr: string }> {
  // What npm hands down to the scripts it runs would turn this call into one on the project itself.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(?!config_(registry|cache|userconfig))/i.test(name)),
  );
  return run("npm", [...args, "--loglevel=error"], {
    cwd,
    env: { ...env, ...more },
    maxBuffer: MAX_OUTPUT,
    shell: process.platform === "win32",
  });
}
