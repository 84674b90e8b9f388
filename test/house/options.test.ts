import { pathToFileURL } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { setup } from "../setup.js";
import { packages } from "../support/packages.js";

/** What options are called, by the parameter or the type, where they are called so. */
const OPTIONS = /^options$|^rules$|Options$/;
/** Types whose objects may have more than what is read of them. */
const OPEN = new Map([
  ["SchemaIssue", "an issue of a schema library, as it is"],
  ["PolicyAlert", "a row of alerts, with whatever else it holds"],
]);
/** No function of anybody's has an option of this name, or of one like it. */
const UNKNOWN = "qqqqqqqqqqqqqqqqqqqq";

/** A public function that takes options, as its built types say. */
interface Taking {
  readonly name: string;
  readonly module: string;
  /** The place of the options among the parameters. */
  readonly place: number;
  /** The names of the options, and of those within them. */
  readonly options: ReadonlyMap<string, readonly string[]>;
}

/** Read from what is built, so that a function that comes is tested when it comes. */
function readFunctions(): Taking[] {
  const entries = packages.map(({ path }) => `${path}dist/index.d.ts`);
  const program = ts.createProgram(entries, {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    strict: true,
    skipLibCheck: true,
    types: ["node"],
  });
  const checker = program.getTypeChecker();
  const functions = entries.flatMap((entry) =>
    checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(entry)!)!).flatMap((exported) => {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      // What checks the others is tested by itself.
      if (!(symbol.flags & ts.SymbolFlags.Function) || exported.name === "checkOptions") return [];
      const [signature] = checker.getTypeOfSymbol(symbol).getCallSignatures();
      return [{ name: exported.name, module: entry.replace(".d.ts", ".js"), signature }];
    }),
  );
  const given = new Set<ts.Type>();
  for (const { signature } of functions) give(checker, signature.getReturnType(), given);
  const typeOf = (symbol: ts.Symbol) => checker.getNonNullableType(checker.getTypeOfSymbol(symbol));
  return functions.flatMap(({ name, module, signature }) =>
    signature.parameters.flatMap((parameter, place): Taking[] => {
      const type = typeOf(parameter);
      const isCalled = OPTIONS.test(parameter.name) && type.getCallSignatures().length === 0;
      if (!isCalled && !isNamed(type) && !isWritten(type, given)) return [];
      const options = type.getProperties().map((option): [string, readonly string[]] => {
        const inner = typeOf(option);
        return [option.name, isNamed(inner) ? inner.getProperties().map((each) => each.name) : []];
      });
      return [{ name, module, place, options: new Map(options) }];
    }),
  );
}

function isNamed(type: ts.Type): boolean {
  if (type.isIntersection()) return type.types.some(isNamed);
  return OPTIONS.test((type.aliasSymbol ?? type.symbol)?.name ?? "");
}

/**
 * Whether a type is one of options, whatever it is called: of ours, with something that may be left out, so that a
 * misspelt name passes for one that is absent, and written by who calls, since no function gives such an object.
 */
function isWritten(type: ts.Type, given: ReadonlySet<ts.Type>): boolean {
  if (type.isIntersection()) return type.types.some((part) => isWritten(part, given));
  const { symbol = undefined } = type;
  const isObject = (type.flags & ts.TypeFlags.Object) !== 0 && type.getCallSignatures().length === 0;
  if (!isObject || symbol === undefined || !isOurs(symbol) || given.has(type) || OPEN.has(symbol.name)) return false;
  return type.getProperties().some(({ flags }) => flags & ts.SymbolFlags.Optional);
}

/** Adds a type that a function returns, and all that objects of it hold. */
function give(checker: ts.TypeChecker, type: ts.Type, given: Set<ts.Type>): void {
  if (given.has(type)) return;
  given.add(type);
  if (type.isUnionOrIntersection()) for (const part of type.types) give(checker, part, given);
  const isReference = (type as ts.ObjectType).objectFlags & ts.ObjectFlags.Reference;
  if (isReference) for (const each of checker.getTypeArguments(type as ts.TypeReference)) give(checker, each, given);
  for (const each of type.aliasTypeArguments ?? []) give(checker, each, given);
  const { symbol = undefined } = type;
  if (symbol === undefined || !isOurs(symbol)) return;
  if (type.isClassOrInterface()) for (const base of checker.getBaseTypes(type)) give(checker, base, given);
  for (const property of type.getProperties()) give(checker, checker.getTypeOfSymbol(property), given);
  for (const signature of type.getCallSignatures()) give(checker, signature.getReturnType(), given);
}

function isOurs({ declarations = [] }: ts.Symbol): boolean {
  return declarations.some((declaration) => declaration.getSourceFile().fileName.includes("/packages/"));
}

/** What a function says of options, whichever way it throws; its other arguments are absent. */
async function complain({ name, module, place }: Taking, options: object): Promise<string> {
  const given = (await import(pathToFileURL(module).href)) as Record<string, (...values: unknown[]) => unknown>;
  try {
    const values = Array.from({ length: place }, () => undefined);
    const result = await given[name](...values, options);
    const iterator = result as Partial<AsyncGenerator> | undefined;
    if (typeof iterator?.next === "function") await iterator.next();
  } catch (error) {
    return error instanceof TypeError ? error.message : `not a TypeError: ${String(error)}`;
  }
  return "nothing";
}

setup(() => undefined);
const functions = readFunctions();

it("finds the functions that take options", () => {
  const names = functions.map(({ name }) => name);
  expect(names.length).toBeGreaterThan(50);
  expect(names).toEqual(
    expect.arrayContaining([
      "scoreAlert",
      "parseAlert",
      "readStamp",
      "createScorerPool",
      "trainModel",
      "pullModel",
      "importKeras",
    ]),
  );
});

describe.each(functions.map((each) => [each.name, each.place, each] as const))(
  "%s, parameter %i",
  (name, _, taking) => {
    const names = [...taking.options.keys()];

    it("refuses an option that it does not have, and lists those of its type", async () => {
      const said = await complain(taking, { [UNKNOWN]: 1 });
      expect(said).toMatch(new RegExp(`^${name === "simd" ? "createSimdEngine" : name} has no option \`${UNKNOWN}\``));
      expect(
        [...said.matchAll(/`(\w+)`/g)]
          .map(([, option]) => option)
          .slice(1)
          .sort(),
      ).toEqual([...names].sort());
    });

    it("names the nearest", async () => {
      for (const option of names) {
        const wrong = `${option}${option.at(-1)}`;
        expect(await complain(taking, { [wrong]: 1 })).toContain(`\`${option}\``);
      }
    });

    const nested = [...taking.options].filter(([, inner]) => inner.length > 0);
    if (nested.length > 0)
      it("looks into options that are options", async () => {
        for (const [option, inner] of nested) {
          const said = await complain(taking, { [option]: { [UNKNOWN]: 1 } });
          for (const each of inner) expect(said).toContain(`\`${option}.${each}\``);
        }
      });
  },
);
