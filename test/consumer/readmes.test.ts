import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { transform } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { setup } from "../setup.js";
import { hasRegistry, installIn, pack } from "../support/consumer.js";
import type { Tarball } from "../support/consumer.js";
import { root } from "../support/packages.js";
import { projectFiles } from "../support/projectFiles.js";
import { packageOf, readPage } from "../support/readPage.js";
import type { Snippet } from "../support/readPage.js";

const pages = projectFiles()
  .filter((file) => file.endsWith(".md"))
  .map((file) => [file, readPage(readFileSync(root + file, "utf8"))] as const)
  .filter(([, snippets]) => snippets.length > 0);

const started = mkdtempSync(join(tmpdir(), "btsbot-newcomer-"));
let tarballs: readonly Tarball[];
const canInstall = await hasRegistry();

beforeAll(async () => {
  setup(() => undefined);
  tarballs = await pack(started);
}, 180_000);

afterAll(() => rmSync(started, { recursive: true, force: true }));

it("finds the pages of a newcomer", () => {
  const files = pages.map(([file]) => file);
  expect(files).toEqual(expect.arrayContaining(["README.md", "packages/core/README.md", "packages/btsbot/README.md"]));
});

describe.each(pages)("%s", (file, snippets) => {
  it("says what to install before the code that needs it", () => {
    const missing = snippets.flatMap(({ imports, installed, line }) =>
      [...imports.keys()].map(packageOf).flatMap((name) => (installed.includes(name) ? [] : [`line ${line}: ${name}`])),
    );
    expect(missing).toEqual([]);
  });

  it("runs in an empty folder with what it says to install", { timeout: 300_000 }, async ({ skip }) => {
    skip(!canInstall, "needs a registry");
    const folder = join(started, file.replaceAll("/", "-"));
    // Each snippet sees what is installed for the last one, and no more than it says itself: see above.
    await installIn(folder, tarballs, snippets.at(-1)!.installed);
    for (const [index, snippet] of snippets.entries()) {
      const program = join(folder, `snippet-${index}.mjs`);
      writeFileSync(program, await toProgram(snippet));
      const run = promisify(execFile)(process.execPath, [program], {
        cwd: folder,
        env: { ...process.env, NODE_OPTIONS: "" },
      });
      const problem = await run.then(
        () => "",
        (error: { stderr: string }) => error.stderr,
      );
      expect(problem, `line ${snippet.line}`).toBe("");
    }
    rmSync(folder, { recursive: true, force: true });
  });
});

/** The snippet; or of one that needs files or a network, what it imports, held against what is there. */
async function toProgram({ code, runs, imports }: Snippet): Promise<string> {
  if (runs) return (await transform(code, { loader: "ts", format: "esm", target: "es2022" })).code;
  return [...imports]
    .map(([name, values]) => {
      const wanted = JSON.stringify(values);
      return `{ const given = await import(${JSON.stringify(name)});
for (const value of ${wanted}) if (!(value in given)) throw new Error(value + " is not in ${name}"); }`;
    })
    .join("\n");
}
