import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { has, NODE_FILES, NODE_PACKAGES, packages, readJson, root } from "../support/packages.js";

const [first] = packages;
const names = new Set(packages.map(({ manifest }) => manifest.name));
const monorepo = readJson(`${root}package.json`) as Record<string, unknown>;

/** Files that do something when they are loaded: the programs of workers. A bundler must not drop them. */
const PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  pool: ["./dist/nodeWorker.js", "./dist/webWorker.js", "./dist/bundle/webWorker.js"],
};

interface TsConfig {
  readonly extends: string;
  readonly compilerOptions: Readonly<Record<string, unknown>>;
  readonly references: readonly { readonly path: string }[];
}

describe.each(packages.map((of) => [of.manifest.name, of] as const))("%s", (name, of) => {
  const { manifest, folder } = of;
  const dependencies = { ...manifest.dependencies, ...manifest.peerDependencies };
  const workspaceDependencies = Object.keys(dependencies).filter((dependency) => names.has(dependency));

  it("says what it is, whose it is and where it lives", () => {
    expect(manifest).toMatchObject({
      name: folder === "btsbot" ? "btsbot" : `@btsbot/${folder}`,
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      license: "MIT",
      author: first.manifest.author,
      bugs: first.manifest.bugs,
      repository: { ...(first.manifest.repository as object), directory: `packages/${folder}` },
      homepage: expect.stringMatching(new RegExp(`/packages/${folder}#readme$`)),
      engines: monorepo.engines,
      publishConfig: { access: "public" },
    });
    expect(String(manifest.description).length, "description").toBeGreaterThan(30);
    expect((manifest.keywords as string[]).length, "keywords").toBeGreaterThanOrEqual(4);
    expect(manifest).not.toHaveProperty("private");
  });

  it("gives ES modules, types first, without leftovers", () => {
    expect(manifest).toMatchObject({
      type: "module",
      sideEffects: PROGRAMS[folder] ?? false,
      types: "./dist/index.d.ts",
    });
    expect(manifest.files).toEqual(["dist", "!dist/*.tsbuildinfo"]);
    // Bundlers and version checks read the manifest through its own door.
    const { "./package.json": own, ...doors } = manifest.exports as Record<string, unknown>;
    expect(own).toBe("./package.json");
    for (const [door, conditions] of Object.entries(doors))
      // A file of WebAssembly has no types: the platform that imports it gives a module.
      if (door.endsWith(".wasm")) expect(conditions).toMatch(/^\.\/dist\//);
      else expect(Object.keys(conditions as object)).toEqual(["types", "default"]);
  });

  it("runs no script where it is installed", () => {
    for (const script of ["preinstall", "install", "postinstall", "prepare"]) {
      expect(manifest.scripts ?? {}).not.toHaveProperty(script);
    }
  });

  it("has the version of all others and asks for exactly that version of them", () => {
    expect(manifest.version).toBe(first.manifest.version);
    for (const dependency of workspaceDependencies) expect(dependencies[dependency], dependency).toBe(manifest.version);
  });

  it("refers to its workspace dependencies in tsconfig.json, and to no other", () => {
    const config = readJson(`${of.path}tsconfig.json`) as TsConfig;
    const referred = config.references.map(({ path }) => path.replace("../", "")).sort();
    expect(referred).toEqual(workspaceDependencies.map((dependency) => dependency.replace("@btsbot/", "")).sort());
    expect(config.extends).toBe("../../tsconfig.base.json");
    // The types of Node are seen only where Node is allowed.
    expect(config.compilerOptions.types).toEqual(
      NODE_PACKAGES.includes(folder) || folder in NODE_FILES ? ["node"] : undefined,
    );
  });

  it("has its licence, its documentation and its readme", () => {
    for (const file of ["LICENSE", "README.md", "typedoc.json"]) expect(has(of, file), file).toBe(true);
    expect(readFileSync(`${of.path}LICENSE`, "utf8")).toBe(readFileSync(`${root}LICENSE`, "utf8"));
  });

  it("explains each dependency in its readme, and shows how to install it", () => {
    const readme = has(of, "README.md") ? readFileSync(`${of.path}README.md`, "utf8") : "";
    expect(
      Object.keys(dependencies).filter((dependency) => !readme.includes(dependency)),
      "not in the readme",
    ).toEqual([]);
    expect(readme).toContain(`npm install ${name}`);
    expect(readme).toMatch(new RegExp(`^# ${name}$`, "m"));
  });
});

it("builds and lists every package", () => {
  const { references } = readJson(`${root}tsconfig.json`) as TsConfig;
  expect(references.map(({ path }) => path)).toEqual(monorepo.workspaces);
});

it("asks for one version of each outside dependency", () => {
  const ranges = new Map<string, Set<string>>();
  for (const { manifest } of packages) {
    for (const [name, range] of Object.entries({ ...manifest.dependencies, ...manifest.peerDependencies })) {
      ranges.set(name, (ranges.get(name) ?? new Set()).add(range));
    }
  }
  expect([...ranges].filter(([, found]) => found.size > 1).map(([name]) => name)).toEqual([]);
});
