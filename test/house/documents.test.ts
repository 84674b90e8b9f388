import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { packages, root } from "../support/packages.js";
import { projectFiles } from "../support/projectFiles.js";

const pages = projectFiles().filter((file) => file.endsWith(".md"));
const text = (file: string): string => readFileSync(root + file, "utf8");

/** Folders that only some machines have: a user of the packages has none beside the project. */
const OUTSIDE = /\bdata folder\b|(^|[\s(`"'=])(\.\.\/)*shared\/|(^|[\s`"'=])\.\.\/(?=[\w-])/;

describe.each(pages)("%s", (page) => {
  it("speaks of no folder that a user does not have", () => {
    // A link to a file of the project is no such folder: it is held against what is there elsewhere.
    const lines = text(page)
      .replaceAll(/\]\([^)]*\)/g, "]")
      .split("\n");
    expect(lines.filter((line) => OUTSIDE.test(line))).toEqual([]);
  });

  it("names a function by a link to the file that declares it", () => {
    const links = [...text(page).matchAll(/\[`(\w+)`\]\(([^)#\s]+\.[jt]s)\)/g)];
    const wrong = links.flatMap(([, name, target]) => {
      const file = relative(root, join(root, dirname(page), target));
      if (!existsSync(root + file)) return [`${file} is not there`];
      const declared = new RegExp(`^export (async )?(function\\*?|const|class|interface|type) ${name}\\b`, "m");
      return declared.test(text(file)) ? [] : [`${name} is not in ${file}`];
    });
    expect(wrong).toEqual([]);
  });
});

it("docs/walkthrough.md names functions of every room on its way", () => {
  const found = new Set(
    [...text("docs/walkthrough.md").matchAll(/\.\.\/packages\/([a-z]+)\/src/g)].map(([, name]) => name),
  );
  const way = [
    "btsbot",
    "decide",
    "archive",
    "alert",
    "policy",
    "core",
    "cutout",
    "features",
    "model",
    "simd",
    "store",
    "errors",
  ];
  expect([...found].sort()).toEqual(way.sort());
});

describe("docs/architecture.md", () => {
  const rows = [...text("docs/architecture.md").matchAll(/^\|[^|]*\| `([a-z]+)` +\|([^|]*)\|([^|]*)\|$/gm)];
  const rooms = packages.map(({ folder }) => folder);

  it("draws the way of an alert as README.md does", () => {
    const [, figure] = /^```text\n(bytes.*?)^```/ms.exec(text("docs/architecture.md"))!;
    expect(text("README.md")).toContain(figure);
  });

  it("has a row for every package", () => {
    expect(rows.map(([, name]) => name).sort()).toEqual([...rooms].sort());
  });

  it.each(packages.map((of) => [of.folder, of] as const))("says what %s imports of ours", (folder, { manifest }) => {
    const [, , , said] = rows.find(([, name]) => name === folder)!;
    const named = said.match(/[a-z]+/g)!.filter((word) => rooms.includes(word));
    const imported = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
      .map((name) => name.replace("@btsbot/", ""))
      .filter((name) => rooms.includes(name));
    const all = said.trim().startsWith("all but");
    const expected = all ? rooms.filter((name) => name !== folder && !named.slice(0, -1).includes(name)) : named;
    expect([...imported].sort()).toEqual([...expected].sort());
  });
});
