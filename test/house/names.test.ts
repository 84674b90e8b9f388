import { readFileSync } from "node:fs";
import ts from "typescript";
import { expect, it } from "vitest";
import { packages, sourceFiles } from "../support/packages.js";

/** Names that two packages declare all the same, each with why. */
const ALLOWED: Readonly<Record<string, string>> = {
  AVRO_MAGIC: "the same four bytes: archive tells by them what a file is, and does not open it",
};

/** A name at the top of a file. */
interface Declared {
  readonly name: string;
  readonly folder: string;
  readonly file: string;
  readonly isExported: boolean;
}

/** What files export, and the types that they keep to themselves: those turn up in messages and in editors all the same. */
function declaredIn(folder: string, path: string, file: string): Declared[] {
  const source = ts.createSourceFile(file, readFileSync(`${path}src/${file}`, "utf8"), ts.ScriptTarget.Latest, true);
  return source.statements.flatMap((statement): Declared[] => {
    const modifiers = (ts.canHaveModifiers(statement) && ts.getModifiers(statement)) || [];
    const isExported = modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    const isType =
      ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement) || ts.isClassDeclaration(statement);
    if (!isExported && !isType) return [];
    const names = ts.isVariableStatement(statement)
      ? statement.declarationList.declarations.map((each) => each.name)
      : isType || ts.isFunctionDeclaration(statement)
        ? [statement.name]
        : [];
    return names.flatMap((name) => (name ? [{ name: name.getText(), folder, file, isExported }] : []));
  });
}

const declared = packages.flatMap(({ folder, path }) =>
  sourceFiles(path).flatMap((file) => declaredIn(folder, path, file)),
);
const byName = new Map<string, Declared[]>();
for (const each of declared) byName.set(each.name, [...(byName.get(each.name) ?? []), each]);

/** Names of more than one package, where one of them is exported: a type within a single file meets no other. */
const shared = [...byName].filter(
  ([, all]) => new Set(all.map(({ folder }) => folder)).size > 1 && all.some(({ isExported }) => isExported),
);

it("gives a name one meaning in all packages", () => {
  expect(declared.length).toBeGreaterThan(800);
  const twice = shared
    .filter(([name]) => !Object.hasOwn(ALLOWED, name))
    .map(([name, all]) => `${name}: ${all.map(({ folder, file }) => `${folder}/src/${file}`).join(", ")}`);
  expect(twice).toEqual([]);
});

/** As one hears it: `LabelledAlert` and `LabeledAlert` are one name to whoever reads them. */
function spoken(name: string): string {
  return name
    .toLowerCase()
    .replaceAll("ll", "l")
    .replaceAll("our", "or")
    .replaceAll("ise", "ize")
    .replaceAll("yse", "yze");
}

it("spells a name in one way", () => {
  const spellings = new Map<string, Set<string>>();
  for (const { name } of declared.filter(({ isExported }) => isExported)) {
    // A constant may have the name of its type, and a function that of what it makes.
    const key = /^[A-Z0-9_]+$/.test(name) ? name : name[0] + spoken(name.slice(1));
    spellings.set(key, (spellings.get(key) ?? new Set()).add(name));
  }
  expect([...spellings.values()].filter(({ size }) => size > 1).map((names) => [...names].join(", "))).toEqual([]);
});

/** What an interface holds, whatever it is called; undefined for one of fewer than two members. */
function shapeOf(node: ts.Statement): string | undefined {
  if (!ts.isInterfaceDeclaration(node) || node.members.length < 2) return undefined;
  const members = node.members.map((member) =>
    member
      .getText()
      .replace(/^readonly /, "")
      .replaceAll(/\s+/g, " "),
  );
  return [...members.sort(), ...(node.heritageClauses ?? []).map((clause) => clause.getText())].join(" ");
}

it("gives one thing one name", () => {
  const byShape = new Map<string, string[]>();
  for (const { folder, path } of packages)
    for (const file of sourceFiles(path)) {
      const text = readFileSync(`${path}src/${file}`, "utf8");
      for (const node of ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true).statements) {
        const shape = shapeOf(node);
        if (shape !== undefined)
          byShape.set(shape, [
            ...(byShape.get(shape) ?? []),
            `${folder}/src/${file}: ${(node as ts.InterfaceDeclaration).name.text}`,
          ]);
      }
    }
  expect(byShape.size).toBeGreaterThan(400);
  expect([...byShape.values()].filter(({ length }) => length > 1)).toEqual([]);
});

it("allows no name that needs it no more", () => {
  const names = shared.map(([name]) => name);
  expect(Object.keys(ALLOWED).filter((name) => !names.includes(name))).toEqual([]);
});
