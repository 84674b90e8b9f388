import { readFileSync } from "node:fs";
import ts from "typescript";

/** One import, re-export or dynamic import of a module. */
export interface ImportedModule {
  /** What is imported, as written. */
  readonly specifier: string;
  /** `value` is there at run time, `type` is erased, `dynamic` is loaded when the code reaches it. */
  readonly how: "value" | "type" | "dynamic";
}

/** What the house rules need to know of a source file. */
export interface ModuleFacts {
  /** Everything it imports. */
  readonly imports: readonly ImportedModule[];
  /** Names that it uses as values, in types and in `typeof`; properties after a dot come as `object.property`, dates of now as `new Date()`, typed arrays with a type argument whole. */
  readonly names: ReadonlySet<string>;
  /** Names of its own variables, parameters and functions. */
  readonly declared: ReadonlySet<string>;
  /** Its string literals, imports aside. */
  readonly strings: ReadonlySet<string>;
  /** Names that it exports; `default` for a default export, `*` for a star. */
  readonly exports: ReadonlySet<string>;
}

/**
 * Reads a TypeScript module with the compiler's parser.
 *
 * @param path - the file
 * @returns what it imports, names, declares, says and exports
 */
export function readModule(path: string): ModuleFacts {
  const imports: ImportedModule[] = [];
  const names = new Set<string>();
  const declared = new Set<string>();
  const strings = new Set<string>();
  const exported = new Set<string>();
  const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
  const constants = topStrings(source);
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
      if (node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
        imports.push({ specifier: node.moduleSpecifier.text, how: isTypeOnly(node) ? "type" : "value" });
      }
      if (ts.isExportDeclaration(node)) exportNames(node).forEach((name) => exported.add(name));
      return;
    }
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal)) {
      imports.push({ specifier: node.argument.literal.text, how: "type" });
    }
    const dynamic = dynamicImport(node, constants);
    if (dynamic !== undefined) imports.push({ specifier: dynamic, how: "dynamic" });
    if (ts.isExportAssignment(node)) exported.add("default");
    declaredExports(node).forEach((name) => exported.add(name));
    if (ts.isStringLiteralLike(node)) strings.add(node.text);
    const own =
      ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isFunctionDeclaration(node) ? node.name : undefined;
    if (own && ts.isIdentifier(own)) declared.add(own.text);
    const name = nameUsed(node);
    if (name !== undefined) names.add(name);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { imports, names, declared, strings, exports: exported };
}

function isTypeOnly(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  return node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
}

/** `import("x")`, and `import.meta.resolve("x")`: what is resolved is handed to a thread that imports it. */
function dynamicImport(node: ts.Node, constants: ReadonlyMap<string, string>): string | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  const { expression } = node;
  if (expression.kind !== ts.SyntaxKind.ImportKeyword && expression.getText() !== "import.meta.resolve")
    return undefined;
  const [argument] = node.arguments;
  // A computed specifier cannot be judged: it is given as its source text, which no table allows.
  if (ts.isStringLiteralLike(argument)) return argument.text;
  return constants.get(argument.getText()) ?? argument.getText();
}

/** The constants of a file that are strings: a name that bundlers are not to see stands in one. */
function topStrings(source: ts.SourceFile): Map<string, string> {
  const found = new Map<string, string>();
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement) || !(statement.declarationList.flags & ts.NodeFlags.Const)) continue;
    for (const { name, initializer } of statement.declarationList.declarations)
      if (initializer && ts.isStringLiteralLike(initializer)) found.set(name.getText(), initializer.text);
  }
  return found;
}

function exportNames(node: ts.ExportDeclaration): string[] {
  if (!node.exportClause) return ["*"];
  if (ts.isNamespaceExport(node.exportClause)) return [node.exportClause.name.text];
  return node.exportClause.elements.map(({ name }) => name.text);
}

function declaredExports(node: ts.Node): string[] {
  if (!ts.canHaveModifiers(node)) return [];
  const modifiers = ts.getModifiers(node) ?? [];
  if (!modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return [];
  if (modifiers.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)) return ["default"];
  if (ts.isVariableStatement(node)) return node.declarationList.declarations.map(({ name }) => name.getText());
  const { name } = node as ts.NamedDeclaration;
  return name ? [name.getText()] : [];
}

/** Arrays of bytes and numbers took a type argument in TypeScript 5.7, which older compilers refuse. */
const TYPED_ARRAY = /^(?:Int|Uint|Float|BigInt|BigUint)\d+(?:Clamped)?Array$/;

function nameUsed(node: ts.Node): string | undefined {
  if (ts.isTypeReferenceNode(node) && node.typeArguments && TYPED_ARRAY.test(node.typeName.getText()))
    return node.getText();
  // A date of nothing is now; of something, it is that.
  if (ts.isNewExpression(node) && node.expression.getText() === "Date" && !node.arguments?.length) return "new Date()";
  if (ts.isCallExpression(node) && node.expression.getText() === "Date") return "Date()";
  if (ts.isPropertyAccessExpression(node)) return `${node.expression.getText()}.${node.name.text}`;
  if (!ts.isIdentifier(node)) return undefined;
  const { parent } = node;
  const isProperty =
    (ts.isPropertyAccessExpression(parent) ||
      ts.isQualifiedName(parent) ||
      ts.isPropertyAssignment(parent) ||
      ts.isPropertySignature(parent) ||
      ts.isMethodDeclaration(parent) ||
      ts.isPropertyDeclaration(parent)) &&
    (ts.isPropertyAccessExpression(parent) ? parent.name : ts.isQualifiedName(parent) ? parent.right : parent.name) ===
      node;
  return isProperty ? undefined : node.text;
}
