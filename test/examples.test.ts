import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { transform } from "esbuild";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { setup } from "./setup.js";
import { checkedExample } from "./support/checkedExample.js";
import { packages, root } from "./support/packages.js";
import { projectFiles } from "./support/projectFiles.js";
import { functionsWithoutExample, readExamples, type Example } from "./support/readExamples.js";

/** Inside node_modules: ignored by git, and package names resolve to the built workspaces from there. */
const folder = `${root}node_modules/.cache/btsbot-examples-${process.pid}/`;
const CHECK = "__checkExample";

const pages = projectFiles().filter((file) => file.endsWith(".md"));
const examples = readExamples(pages);

beforeAll(() => {
  setup(() => undefined);
  mkdirSync(folder, { recursive: true });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("examples run and show what they say", () => {
  it.each(examples.filter(({ runs }) => runs).map(({ name, code }, index) => [name, code, index] as const))(
    "%s",
    async (_, code, index) => {
      await runExample(code, `example-${index}`);
    },
  );

  it.each([
    "1 + 1; // => 3",
    "const two = [1 + 1]; // => [3]",
    "console.log(\n  2,\n); // => 3",
    "throw new Error('2');",
  ])("and one that says what is not so fails: %j", async (code) => {
    await expect(runExample(code, `wrong-${code.length}`)).rejects.toThrow("2");
  });
});

describe("examples type-check", () => {
  let problems: readonly string[][];

  beforeAll(() => {
    problems = typeCheck(examples);
  });

  it.each(examples.map(({ name }, index) => [name, index] as const))("%s", (_, index) => {
    expect(problems[index]).toEqual([]);
  });
});

it("every published function shows an example", () => {
  const missing = packages.flatMap(({ path, folder: name, manifest }) => {
    // A command has users, not callers.
    if (manifest.bin !== undefined) return [];
    return [...published(path)].flatMap(([file, symbols]) =>
      functionsWithoutExample(`${path}src/${file}`)
        .filter((symbol) => symbols.includes(symbol))
        .map((symbol) => `${name}/src/${file} ${symbol}`),
    );
  });
  expect(missing).toEqual([]);
});

/** Runs an example against the built packages, with its results checked. */
async function runExample(example: string, name: string): Promise<void> {
  const { code, checks } = checkedExample(example, CHECK);
  // What an example prints is for its reader; what it says it prints is checked.
  const quiet = "const console = { log() {}, table() {}, warn() {}, error() {} };\n";
  const { code: javascript } = await transform(quiet + code, { loader: "ts", format: "esm", target: "es2022" });
  const file = `${folder}${name}.mjs`;
  writeFileSync(file, javascript);
  let checked = 0;
  Object.assign(globalThis, {
    [CHECK]: (actual: unknown, expected: unknown, line: number) => {
      checked += 1;
      expect(actual, `line ${line} of the example`).toEqual(expected);
    },
  });
  await import(/* @vite-ignore */ pathToFileURL(file).href);
  expect(checked, "results checked").toBeGreaterThanOrEqual(checks);
}

/** Compiles all examples in one program and gives what is wrong with each. */
function typeCheck(all: readonly Example[]): string[][] {
  const files = all.map(({ code }, index) => {
    const file = `${folder}typed-${index}.mts`;
    writeFileSync(file, `export {};\n${code}`);
    return file;
  });
  const program = ts.createProgram(files, {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts", "lib.dom.asynciterable.d.ts"],
    types: ["node"],
    typeRoots: [`${root}node_modules/@types`],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
  });
  return files.map((file) => {
    const source = program.getSourceFile(file)!;
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
  });
}

/** What a package's index re-exports by name, by file. */
function published(path: string): Map<string, string[]> {
  const index = ts.createSourceFile(
    "index.ts",
    ts.sys.readFile(`${path}src/index.ts`) ?? "",
    ts.ScriptTarget.Latest,
    true,
  );
  const files = new Map<string, string[]>();
  for (const node of index.statements) {
    if (!ts.isExportDeclaration(node) || node.isTypeOnly || !node.moduleSpecifier) continue;
    if (!node.exportClause || !ts.isNamedExports(node.exportClause)) continue;
    const file = (node.moduleSpecifier as ts.StringLiteral).text.replace("./", "").replace(/\.js$/, ".ts");
    files.set(
      file,
      node.exportClause.elements.map(({ name }) => name.text),
    );
  }
  return files;
}
