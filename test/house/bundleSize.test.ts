import { gzipSync } from "node:zlib";
import { build, type Metafile } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import { setup } from "../setup.js";
import { NODE_PACKAGES, packages, root } from "../support/packages.js";

/** Kilobytes (1000 bytes) of minified and gzipped JavaScript. */
interface Ceiling {
  /** What a page loads when it imports the package. */
  readonly first: number;
  /** What is loaded later, when it is first needed. */
  readonly later: number;
  /** Why it weighs what it weighs. */
  readonly why: string;
}

/** About 15 % above what was measured (`SIZES=1` prints it); raise one only with its reason. */
const CEILINGS: Readonly<Record<string, Ceiling>> = {
  "@btsbot/errors": {
    first: 8.2,
    later: 0,
    why: "the registry of codes with a sentence for each; what checks options, bytes and data, with the nearest name",
  },
  "@btsbot/sky": { first: 1, later: 0, why: "a few formulas" },
  "@btsbot/chance": { first: 1.5, later: 0, why: "pure-rand's xoroshiro128+, the hash, the laws" },
  "@btsbot/alert": {
    first: 39,
    later: 0,
    why: "an Avro reader and writer, fflate's inflate, snappy, what keeps a record within its budget; for who imports them, the forms of all brokers and Rubin's survey with the fields of its schemas, 3 kB",
  },
  "@btsbot/archive": {
    first: 39.5,
    later: 30,
    why: "what alert reads, lines of base64 included; fflate's gunzip, readers of tar and zip; a reader of Parquet and zstd when a file of it is met",
  },
  "@btsbot/skyportal": {
    first: 13,
    later: 0,
    why: "a patient client, readers of answers, what carries actions out, TNS, Julian dates",
  },
  "@btsbot/cutout": { first: 17.5, later: 0, why: "fflate's inflate and deflate, FITS, rendering" },
  "@btsbot/features": {
    first: 12,
    later: 0,
    why: "eight profiles as data with a sentence on each feature, and the rules of the history; what reads profiles of one's own and computes their rules",
  },
  "@btsbot/model": {
    first: 18,
    later: 98,
    why: "layers as data, what is said of those that are not read, the Keras and tfjs formats, the definitions of BTSbot's alternatives and of ALeRCE's classifier; the weights of btsbot-mini when they are first asked for",
  },
  "@btsbot/tfjs": {
    first: 147,
    later: 88,
    why: "tfjs-core and tfjs-layers; the cpu and wasm backends when one is first set",
  },
  "@btsbot/simd": {
    first: 20.3,
    later: 128,
    why: "the plan of a network and the check of batches, the registry of codes, the plug-in for tfjs; later the kernels, in two builds of which one is loaded, and tfjs-core for the plug-in",
  },
  "@btsbot/onnx": {
    first: 5,
    later: 0,
    why: "the checks of a file and of a session, and the registry of codes; onnxruntime is the caller's",
  },
  "@btsbot/simulate": {
    first: 23.5,
    later: 0,
    why: "shapes and parts of the sky as data, fflate's deflate, pure-rand, FITS",
  },
  "@btsbot/evaluate": {
    first: 44,
    later: 0,
    why: "metrics and search; policies, which zod checks; the decider that replays them",
  },
  "@btsbot/report": {
    first: 234,
    later: 0,
    why: "Observable Plot with the parts of D3 that it draws with, and linkedom as its document",
  },
  "@btsbot/decide": { first: 17, later: 0, why: "the policies and plans of @btsbot/policy, and the loop" },
  "@btsbot/policy": {
    first: 51,
    later: 0,
    why: "zod, two thirds of it, checks filters, policies and rules that come as data; the ready filters; the follow-up plans and the report to TNS",
  },
  "@btsbot/pool": {
    first: 64,
    later: 350,
    why: "core, which reads large files on the page's side too, in every survey and form that a worker knows; the program of a worker, with the engine, when the first pool starts",
  },
  "@btsbot/core": {
    first: 54,
    later: 255,
    why: "what scoring needs of alert, cutout, features and model at once, with what reads profiles of one's own; the weights of btsbot-mini and the engine in WebAssembly when they are first needed",
  },
};

/** What pages import alone, and what it may weigh. */
const PARTS = [
  {
    from: "@btsbot/report",
    names: ["drawLightCurve", "toLightCurvePoints"],
    first: 7.6,
    why: "marks and axes of its own",
  },
];

interface Sizes {
  readonly first: number;
  readonly later: number;
}

describe("what a browser loads, minified and gzipped, without wasm files of tfjs", () => {
  beforeAll(() => setup(() => undefined));

  const pure = packages.filter(({ folder }) => !NODE_PACKAGES.includes(folder)).map(({ manifest }) => manifest.name);

  it("has a ceiling for every package", () => {
    expect(Object.keys(CEILINGS).sort()).toEqual([...pure].sort());
  });

  it.each(pure)("%s stays below its ceiling", async (name) => {
    const sizes = await measure(name);
    const { first, later, why } = CEILINGS[name];
    const stated = `${name}: ${sizes.first.toFixed(1)} kB at once, ${sizes.later.toFixed(1)} kB later (${why})`;
    if (process.env.SIZES) process.stdout.write(`${stated}\n`);
    expect(sizes.first, stated).toBeLessThanOrEqual(first);
    expect(sizes.later, stated).toBeLessThanOrEqual(later);
    // A ceiling far above the floor guards nothing.
    expect(sizes.first, `${stated}: the ceiling is too high`).toBeGreaterThan(first / 2);
  });
});

it.each(PARTS)("a part of $from stays below its ceiling", async ({ from, names, first, why }) => {
  setup(() => undefined);
  const sizes = await measure(from, `{ ${names.join(", ")} }`);
  if (process.env.SIZES) process.stdout.write(`${names.join(", ")}: ${sizes.first.toFixed(1)} kB\n`);
  expect(sizes.first, why).toBeLessThanOrEqual(first);
  expect(sizes.first, why).toBeGreaterThan(first / 2);
  expect(sizes.later).toBe(0);
});

async function measure(name: string, names = "*"): Promise<Sizes> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: `export ${names} from ${JSON.stringify(name)};`, resolveDir: root, sourcefile: "page.js" },
    bundle: true,
    splitting: true,
    minify: true,
    metafile: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    outdir: root,
    absWorkingDir: root,
    logLevel: "silent",
  });
  const atOnce = reach(metafile, ["import-statement"]);
  // What only code that is left out would load is written, too, and never asked for.
  const ever = reach(metafile, ["import-statement", "dynamic-import"]);
  const kilobytes = (wanted: (path: string) => boolean): number =>
    outputFiles
      .map(({ path, contents }) => ({ path: path.slice(root.length), contents }))
      .filter(({ path }) => wanted(path))
      .reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length / 1000, 0);
  return {
    first: kilobytes((path) => atOnce.has(path)),
    later: kilobytes((path) => ever.has(path) && !atOnce.has(path)),
  };
}

/** The entry and all that it imports in these ways. */
function reach({ outputs }: Metafile, kinds: readonly string[]): Set<string> {
  const found = new Set<string>();
  const walk = (path: string): void => {
    if (found.has(path)) return;
    found.add(path);
    outputs[path].imports.filter(({ kind }) => kinds.includes(kind)).forEach((each) => walk(each.path));
  };
  Object.entries(outputs)
    .filter(([, { entryPoint }]) => entryPoint === "page.js" || entryPoint === "<stdin>")
    .forEach(([path]) => walk(path));
  return found;
}
