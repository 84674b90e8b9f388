import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { packages, readJson, root, sourceFiles } from "../support/packages.js";
import { projectFiles } from "../support/projectFiles.js";
import { readModule } from "../support/readModule.js";
import { CODES } from "@btsbot/errors";

const FOLDERS = ["deploy", "docs", "examples", "packages", "test"];
const TOP_FILES = [
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  "LICENSE",
  "README.md",
  "SECURITY.md",
  "eslint.config.js",
  "package-lock.json",
  "package.json",
  "tsconfig.base.json",
  "tsconfig.json",
  "typedoc.json",
  "vitest.config.ts",
];

/** Bytes. A source is far below it; an alert packet, a model or a figure that slipped in is above. */
const LARGEST_FILE = 300_000;
/** Bytes of the whole project: a clone takes a second. Raise it with a reason; the last: base64 lines, places in archives, and their tests. */
const LARGEST_PROJECT = 7_500_000;

const files = projectFiles();

/** Written in two parts, so that this file does not hold what it looks for. */
const UNWANTED = [
  ["/wor", "k/"],
  ["/roo", "t/"],
  ["/hom", "e/"],
  ["/tmp/", "brief"],
  ["/tmp/", "venv"],
  ["registry", ".npm"],
  ["arti", "factory"],
].map((parts) => parts.join(""));

/** The package by which a release is rehearsed, in the one file that installs it. */
const REHEARSAL = ["test/support/registry.ts", ["verd", "accio"].join("")];

function text(file: string): string {
  return readFileSync(root + file, "utf8");
}

/** Whether a file is a picture or other bytes, which may spell anything: a NUL byte marks it. */
function isBinary(file: string): boolean {
  return text(file).includes("\0");
}

it("keeps five folders and a few files at the top", () => {
  const top = [...new Set(files.map((file) => file.split("/")[0]))].filter((name) => !name.startsWith("."));
  const folders = top.filter((name) => statSync(root + name).isDirectory());
  expect(folders.filter((name) => !FOLDERS.includes(name))).toEqual([]);
  expect(top.filter((name) => !folders.includes(name)).sort()).toEqual(TOP_FILES);
});

it("holds no large file, and is small as a whole", () => {
  const sizes = files.map((file) => [file, statSync(root + file).size] as const);
  expect(sizes.filter(([, size]) => size > LARGEST_FILE)).toEqual([]);
  expect(sizes.reduce((sum, [, size]) => sum + size, 0)).toBeLessThan(LARGEST_PROJECT);
});

it("names no folder of somebody's machine and no registry", () => {
  const found = files.flatMap((file) => {
    const content = text(file);
    const parts = isBinary(file) ? [] : UNWANTED.filter((part) => content.includes(part));
    return parts.filter((part) => file !== REHEARSAL[0] || part !== REHEARSAL[1]).map((part) => `${file}: ${part}`);
  });
  expect(found).toEqual([]);
});

it("leaves nothing unfinished in its words", () => {
  const marks = new RegExp(`\\b(${["TO" + "DO", "FIX" + "ME", "X" + "XX"].join("|")})\\b`);
  expect(
    files.filter((file) => !file.endsWith("package-lock.json") && !isBinary(file) && marks.test(text(file))),
  ).toEqual([]);
  // A line of capitals alone stands for a text that is still to be written.
  const pages = files.filter((file) => file.endsWith(".md"));
  expect(pages.filter((file) => /^[A-Z][A-Z-]+$/m.test(text(file)))).toEqual([]);
});

it("links to pages and files that are there", () => {
  const broken = files
    .filter((file) => file.endsWith(".md"))
    .flatMap((file) =>
      [...text(file).matchAll(/\]\(([^)\s]+)\)/g)]
        .map(([, target]) => target.replace(/#.*$/, ""))
        .filter((target) => target !== "" && !/^[a-z]+:/.test(target))
        .filter((target) => !existsSync(join(root, dirname(file), target)))
        .map((target) => `${file}: ${target}`),
    );
  expect(broken).toEqual([]);
});

it("locks dependencies to what they are, not to where they were fetched", () => {
  const { packages: locked } = readJson(`${root}package-lock.json`) as {
    packages: Record<string, { resolved?: string; link?: boolean; integrity?: string }>;
  };
  const outside = Object.entries(locked).filter(([path, { link }]) => path.includes("node_modules/") && !link);
  expect(outside.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)).toEqual([]);
  expect(outside.filter(([, { integrity }]) => integrity === undefined).map(([path]) => path)).toEqual([]);
});

it("uses every code of the registry", () => {
  const used = new Set(
    packages.flatMap(({ path }) =>
      sourceFiles(path)
        .filter((file) => file !== "codes.ts")
        .flatMap((file) => [...readModule(`${path}src/${file}`).strings]),
    ),
  );
  expect(Object.keys(CODES).filter((code) => !used.has(code))).toEqual([]);
});
