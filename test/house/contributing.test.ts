import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { packages, readJson, root, sourceFiles } from "../support/packages.js";

const page = readFileSync(`${root}CONTRIBUTING.md`, "utf8");

/** What the page says how to add, by its heading: the marks of an example, and the files that one touches. */
const lists = [...page.matchAll(/^### (.+)\n\nExample: (.+)\.\n\n((?:\|.*\n)+)/gm)].map(([, what, marks, table]) => ({
  what,
  marks: [...marks.matchAll(/`([^`]+)`/g)].map(([, mark]) => mark),
  files: [...table.matchAll(/^\| (\S+\/\S+) +\|/gm)].map(([, file]) => file),
}));

/** Without comments: who mentions an example in words is not touched when another one is added. */
function codeOf(file: string): string {
  const text = readFileSync(root + file, "utf8");
  return /\.[jt]s$/.test(file) ? text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "") : text;
}

const sources = packages.flatMap(({ folder, path }) =>
  sourceFiles(path).map((file) => `packages/${folder}/src/${file}`),
);

it("says how to add what people add", () => {
  expect(lists.map(({ what }) => what)).toEqual([
    "A published model",
    "A feature profile",
    "A survey",
    "A broker's form",
    "A policy",
    "A filter",
    "An engine",
    "A metric",
    "A command",
    "A code",
    "A field of SkyPortal's requests",
  ]);
  expect(lists.filter(({ files, marks }) => files.length < 3 || marks.length === 0)).toEqual([]);
});

/** Each as a word of its own. */
function namesOf(marks: readonly string[]): RegExp[] {
  return marks.map((mark) => new RegExp(`(?<![\\w-])${mark.replaceAll(/[[\]{}.]/g, "\\$&")}(?![\\w-])`));
}

describe.each(lists)("$what", ({ marks, files }) => {
  const patterns = namesOf(marks);
  const named = (file: string): boolean => patterns.some((pattern) => pattern.test(codeOf(file)));

  it("names files that are there", () => {
    expect(files.filter((file) => !existsSync(root + file))).toEqual([]);
  });

  it("names files in which the example stands", () => {
    // A file of the example's own need not say its name.
    const own = (file: string): boolean =>
      marks.some((mark) => file.toLowerCase().includes(mark.toLowerCase().replaceAll(/[^a-z0-9]/g, "")));
    expect(files.filter((file) => !named(file) && !own(file))).toEqual([]);
  });

  it("names every file of the packages' sources in which the example stands", () => {
    expect(sources.filter((file) => named(file) && !files.includes(file))).toEqual([]);
  });
});

describe("counts the files that a change takes", () => {
  const [, section] = page.split("\n## How many files a change takes\n");
  const rows = [...section.split("\n## ")[0].matchAll(/^\| (an? .+?) +\| (`.+?) +\| [\d–]+ +\| (\d+) +\|/gm)];

  it("of ten kinds", () => {
    expect(rows).toHaveLength(10);
  });

  it.each(rows.map(([, change, marks, now]) => ({ change, marks, now })))("$change", ({ change, marks, now }) => {
    // A survey is a folder and a name in two lists.
    const list = lists.find(({ what }) => what.toLowerCase() === change);
    const patterns = namesOf([...marks.matchAll(/`([^`]+)`/g)].map(([, mark]) => mark));
    const found =
      change === "a survey"
        ? list!.files.filter((file) => file.includes("/src/"))
        : sources.filter((file) => patterns.some((pattern) => pattern.test(codeOf(file))));
    expect(found).toHaveLength(Number(now));
  });
});

it("names scripts and files that are there", () => {
  const { scripts } = readJson(`${root}package.json`) as { scripts: Readonly<Record<string, string>> };
  const asked = [...page.matchAll(/npm run ([\w:]+)/g)].map(([, script]) => script);
  expect(asked.filter((script) => !(script in scripts))).toEqual([]);
  const files = [...page.matchAll(/`((?:packages|test|docs)\/[\w./-]+\.\w+)`/g)].map(([, file]) => file);
  expect(files.length).toBeGreaterThan(4);
  expect(files.filter((file) => !existsSync(root + file))).toEqual([]);
});
