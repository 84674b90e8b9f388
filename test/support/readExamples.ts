import { existsSync, readFileSync } from "node:fs";
import ts from "typescript";
import { packages, root, sourceFiles } from "./packages.js";

/** One code block of the documentation. */
export interface Example {
  /** Where it stands: file, and symbol or number of the block. */
  readonly name: string;
  /** The code. */
  readonly code: string;
  /** False for a block fenced as "no-run": it is type-checked and not run. */
  readonly runs: boolean;
}

/** A fenced block of TypeScript or JavaScript, and what stands after the language. */
const FENCE = /^```(ts|js)\b([^\n]*)\n(.*?)^```/gms;

/**
 * Examples of the project: the `@example` blocks of all sources, and the `ts` and `js` blocks of all
 * readmes and of the pages in docs/. They run, unless the fence says ```` ```ts no-run ````.
 *
 * @param pages - paths of Markdown pages relative to the project's folder
 * @returns the examples
 */
export function readExamples(pages: readonly string[]): Example[] {
  const fromSources = packages.flatMap(({ path, folder }) =>
    sourceFiles(path).flatMap((file) => exampleTags(`${path}src/${file}`, `packages/${folder}/src/${file}`)),
  );
  const fromPages = pages
    .filter((page) => existsSync(root + page))
    .flatMap((page) => blocks(readFileSync(root + page, "utf8"), page));
  return [...fromSources, ...fromPages];
}

/**
 * Functions that a file exports and that carry no example.
 *
 * @param path - the file
 * @returns their names
 */
export function functionsWithoutExample(path: string): string[] {
  return (
    parse(path)
      .statements.filter(ts.isFunctionDeclaration)
      .filter((node) => node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword))
      .filter((node) => !ts.getJSDocTags(node).some(isExample))
      // Of a function with overloads one needs it.
      .map((node) => node.name?.text ?? "")
      .filter((name, _, all) => all.filter((other) => other === name).length === overloads(path, name))
  );
}

function overloads(path: string, name: string): number {
  return parse(path).statements.filter((node) => ts.isFunctionDeclaration(node) && node.name?.text === name).length;
}

function exampleTags(path: string, shown: string): Example[] {
  const found: Example[] = [];
  const seen = new Set<ts.Node>();
  const visit = (node: ts.Node): void => {
    for (const tag of ts.getJSDocTags(node).filter(isExample)) {
      if (seen.has(tag)) continue;
      seen.add(tag);
      const text = tag.getText().replace(/^[ \t]*\* ?/gm, "");
      const symbol = (node as ts.NamedDeclaration).name?.getText();
      found.push(...blocks(text, symbol ? `${shown} ${symbol}` : shown));
    }
    ts.forEachChild(node, visit);
  };
  visit(parse(path));
  return found;
}

function isExample(tag: ts.JSDocTag): boolean {
  return tag.tagName.text === "example";
}

function parse(path: string): ts.SourceFile {
  return ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
}

function blocks(text: string, name: string): Example[] {
  const found = [...text.matchAll(FENCE)];
  return found.map(([, , info, code], index) => ({
    name: found.length > 1 ? `${name} #${index + 1}` : name,
    code,
    runs: !info.includes("no-run"),
  }));
}
