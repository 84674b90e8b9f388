import { readdirSync } from "node:fs";
import { isBuiltin } from "node:module";
import { beforeAll, describe, expect, it } from "vitest";
import { setup } from "../setup.js";
import { NODE_FILES, NODE_PACKAGES, packages, sourceFiles, type Package } from "../support/packages.js";
import { readModule, type ImportedModule, type ModuleFacts } from "../support/readModule.js";

type How = ImportedModule["how"];

/**
 * The rooms: which package may import which, and how. `value` allows every kind of import, `dynamic`
 * allows `import()` and types, `type` allows types alone.
 */
const ROOMS: Readonly<Record<string, Readonly<Record<string, How>>>> = {
  errors: {},
  sky: {},
  chance: {},
  tables: { errors: "value", sky: "value" },
  alert: { errors: "value", sky: "value" },
  archive: { errors: "value", alert: "value", decide: "type" },
  cutout: { errors: "value", alert: "type" },
  features: { errors: "value", sky: "value", alert: "type" },
  model: { errors: "value", chance: "value", features: "type", cutout: "type" },
  tfjs: { errors: "value", chance: "value", model: "value" },
  onnx: { errors: "value", model: "value" },
  simd: { errors: "value", model: "value" },
  weights: { errors: "value", tables: "value", model: "value" },
  simulate: { errors: "value", sky: "value", chance: "value", alert: "type", cutout: "value" },
  train: {
    errors: "value",
    tables: "value",
    chance: "value",
    alert: "value",
    archive: "value",
    cutout: "value",
    features: "value",
    model: "value",
    simd: "value",
    tfjs: "value",
  },
  // The engine is loaded when it is first needed, so that nothing is chosen at import time.
  core: {
    errors: "value",
    alert: "value",
    cutout: "value",
    features: "value",
    model: "value",
    simd: "dynamic",
    tfjs: "dynamic",
  },
  pool: { errors: "value", alert: "value", features: "type", model: "value", core: "value" },
  btsbot: {
    sky: "value",
    errors: "value",
    tables: "value",
    chance: "value",
    alert: "value",
    archive: "value",
    cutout: "value",
    features: "value",
    model: "value",
    tfjs: "value",
    weights: "value",
    core: "value",
    // Loaded where more than one core scores.
    pool: "dynamic",
    simulate: "value",
    // Loaded by the commands that train: it brings tfjs, which the others do without.
    train: "dynamic",
    policy: "value",
    decide: "value",
    store: "value",
    stream: "value",
    skyportal: "value",
    evaluate: "value",
    report: "value",
  },
  decide: { errors: "value", alert: "type", core: "type", policy: "value" },
  store: { errors: "value", tables: "value", alert: "type", policy: "value", decide: "value" },
  stream: { errors: "value", alert: "value", decide: "type" },
  skyportal: { errors: "value", sky: "value", policy: "value", decide: "type" },
  policy: { errors: "value", sky: "value", alert: "value" },
  evaluate: { errors: "value", sky: "value", chance: "value", policy: "value", decide: "value" },
  report: { errors: "value", sky: "value", alert: "type", evaluate: "type" },
};

/** Peers that a package never imports: the caller gives them. */
const GIVEN: Readonly<Record<string, readonly string[]>> = {
  onnx: ["onnxruntime-node", "onnxruntime-web"],
  stream: ["@confluentinc/kafka-javascript", "kafkajs"],
};

/** What imports a module that the user names: one of a feature profile that is a program. */
const USERS_MODULES: Readonly<Record<string, string>> = {
  "serveScorer.ts": "address",
  "inputs/readProfile.ts": "address",
};

/** Doors that a package gives to one other. */
const DOORS: Readonly<Record<string, string>> = { "@btsbot/core/pool": "pool" };

const ALLOWED: Readonly<Record<How, readonly How[]>> = {
  value: ["value", "dynamic", "type"],
  dynamic: ["dynamic", "type"],
  type: ["type"],
};

/** What ties code to Node. */
const NODE_NAMES = ["Buffer", "process", "require", "__dirname", "__filename", "global", "NodeJS", "setImmediate"];
/** Files of several small exports that have no one name. */
const NAMELESS = ["types.ts", "codes.ts", "constants.ts", "version.ts"];
/** What makes two runs differ. */
const IMPURE_NAMES = [
  ...["Date.now", "new Date()", "Date()", "performance.now", "performance.timeOrigin", "process.hrtime", "hrtime"],
  ...["Math.random", "randomBytes", "randomInt", "randomUUID", "getRandomValues"],
  ...["crypto.randomUUID", "crypto.getRandomValues", "crypto.randomBytes", "crypto.randomInt"],
];
/** The edges, where a clock is read or lots are drawn, and for what; everything else is handed what it needs. */
const EDGES: Readonly<Record<string, readonly string[]>> = {
  // The clock of the command, where whoever runs it gives no other; and whether a file waited for a disk.
  btsbot: [
    "runCli.ts: Date.now",
    "inputs/loadSmallFile.ts: performance.now",
    // The id of an outbox, drawn once; how long a batch of a stream was judged.
    "commands/stream/outboxId.ts: randomUUID",
    "commands/stream/runStream.ts: performance.now",
  ],
  // Names that no other process draws, on whatever host.
  tables: ["temporaryPath.ts: randomBytes"],
  // When a batch is full, and topics are listed again.
  // The time and the chance of a client that is given none.
  skyportal: ["platformTime.ts: Date.now", "createSkyPortalClient.ts: Math.random"],
  stream: ["createKafkaSource.ts: performance.now", "gatherMessages.ts: performance.now"],
  // Since when a run has the store, for who has to wait.
  store: ["takeRunLock.ts: new Date()"],
  weights: ["workFiles.ts: randomBytes"],
  // How long a training took, where whoever starts it gives no clock.
  train: ["trainModel.ts: performance.now"],
};

const facts = new Map<Package, ReadonlyMap<string, ModuleFacts>>(
  packages.map((of) => [of, new Map(sourceFiles(of.path).map((file) => [file, readModule(`${of.path}src/${file}`)]))]),
);

function room(specifier: string): string | undefined {
  const name = packageName(specifier);
  return packages.find(({ manifest }) => manifest.name === name)?.folder;
}

function packageName(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

function importsOf(of: Package): (ImportedModule & { readonly file: string })[] {
  return [...facts.get(of)!].flatMap(([file, { imports }]) => imports.map((each) => ({ ...each, file })));
}

function isOutside({ specifier }: ImportedModule): boolean {
  return !/^[.#]/.test(specifier) && !isBuiltin(specifier);
}

it("keeps the commands apart: what two of them need stands in a room of its own", () => {
  const strayed = importsOf(packages.find(({ folder }) => folder === "btsbot")!).flatMap(({ file, specifier }) => {
    const [from, to] = [file, specifier.startsWith(".") ? resolve(file, specifier) : ""].map(commandOf);
    return to === undefined || from === to || file === "createProgram.ts" ? [] : [`${file} imports ${specifier}`];
  });
  expect(strayed).toEqual([]);
});

/** The command whose folder a file of the command line lies in. */
function commandOf(file: string): string | undefined {
  return /^commands\/([^/]+)\//.exec(file)?.[1];
}

it("has a room for every package", () => {
  expect(Object.keys(ROOMS).sort()).toEqual(packages.map(({ folder }) => folder).sort());
  expect(findCycle(new Map(Object.entries(ROOMS).map(([from, to]) => [from, Object.keys(to)])))).toEqual([]);
});

describe.each(packages.map((of) => [of.manifest.name, of] as const))("%s", (_, of) => {
  const pure = !NODE_PACKAGES.includes(of.folder);

  it("imports only from the rooms it may, in the way it may", () => {
    const strayed = importsOf(of).filter(({ specifier, how }) => {
      const target = room(specifier);
      if (target === undefined) return false;
      const allowed = ROOMS[of.folder][target];
      return allowed === undefined || !ALLOWED[allowed].includes(how);
    });
    expect(strayed).toEqual([]);
  });

  it("declares what it imports and imports what it declares", () => {
    const { dependencies = {}, peerDependencies = {} } = of.manifest;
    const imported = new Set(
      importsOf(of)
        .filter((each) => isOutside(each) && USERS_MODULES[each.file] !== each.specifier)
        .map(({ specifier }) => packageName(specifier)),
    );
    const declared = new Set([...Object.keys(dependencies), ...Object.keys(peerDependencies)]);
    expect(
      [...imported].filter((name) => !declared.has(name)),
      "imported and not declared",
    ).toEqual([]);
    // A dependency may also be there for a workspace package that asks for it as a peer.
    const forPeers = new Set(
      packages
        .filter(({ manifest }) => manifest.name in dependencies)
        .flatMap(({ manifest }) => Object.keys(manifest.peerDependencies ?? {})),
    );
    const idle = [...declared].filter((name) => !imported.has(name) && !forPeers.has(name));
    expect(idle, "declared and not imported").toEqual(GIVEN[of.folder] ?? []);
  });

  it("imports a package's front door, or a path that the package gives", () => {
    const deep = importsOf(of).filter(
      ({ specifier }) =>
        room(specifier) !== undefined && specifier !== packageName(specifier) && DOORS[specifier] !== of.folder,
    );
    expect(deep).toEqual([]);
  });

  it("has no cycle among its files", () => {
    const edges = new Map(
      [...facts.get(of)!].map(([file, { imports }]) => [
        file,
        // A cycle of types alone harms nothing at run time; it still means that no file of it can be read alone.
        imports.filter(({ specifier }) => specifier.startsWith(".")).map(({ specifier }) => resolve(file, specifier)),
      ]),
    );
    expect(findCycle(edges)).toEqual([]);
  });

  it("exports by name, and each published file what its name says", () => {
    const nameless = [...facts.get(of)!].filter(([, { exports }]) => exports.has("default")).map(([file]) => file);
    expect(nameless, "default exports").toEqual([]);
    const index = facts.get(of)!.get("index.ts")!;
    const published = index.imports
      .filter(({ how }) => how === "value")
      .map(({ specifier }) => resolve("index.ts", specifier));
    const misnamed = published
      .filter((file) => !NAMELESS.includes(file))
      .filter((file) => ![...(facts.get(of)!.get(file)?.exports ?? [])].some((name) => sameName(name, file)))
      .map((file) => `${file} exports ${[...(facts.get(of)!.get(file)?.exports ?? [])].join(", ")}`);
    expect(misnamed, "published files whose name is none of their exports").toEqual([]);
  });

  it("has no drawer for odds and ends", () => {
    const drawers = sourceFiles(of.path).filter((file) => /(^|\/)(utils?|helpers?|misc|common)(\/|\.ts$)/i.test(file));
    expect(drawers).toEqual([]);
  });

  // What does not apply is not declared: a skipped test would look like one that waits for something.
  if (of.folder !== "btsbot")
    it("does not print", () => {
      const printing = [...facts.get(of)!].filter(([, { names }]) => names.has("console")).map(([file]) => file);
      expect(printing).toEqual([]);
    });

  if (pure)
    it("runs in Node and in browsers unchanged", () => {
      const builtins = importsOf(of).filter(
        ({ specifier, file }) => isBuiltin(specifier) && NODE_FILES[of.folder]?.includes(file) !== true,
      );
      expect(builtins, "imports of Node's own modules").toEqual([]);
      expect(filesNaming(of, NODE_NAMES), "names that only Node has").toEqual([]);
    });

  it("reads no clock and draws no lots but at its edges", () => {
    expect(filesNaming(of, IMPURE_NAMES).sort()).toEqual([...(EDGES[of.folder] ?? [])].sort());
  });
});

describe("public types, as built", () => {
  // The compiler may infer what no source says.
  let names: readonly (readonly [string, string])[];

  beforeAll(() => {
    setup(() => undefined);
    names = packages.flatMap(({ path, folder }) =>
      readdirSync(`${path}dist`, { recursive: true })
        .map(String)
        .filter((file) => file.endsWith(".d.ts"))
        .flatMap((file) =>
          [...readModule(`${path}dist/${file}`).names].map((name) => [`${folder}/${file}`, name] as const),
        ),
    );
  });

  it("name no Buffer", () => {
    expect(names.filter(([, name]) => name === "Buffer")).toEqual([]);
  });

  it("give no type argument to typed arrays, which TypeScript before 5.7 refuses", () => {
    expect(names.filter(([, name]) => name.includes("Array<"))).toEqual([]);
  });
});

function filesNaming(of: Package, unwanted: readonly string[]): string[] {
  return [...facts.get(of)!].flatMap(([file, { names, declared }]) =>
    unwanted
      // A function of one's own may have the name of one of Node's.
      .filter((name) => (names.has(name) && !declared.has(name)) || names.has(`globalThis.${name}`))
      .map((name) => `${file}: ${name}`),
  );
}

/** A class may stand in a file of its name, a constant in capitals in a file in camel case. */
function sameName(name: string, file: string): boolean {
  const base = file.replace(/^.*\//, "").replace(/\.ts$/, "");
  return name.replaceAll("_", "").toLowerCase() === base.toLowerCase();
}

function resolve(file: string, specifier: string): string {
  return new URL(specifier, `file:///${file}`).pathname.slice(1).replace(/\.js$/, ".ts");
}

/** Depth first: the files of the first cycle met, or none. */
function findCycle(edges: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const walk = (file: string, trail: readonly string[]): string[] => {
    if (trail.includes(file)) return [...trail.slice(trail.indexOf(file)), file];
    if (done.has(file)) return [];
    for (const next of edges.get(file) ?? []) {
      const cycle = walk(next, [...trail, file]);
      if (cycle.length > 0) return cycle;
    }
    done.add(file);
    return [];
  };
  for (const file of edges.keys()) {
    const cycle = walk(file, []);
    if (cycle.length > 0) return cycle;
  }
  return [];
}
