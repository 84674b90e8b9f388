import { readFileSync } from "node:fs";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { packages, root, sourceFiles } from "../support/packages.js";
import { projectFiles } from "../support/projectFiles.js";

/** What a native reader stumbles over, and what is said in its place. */
const STUMBLES: readonly (readonly [RegExp, string])[] = [
  [/(?<!\b(there|There) )\b(is|are) (no(?! longer| better)|none of|none's)\b/, "is not a, is not one of"],
  [/\bfrom \d{1,3} on\b/, "N or more"],
  [/\b(goes|go) by name\b/, "are found by name"],
  [/\bagain for more\b/, "repeatable"],
  [/(?<!that (are|were) )\b(asked|looked) for are\b/, "that were asked for"],
  [/\bthis is no\b|\bit is no\b(?! longer)/i, "is not a"],
  [/\b[Aa]nother ((?!more|less|fewer)\S+ ){1,4}than\b/, "a different one from, not the same as"],
  [/\bleft aside\b/, "ignored"],
  [/\b(for|of|by|to|from) who [a-z]/, "for whoever"],
  [/\bof one's own\b/, "of your own"],
  [/\bas good as none\b|\bthat is none\b/, "that is not one"],
];

function stumbles(text: string): string[] {
  return STUMBLES.filter(([pattern]) => pattern.test(text)).map(([, better]) => `${text} (better: ${better})`);
}

/**
 * Every text of a source file that people may read: strings, templates with a letter for what is filled in, and what the
 * reference shows.
 */
function textsOf(path: string): string[] {
  const source = readFileSync(path, "utf8");
  const texts = [...source.matchAll(/\/\*\*([\s\S]*?)\*\//g)].map(([, text]) =>
    text.replaceAll(/^\s*\* ?/gm, "").replaceAll(/```[\s\S]*?```|\s+/g, " "),
  );
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) texts.push(node.text);
    if (ts.isTemplateExpression(node))
      texts.push([node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join("X"));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, source, ts.ScriptTarget.Latest));
  return texts;
}

describe.each(packages.map((of) => [of.manifest.name, of] as const))("%s", (_, { path }) => {
  it("says nothing that one stumbles over", () => {
    const found = sourceFiles(path).flatMap((file) =>
      textsOf(`${path}src/${file}`)
        .flatMap(stumbles)
        .map((text) => `${file}: ${text}`),
    );
    expect(found).toEqual([]);
  });
});

it("nor does any page", () => {
  const pages = projectFiles().filter((file) => file.endsWith(".md"));
  const found = pages.flatMap((page) =>
    readFileSync(root + page, "utf8")
      .split("\n")
      .flatMap((line) => stumbles(line).map((text) => `${page}: ${text.slice(0, 300)}`)),
  );
  expect(found).toEqual([]);
});

it("knows a stumble", () => {
  expect(stumbles("the file is no table")).toHaveLength(1);
  expect(stumbles("the row has another number of cells than the header")).toHaveLength(1);
  expect(stumbles("the file is not a table; there is no score; it is no longer read")).toEqual([]);
});
