import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { transform } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { setup } from "../setup.js";
import { npm } from "../support/consumer.js";
import { copyProject } from "../support/copyProject.js";
import { packages, readJson, root } from "../support/packages.js";
import { readPage } from "../support/readPage.js";
import { startRegistry, type Registry } from "../support/registry.js";

const run = promisify(execFile);
const QUIET = ["--ignore-scripts", "--no-audit", "--no-fund"];

/** A release as it will be: in a copy of the project, to a registry of its own. A minute of two cores. */
describe.skipIf(process.env.CI === undefined)("a release (needs CI set, and a registry)", () => {
  let folder: string;
  let project: string;
  let registry: Registry;
  let version: string;

  beforeAll(async () => {
    setup(() => undefined);
    folder = mkdtempSync(join(tmpdir(), "btsbot-release-"));
    project = join(folder, "project");
    const starting = startRegistry(join(folder, "registry"));
    copyProject(project);
    [registry] = await Promise.all([starting, beginHistory(project)]);
  }, 180_000);

  afterAll(async () => {
    await registry?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  it("makes the next version everywhere, and no 1.0 that nobody asked for", async () => {
    const { stdout } = await run(process.execPath, ["test/release/makeVersion.js"], { cwd: project });
    version = stdout.trim();
    const before = packages[0].manifest.version;
    expect(version).not.toBe(before);
    expect(version.split(".")[0]).toBe(before.split(".")[0]);
    const manifests = packages.map(({ folder: name }) =>
      readFileSync(join(project, `packages/${name}/package.json`), "utf8"),
    );
    expect(manifests.filter((text) => text.includes(`"${before}"`) || text.includes('"*"'))).toEqual([]);
    expect(readFileSync(join(project, "CHANGELOG.md"), "utf8")).toContain(`\n## ${version}\n`);
    expect(readFileSync(join(project, "packages/core/CHANGELOG.md"), "utf8")).toContain(`\n## ${version}\n`);
    // npm itself agrees with the lock file: nothing is left to change.
    const lock = readFileSync(join(project, "package-lock.json"), "utf8");
    await npm(["install", "--package-lock-only", "--offline", ...QUIET], project);
    expect(JSON.parse(readFileSync(join(project, "package-lock.json"), "utf8"))).toEqual(JSON.parse(lock));
  });

  it("refuses to make one of nothing", async () => {
    const second = await run(process.execPath, ["test/release/makeVersion.js"], { cwd: project }).catch(
      (error: { stderr: string }) => error,
    );
    expect(second.stderr).toContain("Nothing to release");
  });

  it("builds and publishes every package", { timeout: 180_000 }, async () => {
    await run(process.execPath, ["test/setup.js"], { cwd: project });
    const { stdout } = await run(process.execPath, ["node_modules/@changesets/cli/bin.js", "publish"], {
      cwd: project,
      env: { ...process.env, ...registry.env, NO_COLOR: "1" },
    });
    for (const { manifest } of packages) expect(stdout).toContain(`${manifest.name}@${version}`);
  });

  it("is installed by name, and runs the README's first snippet", { timeout: 120_000 }, async () => {
    const [snippet] = readPage(readFileSync(`${root}README.md`, "utf8"));
    const newcomer = join(folder, "newcomer");
    await install(newcomer, registry, snippet.installed);
    expect(readJson(join(newcomer, "node_modules/@btsbot/core/package.json"))).toMatchObject({ version });
    const { code } = await transform(
      `${snippet.code}\nconsole.log(scores["btsbot-mini"].status, scores["btsbot-mini"].provenance.library);`,
      { loader: "ts", format: "esm", target: "es2022" },
    );
    writeFileSync(join(newcomer, "first.mjs"), code);
    expect(await run(process.execPath, ["first.mjs"], { cwd: newcomer })).toEqual({
      stdout: `scored ${version}\n`,
      stderr: "",
    });
  });

  it("brings the command, which says the new version", { timeout: 120_000 }, async () => {
    const user = join(folder, "user");
    await install(user, registry, ["btsbot"]);
    const { stdout } = await run(join(user, "node_modules/.bin/btsbot"), ["--version"], {
      cwd: user,
      shell: process.platform === "win32",
    });
    expect(stdout.trim()).toBe(version);
  });

  it("stops by itself", async () => {
    await registry.close();
    await expect(fetch(registry.url)).rejects.toThrow();
  });
});

/** Changesets asks git which commit wrote a change. */
async function beginHistory(project: string): Promise<void> {
  const git = (...args: string[]): Promise<unknown> =>
    run("git", ["-c", "user.name=test", "-c", "user.email=test@example.org", ...args], { cwd: project });
  await git("init", "--quiet", "--initial-branch", "main");
  await git("add", ".");
  await git("commit", "--quiet", "--message", "All of it");
}

async function install(folder: string, registry: Registry, names: readonly string[]): Promise<void> {
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "newcomer", private: true, type: "module" }));
  await npm(["install", ...names, ...QUIET], folder, registry.env);
  if (!existsSync(join(folder, "node_modules"))) throw new Error(`nothing was installed in ${folder}`);
}
