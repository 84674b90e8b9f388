import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { BtsbotError, OptionsError } from "@btsbot/errors";
import { createScorerPool } from "@btsbot/pool";
import { importKeras, importSavedModel, openCache, pullModel } from "@btsbot/weights";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { setup } from "../setup.js";
import { packages } from "../support/packages.js";

/** What options are called, by the parameter or the type, where they are called so. */
const OPTIONS = /^options$|^rules$|Options$/;
/** Types whose objects may have more than what is read of them. */
const OPEN = new Map([
  ["SchemaIssue", "an issue of a schema library, as it is"],
  ["CliIo", "the process itself is one, with all that it has"],
  ["PolicyAlert", "a row of alerts, with whatever else it holds"],
]);
const KERAS = { name: "a", version: "1", profile: "btsbot-v1" };
/** Functions that are given to `map`, and take the index that comes in the place of options for none. */
const INDEXED = new Set(["parseAlertJson", "toAlert"]);
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
  /** The kinds that each takes; without those that take anything. */
  readonly kinds: ReadonlyMap<string, ReadonlySet<string>>;
  /** Those that must be given. */
  readonly needed: readonly string[];
  /** Whether they may be left out altogether. */
  readonly isOptional: boolean;
  /** Parameters of the function. */
  readonly count: number;
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
      const kinds = type.getProperties().flatMap((option): [string, ReadonlySet<string>][] => {
        const taken = kindsOf(checker, checker.getTypeOfSymbol(option));
        return taken === undefined ? [] : [[option.name, taken]];
      });
      const needed = type
        .getProperties()
        .flatMap((option) => (option.flags & ts.SymbolFlags.Optional ? [] : [option.name]));
      const count = signature.parameters.length;
      const isOptional = checker.isOptionalParameter(parameter.valueDeclaration as ts.ParameterDeclaration);
      return [{ name, module, place, options: new Map(options), kinds: new Map(kinds), needed, count, isOptional }];
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

/** What a function throws, whichever way it throws. */
async function fail({ name, module }: Taking, values: readonly unknown[]): Promise<unknown> {
  const given = (await import(pathToFileURL(module).href)) as Record<string, (...values: unknown[]) => unknown>;
  try {
    const result = await given[name](...values);
    const iterator = result as Partial<AsyncGenerator> | undefined | null;
    if (typeof iterator?.next === "function") await iterator.next();
  } catch (error) {
    return error;
  }
  return undefined;
}

/** For another parameter that takes options: what it needs, so that these are not complained of first. */
function fillIn({ name }: Taking, place: number): object | undefined {
  const other = functions.find((each) => each.name === name && each.place === place);
  if (other === undefined) return undefined;
  const pick = (option: string) => VALUES.find(([kind]) => other.kinds.get(option)?.has(kind))?.[1] ?? {};
  return Object.fromEntries(other.needed.map((option) => [option, pick(option)]));
}

function valuesWith(taking: Taking, options: unknown): unknown[] {
  return Array.from({ length: taking.count }, (_, place) => (place === taking.place ? options : fillIn(taking, place)));
}

/** What a function says of options; its other arguments are absent. */
async function complain(taking: Taking, options: unknown): Promise<string> {
  const error = await fail(taking, valuesWith(taking, options));
  if (error === undefined) return "nothing";
  return error instanceof OptionsError ? error.message : `not an OptionsError: ${String(error)}`;
}

/** An error of ours: of the program, of data, or of a number that is out of its range. */
function isTyped(error: unknown): boolean {
  if (error === undefined || error instanceof OptionsError || error instanceof BtsbotError) return true;
  return error instanceof RangeError && /expected .+, got/.test(error.message);
}

/** Values of each kind that options have, by its name in the tables. */
const VALUES: readonly (readonly [kind: string, value: unknown])[] = [
  ["null", null],
  ["number", 5],
  ["string", "x"],
  ["boolean", true],
  ["bigint", 5n],
  ["list", []],
  ["object", {}],
  ["function", () => undefined],
];

/** The kinds that an option takes, as its type says; undefined where it is any value. */
function kindsOf(checker: ts.TypeChecker, type: ts.Type): ReadonlySet<string> | undefined {
  const parts = type.isUnion() ? type.types : [type];
  const kinds = parts.map((part) => kindOf(checker, part));
  return kinds.includes("any") ? undefined : new Set(kinds);
}

function kindOf(checker: ts.TypeChecker, type: ts.Type): string {
  const { flags } = type;
  if (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return "any";
  if (type.isIntersection() && type.types.some((part) => part.flags & ts.TypeFlags.StringLike)) return "string";
  if (flags & ts.TypeFlags.StringLike) return "string";
  if (flags & ts.TypeFlags.NumberLike) return "number";
  if (flags & ts.TypeFlags.BooleanLike) return "boolean";
  if (flags & ts.TypeFlags.BigIntLike) return "bigint";
  if (flags & ts.TypeFlags.Null) return "null";
  if (flags & ts.TypeFlags.Undefined) return "undefined";
  if (type.getCallSignatures().length > 0) return "function";
  return checker.isArrayType(type) || checker.isTupleType(type) ? "list" : "object";
}

setup(() => undefined);
const functions = readFunctions();

// A call may succeed, and make a folder of the name that it is given.
const [home, elsewhere] = [process.cwd(), mkdtempSync(join(tmpdir(), "options-"))];
beforeAll(() => process.chdir(elsewhere));
afterAll(() => {
  process.chdir(home);
  rmSync(elsewhere, { recursive: true });
});

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

    it.each([[null], [5], ["x"], [[]], [() => undefined]])("refuses %j for its options", async (value) => {
      if (INDEXED.has(name) && typeof value !== "object") return;
      expect(await complain(taking, value)).toMatch(/expected (its options|`options`)/);
    });

    it("refuses every option of another kind", async () => {
      for (const [option, kinds] of taking.kinds) {
        for (const [kind, value] of VALUES) {
          const isTaken = kinds.has(kind) || (kinds.has("object") && kind === "list");
          const said = await fail(taking, valuesWith(taking, { ...fillIn(taking, taking.place), [option]: value }));
          if (isTaken) expect(isTyped(said), `${option}: ${kind}: ${String((said as Error)?.stack)}`).toBe(true);
          else
            expect(await complain(taking, { ...fillIn(taking, taking.place), [option]: value })).toContain(
              `\`${option}\``,
            );
        }
      }
    });

    it("says which options it needs", async () => {
      if (taking.needed.length === 0) return;
      for (const options of taking.isOptional ? [{}] : [undefined, {}])
        expect(await complain(taking, options)).toContain(`needs the option \`${taking.needed[0]}\``);
    });

    it("takes none where it needs none", async () => {
      if (!taking.isOptional) return;
      expect(await complain(taking, undefined)).not.toContain("needs the option");
    });

    it("fails by a typed error whatever its other arguments are", async () => {
      const raw: string[] = [];
      for (const value of [undefined, null, 5, "x", {}, []]) {
        for (const place of Array.from({ length: taking.count }, (_, i) => i)) {
          const values = Array.from({ length: taking.count }, (_, i) => (i === place ? value : undefined));
          const error = await fail(taking, values);
          if (!isTyped(error))
            raw.push(
              `${place} ${JSON.stringify(value)}: ${String((error as Error).stack ?? error)
                .split("\n")
                .slice(0, 2)
                .join(" ")}`,
            );
        }
      }
      expect(raw).toEqual([]);
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

describe("what callers in JavaScript have given", () => {
  it.each<readonly [string, () => unknown, string]>([
    ["pullModel({})", () => pullModel({} as never), "expected `model` to be an object with name"],
    ["pullModel(5)", () => pullModel(5 as never), "expected `model`"],
    ["openCache({ cache: 5 })", () => openCache({ cache: 5 as never }), "expected `cache` to be a string, got 5"],
    ["importSavedModel of an object", () => importSavedModel({} as never, KERAS), "expected `files` to be a Map"],
    ["importSavedModel of null", () => importSavedModel(null as never, KERAS), "expected `files` to be a Map"],
    [
      "importKeras without details",
      () => importKeras(new Uint8Array(9), undefined as never),
      "needs the option `name`",
    ],
    ["a pool's spawn", () => createScorerPool({ spawn: 5 as never }), "expected `spawn` to be a function, got 5"],
    ["what spawn gives", () => createScorerPool({ spawn: (() => ({})) as never }), "expected `spawn()`"],
  ])("%s", async (_, call, message) => {
    const error: unknown = await new Promise((resolve) => resolve(call())).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OptionsError);
    expect((error as Error).message).toContain(message);
  });
});
