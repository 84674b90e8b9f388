import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Folder of the project, with a trailing slash. */
export const root: string = fileURLToPath(new URL("../../", import.meta.url));

/** What these tests read of a package.json. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
  readonly [field: string]: unknown;
}

/** One package of the project. */
export interface Package {
  /** Name of its folder under packages/. */
  readonly folder: string;
  /** Absolute path of the folder, with a trailing slash. */
  readonly path: string;
  /** Its package.json. */
  readonly manifest: Manifest;
}

/** All packages, in the order of the workspaces. */
export const packages: readonly Package[] = (
  readJson(`${root}package.json`) as { workspaces: readonly string[] }
).workspaces.map((workspace) => {
  const path = `${root}${workspace}/`;
  return { folder: workspace.replace("packages/", ""), path, manifest: readJson(`${path}package.json`) as Manifest };
});

/** The packages that need Node; the others run in browsers too. */
export const NODE_PACKAGES: readonly string[] = ["tables", "store", "stream", "weights", "train", "btsbot"];

/** Files of a package for browsers that run in Node alone: its package.json gives browsers others in their place. */
export const NODE_FILES: Readonly<Record<string, readonly string[]>> = { pool: ["nodeThreads.ts", "nodeWorker.ts"] };

/**
 * Paths of a package's sources, relative to its src folder, sorted.
 *
 * @param path - folder of the package, with a trailing slash
 * @returns the paths of its `.ts` files
 */
export function sourceFiles(path: string): string[] {
  return readdirSync(`${path}src`, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith(".ts"))
    .sort();
}

/**
 * Reads a JSON file.
 *
 * @param path - the file
 * @returns its value
 */
export function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}

/**
 * Whether a file of a package is there.
 *
 * @param of - the package
 * @param file - path relative to its folder
 * @returns true if it exists
 */
export function has(of: Package, file: string): boolean {
  return existsSync(of.path + file);
}
