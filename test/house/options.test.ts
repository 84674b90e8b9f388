import { pathToFileURL } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { setup } from "../setup.js";
import { packages } from "../support/packages.js";

/** A parameter that holds options: by its own name, or its type's. */
const OPTIONS = /^options$|^rules$|Options$/;
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
  return entries.flatMap((entry) =>
    checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(entry)!)!).flatMap((exported) => {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      // What checks the others is tested by itself.
      if (!(symbol.flags & ts.SymbolFlags.Function) || exported.name === "checkOptions") return [];
      const [signature] = checker.getTypeOfSymbol(symbol).getCallSignatures();
      const place = signature.parameters.findIndex((parameter) => takesOptions(checker, parameter));
      if (place === -1) return [];
      const type = checker.getNonNullableType(checker.getTypeOfSymbol(signature.parameters[place]));
      const options = type.getProperties().map((option): [string, readonly string[]] => {
        const inner = checker.getNonNullableType(checker.getTypeOfSymbol(option));
        return [option.name, isOptions(inner) ? inner.getProperties().map(({ name }) => name) : []];
      });
      return [
        {
          name: exported.name,
          module: entry.replace(".d.ts", ".js"),
          place,
          options: new Map(options),
        } satisfies Taking,
      ];
    }),
  );
}

function takesOptions(checker: ts.TypeChecker, parameter: ts.Symbol): boolean {
  const type = checker.getNonNullableType(checker.getTypeOfSymbol(parameter));
  if (isOptions(type)) return true;
  // Of a type without a name the parameter's own tells.
  return OPTIONS.test(parameter.name) && type.getCallSignatures().length === 0;
}

function isOptions(type: ts.Type): boolean {
  if (type.isIntersection()) return type.types.some(isOptions);
  return OPTIONS.test((type.aliasSymbol ?? type.symbol)?.name ?? "");
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
    expect.arrayContaining(["scoreAlert", "parseAlert", "readStamp", "createScorerPool", "trainModel", "pullModel"]),
  );
});

describe.each(functions.map((each) => [each.name, each] as const))("%s", (name, taking) => {
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
});
