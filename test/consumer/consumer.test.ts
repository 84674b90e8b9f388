import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { build } from "esbuild";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import ts from "typescript";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { toJson } from "@btsbot/alert";
import { simulateSurvey } from "@btsbot/simulate";
import { hasRegistry, makeConsumer, type Consumer } from "../support/consumer.js";
import { NODE_PACKAGES, packages, root } from "../support/packages.js";

const names = packages.map(({ manifest }) => manifest.name);
const pureNames = packages.filter(({ folder }) => !NODE_PACKAGES.includes(folder)).map(({ manifest }) => manifest.name);

let consumer: Consumer;
const canInstall = await hasRegistry();

beforeAll(async () => {
  if (canInstall) consumer = await makeConsumer();
}, 180_000);

beforeEach(({ skip }) => skip(!canInstall, "needs a registry"));

afterAll(() => consumer?.remove());

/** Prints what every package gives: names of its values by name of the package. */
const REPORT =
  "console.log(JSON.stringify(Object.fromEntries(modules.map(([name, module]) => [name, Object.keys(module).sort()]))));";

async function imported(): Promise<{ stdout: string; stderr: string }> {
  const entries = names.map((name) => `[${JSON.stringify(name)}, await import(${JSON.stringify(name)})]`);
  return consumer.node(`const modules = [${entries.join(",\n")}];\n${REPORT}`);
}

it("is imported by ES modules, without a word", async () => {
  const { stdout, stderr } = await imported();
  expect(stderr).toBe("");
  const given = JSON.parse(stdout) as Record<string, string[]>;
  expect(Object.keys(given)).toEqual(names);
  expect(
    names.filter((name) => given[name].length === 0),
    "packages that give nothing",
  ).toEqual([]);
});

it("is required by CommonJS, without a warning, and gives the same", async () => {
  const entries = names.map((name) => `[${JSON.stringify(name)}, require(${JSON.stringify(name)})]`);
  const { stdout, stderr } = await consumer.node(`const modules = [${entries.join(",\n")}];\n${REPORT}`, "cjs");
  expect(stderr).toBe("");
  // Node marks a required ES module that was compiled for both.
  expect(JSON.parse(stdout)).toEqual(JSON.parse((await imported()).stdout));
});

it.each(pureNames)("%s is bundled for browsers, without help for what only Node has", async (name) => {
  const { errors, warnings, outputFiles } = await build({
    stdin: { contents: `export * from ${JSON.stringify(name)};`, resolveDir: consumer.folder },
    bundle: true,
    write: false,
    format: "esm",
    splitting: true,
    outdir: consumer.folder,
    platform: "browser",
    target: "es2022",
    logLevel: "silent",
  });
  expect([...errors, ...warnings].map(({ text }) => text)).toEqual([]);
  expect(outputFiles.length).toBeGreaterThan(0);
});

it("scores an alert of a file with core and no word about models, from both kinds of modules", async () => {
  consumer.write(
    "alert.json",
    JSON.stringify(toJson([...simulateSurvey({ nights: 1, sources: 1, seed: 7 })][0].alert)),
  );
  const rest = `.then(({ scores }) => console.log(JSON.stringify(scores)));`;
  const esm = await consumer.node(
    `import { readFileSync } from "node:fs";\nimport { scoreAlert } from "@btsbot/core";\nscoreAlert(readFileSync("alert.json"))${rest}`,
  );
  const cjs = await consumer.node(
    `require("@btsbot/core").scoreAlert(require("node:fs").readFileSync("alert.json"))${rest}`,
    "cjs",
  );
  expect(esm.stderr + cjs.stderr).toBe("");
  expect(JSON.parse(esm.stdout)).toMatchObject({
    "btsbot-mini": { status: "scored", provenance: { model: "btsbot-mini", engine: "simd" } },
  });
  expect(cjs.stdout).toBe(esm.stdout);
});

it("brings the command, which says its version", async () => {
  const { stdout } = await promisify(execFile)(`${consumer.folder}/node_modules/.bin/btsbot`, ["--version"], {
    cwd: consumer.folder,
    shell: process.platform === "win32",
  });
  expect(stdout.trim()).toBe(packages[0].manifest.version);
});

describe.each([
  ["bundler", ts.ModuleKind.ESNext, ts.ModuleResolutionKind.Bundler],
  ["node16", ts.ModuleKind.Node16, ts.ModuleResolutionKind.Node16],
] as const)("moduleResolution %s", (resolution, module, moduleResolution) => {
  it.each([
    ["the packages for browsers", pureNames, []],
    ["all packages", names, ["node"]],
  ] as const)("type-checks a consumer of %s, their own types included", (what, wanted, types) => {
    const lines = wanted.map((name, index) => `import * as p${index} from ${JSON.stringify(name)};`);
    const file = consumer.write(
      `${resolution}-${what.replaceAll(" ", "-")}.mts`,
      `${lines.join("\n")}\nexport const all: readonly object[] = [${wanted.map((_, index) => `p${index}`).join(", ")}];\n`,
    );
    const program = ts.createProgram([file], {
      module,
      moduleResolution,
      target: ts.ScriptTarget.ES2022,
      lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts", "lib.dom.asynciterable.d.ts"],
      types: [...types],
      typeRoots: [`${root}node_modules/@types`],
      strict: true,
      noEmit: true,
      skipLibCheck: false,
    });
    const problems = ts.getPreEmitDiagnostics(program);
    expect(
      problems.map((problem) =>
        ts.formatDiagnostic(problem, {
          getCurrentDirectory: () => consumer.folder,
          getCanonicalFileName: (name) => name,
          getNewLine: () => "\n",
        }),
      ),
    ).toEqual([]);
  });
});

it.each(
  packages.map(({ folder, manifest }) => [manifest.name, NODE_PACKAGES.includes(folder) ? ["node"] : []] as const),
)("type-checks a consumer of %s where no DOM is, with the types %j", (name, types) => {
  const file = consumer.write(
    `without-dom-${name.replace(/.*\//, "")}.mts`,
    `import * as all from ${JSON.stringify(name)};\nexport const given: object = all;\n`,
  );
  const program = ts.createProgram([file], {
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2022.d.ts"],
    types: [...types],
    typeRoots: [`${root}node_modules/@types`],
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    skipLibCheck: false,
  });
  expect(
    ts
      .getPreEmitDiagnostics(program)
      .map(({ file: at, messageText }) =>
        [at?.fileName, ts.flattenDiagnosticMessageText(messageText, "\n")].join(": "),
      ),
  ).toEqual([]);
});

describe.each(names)("the tarball of %s", (name) => {
  const tarball = (): Consumer["tarballs"][number] => consumer.tarballs.find((each) => each.name === name)!;

  it("is clean by publint --strict", async () => {
    const bytes = readFileSync(tarball().path);
    const { messages, pkg } = await publint({
      strict: true,
      pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) },
    });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  it("is clean by attw --profile esm-only", async () => {
    const attw = `${root}node_modules/@arethetypeswrong/cli/dist/index.js`;
    const run = promisify(execFile)(process.execPath, [
      attw,
      tarball().path,
      "--profile",
      "esm-only",
      "--format",
      "ascii",
      "--no-color",
      "--no-definitely-typed",
      // A file of WebAssembly has no types.
      "--exclude-entrypoints",
      "forward-simd.wasm",
      "forward-relaxed-simd.wasm",
    ]);
    const problems = await run.then(
      () => "",
      (error: { stdout: string; stderr: string }) => error.stdout + error.stderr,
    );
    expect(problems).toBe("");
  });
});
