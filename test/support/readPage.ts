import { isBuiltin } from "node:module";
import ts from "typescript";

/** A block of code of a page, and what the page has said to install before it. */
export interface Snippet {
  /** The line at which it begins, from 1. */
  readonly line: number;
  readonly code: string;
  /** False for a block fenced as "no-run". */
  readonly runs: boolean;
  /** Names in the `npm install` lines above it. */
  readonly installed: readonly string[];
  /** What it imports beyond Node's own modules: names of values by module. */
  readonly imports: ReadonlyMap<string, readonly string[]>;
}

/** A block of TypeScript, or a command that installs packages, in a block or in a line. */
const PARTS = /^```ts\b([^\n]*)\n(.*?)^```|npm install ([^`\n#]*)/gms;

/**
 * Reads the code of a page in the order in which a newcomer meets it.
 *
 * @param text - the page, Markdown
 * @returns the blocks of TypeScript
 */
export function readPage(text: string): Snippet[] {
  const installed: string[] = [];
  const snippets: Snippet[] = [];
  for (const { index, 1: info, 2: code, 3: names } of text.matchAll(PARTS)) {
    if (names !== undefined) installed.push(...names.split(/\s+/).filter((name) => /^(@?[a-z])/.test(name)));
    else
      snippets.push({
        line: text.slice(0, index).split("\n").length,
        code,
        runs: !info.includes("no-run"),
        installed: [...new Set(installed)],
        imports: importsOf(code),
      });
  }
  return snippets;
}

function importsOf(code: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const node of ts.createSourceFile("page.ts", code, ts.ScriptTarget.Latest, true).statements) {
    if (!ts.isImportDeclaration(node) || !ts.isStringLiteral(node.moduleSpecifier)) continue;
    const { text } = node.moduleSpecifier;
    if (isBuiltin(text)) continue;
    const bindings = node.importClause?.namedBindings;
    const named = bindings !== undefined && ts.isNamedImports(bindings) ? bindings.elements : [];
    const isType = node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
    const values = isType ? [] : named.filter((each) => !each.isTypeOnly);
    found.set(text, [...(found.get(text) ?? []), ...values.map((each) => (each.propertyName ?? each.name).text)]);
  }
  return found;
}

/** The package of a module's name. */
export function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}
