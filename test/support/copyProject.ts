import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { packages, root } from "./packages.js";
import { projectFiles } from "./projectFiles.js";

/**
 * Copies the project as it stands, what is built included. Its packages see each other in the copy; packages from outside
 * are linked.
 *
 * @param folder - where the copy goes, to be made
 */
export function copyProject(folder: string): void {
  for (const file of projectFiles()) copy(file, folder);
  for (const { folder: name } of packages) copy(`packages/${name}/dist`, folder);
  copy("packages/simd/src/wasm", folder);
  const workspaces = new Set(packages.map(({ manifest }) => manifest.name));
  linkModules("", folder, workspaces);
  for (const { folder: name } of packages) linkModules(`packages/${name}/`, folder, workspaces);
  for (const { folder: name, manifest } of packages) {
    const link = join(folder, "node_modules", manifest.name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(folder, "packages", name), link, "junction");
  }
}

function copy(path: string, folder: string): void {
  // Times stay: builds go by them where they are equal.
  cpSync(root + path, join(folder, path), { recursive: true, preserveTimestamps: true });
}

function linkModules(place: string, folder: string, workspaces: ReadonlySet<string>): void {
  const modules = `${root}${place}node_modules`;
  if (!existsSync(modules)) return;
  const names = readdirSync(modules)
    .filter((name) => !name.startsWith("."))
    .flatMap((name) =>
      name.startsWith("@") ? readdirSync(join(modules, name)).map((each) => `${name}/${each}`) : [name],
    )
    .filter((name) => !workspaces.has(name));
  for (const name of names) {
    const link = join(folder, place, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(modules, name), link, "junction");
  }
  const hidden = join(modules, ".package-lock.json");
  if (existsSync(hidden)) cpSync(hidden, join(folder, place, "node_modules", ".package-lock.json"));
}
