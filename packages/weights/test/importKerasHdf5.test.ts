import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createRandom } from "@btsbot/chance";
import { toKerasConfig } from "@btsbot/model";
import type { ModelDefinition } from "@btsbot/model";
import type { BtsbotError } from "@btsbot/errors";
import { findPublished, importKerasHdf5, importPublished, PUBLISHED_MODELS, readKerasHdf5 } from "@btsbot/weights";
import { build } from "esbuild";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { conv2d } from "../../../test/support/conv2d.js";
import { describeWithData } from "../../../test/support/testData.js";
import { randomWeights, smallModel } from "./support/smallModel.js";
import { kerasHdf5 } from "./support/writeKerasHdf5.js";
import type { Hdf5Options } from "./support/writeKerasHdf5.js";

const DETAILS = { name: "small", version: "1", profile: "btsbot-v1", file: "small.h5" };

/** What the HDF5 library prints on a damaged file must not reach the user. */
let printed: string[];
beforeEach(() => {
  printed = [];
  for (const stream of [process.stderr, process.stdout]) {
    vi.spyOn(stream, "write").mockImplementation((text) => {
      printed.push(String(text));
      return true;
    });
  }
});
afterEach(() => {
  expect(printed).toEqual([]);
});

async function failure(bytes: Uint8Array, details = DETAILS): Promise<BtsbotError> {
  return importKerasHdf5(bytes, details).then(
    () => {
      throw new Error("nothing was thrown");
    },
    (error: unknown) => error as BtsbotError,
  );
}

/** The floating-point types of a file, and the data given, with their bytes in the other order. */
function toBigEndian(bytes: Uint8Array, arrays: readonly (Float32Array | Float64Array)[]): Uint8Array {
  const turned = Buffer.from(bytes);
  // The datatype message of IEEE floats, little-endian; the lowest bit of its second byte is the order of bytes.
  for (const head of [
    [0x11, 0x20, 0x1f, 0, 4, 0, 0, 0],
    [0x11, 0x20, 0x3f, 0, 8, 0, 0, 0],
  ]) {
    const wanted = Buffer.from(head);
    for (let at = turned.indexOf(wanted); at >= 0; at = turned.indexOf(wanted, at + 1)) turned[at + 1] |= 1;
  }
  for (const array of arrays) {
    const at = turned.indexOf(Buffer.from(array.buffer, array.byteOffset, array.byteLength));
    const size = array.BYTES_PER_ELEMENT;
    for (let place = 0; place < array.byteLength; place += size)
      turned.subarray(at + place, at + place + size).reverse();
  }
  return new Uint8Array(turned);
}

/** Keras's layers of a Sequential model: the small network's without its second branch. */
function sequentialConfig(): { class_name: string; config: { name: string; layers: object[] } } {
  const { layers } = toKerasConfig(SEQUENTIAL).config as { layers: { class_name: string; config: object }[] };
  const [input, ...others] = layers.map(({ class_name, config }) => ({ class_name, config }));
  const [first, ...rest] = others;
  const shape = (input.config as { batch_input_shape: unknown }).batch_input_shape;
  return {
    class_name: "Sequential",
    config: { name: "VGG6", layers: [{ ...first, config: { ...first.config, batch_input_shape: shape } }, ...rest] },
  };
}

const SEQUENTIAL: ModelDefinition = {
  name: "small",
  version: "1",
  inputs: [{ kind: "image", name: "triplet", preprocessing: { normalization: "l2", size: 8 } }],
  layers: [
    conv2d("conv", "triplet", 2, { padding: "valid" }),
    { type: "globalAveragePooling2d", name: "mean", inputs: ["conv"] },
    { type: "dense", name: "score", inputs: ["mean"], units: 1, activation: "sigmoid", useBias: true },
  ],
  output: { kind: "score", layer: "score" },
};

describe("importKerasHdf5", () => {
  it("gives the network and the weights that were saved, and leaves the bytes alone", async () => {
    const model = await smallModel();
    const bytes = await kerasHdf5(model);
    const before = bytes.slice();
    // Part of a larger memory, as Node's readFile gives small files.
    const within = new Uint8Array(bytes.length + 64);
    within.set(bytes, 32);
    const { file: _, ...details } = DETAILS;
    expect(await importKerasHdf5(bytes, details, { license: "MIT" })).toEqual({ ...model, source: { license: "MIT" } });
    expect((await importKerasHdf5(within.subarray(32, 32 + bytes.length), details)).sha256).toBe(model.sha256);
    expect(bytes).toEqual(before);
  });

  it("reads names that are spread over several attributes", async () => {
    const model = await smallModel();
    expect((await importKerasHdf5(await kerasHdf5(model, { namesInParts: 3 }), DETAILS)).sha256).toBe(model.sha256);
  });

  it("reads layers that stand before those that they read", async () => {
    const model = await smallModel();
    const { class_name, config } = toKerasConfig(model.definition);
    const { layers, ...rest } = config as { layers: object[] };
    const read = await importKerasHdf5(
      await kerasHdf5(model, { config: { class_name, config: { ...rest, layers: [...layers].reverse() } } }),
      DETAILS,
    );
    expect(new Map([...read.weights].sort())).toEqual(new Map([...model.weights].sort()));
  });

  it("reads a Sequential model; its input is named triplet", async () => {
    const whole = await smallModel();
    const weights = randomWeights(SEQUENTIAL, 1);
    const bytes = await kerasHdf5({ ...whole, definition: SEQUENTIAL, weights }, { config: sequentialConfig() });
    const read = await importKerasHdf5(bytes, { name: "small", version: "1" });
    expect(read.definition).toEqual(SEQUENTIAL);
    expect(read.weights).toEqual(weights);
  });

  it("reads several files at a time", async () => {
    const models = await Promise.all([1, 2, 3].map((seed) => smallModel(seed)));
    const files = [];
    for (const model of models) files.push(await kerasHdf5(model));
    const read = await Promise.all(files.map((bytes) => importKerasHdf5(bytes, DETAILS)));
    expect(read.map(({ sha256 }) => sha256)).toEqual(models.map(({ sha256 }) => sha256));
  });

  it("says of a file cut short that it is, wherever it ends", async () => {
    const bytes = await kerasHdf5(await smallModel());
    const ends = [
      0,
      1,
      8,
      47,
      95,
      96,
      ...Array.from({ length: 10 }, (_, i) => Math.floor(((i + 1) * bytes.length) / 11)),
      bytes.length - 1,
    ];
    for (const end of ends) {
      const error = await failure(bytes.subarray(0, end));
      expect(error).toMatchObject({ code: "hdf5-invalid", path: "small.h5" });
      expect(error.message).toMatch(/^small\.h5: not an HDF5 file, or damaged or cut short \(.*got .+\)$/);
    }
  });

  it.each([
    ["text", new TextEncoder().encode("<html>404</html>".repeat(100))],
    ["zeros", new Uint8Array(5000)],
    ["the signature alone", Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a, ...new Uint8Array(3000))],
  ])("says of %s that it is no such file", async (_, bytes) => {
    expect(await failure(bytes)).toMatchObject({ code: "hdf5-invalid", path: "small.h5" });
  });

  it.each([
    ["no network", { config: undefined }, "small.h5: model_config", "an attribute with its JSON"],
    ["no weights", { without: "model_weights" }, "small.h5: model_weights", "the weights, one group for each layer"],
    ["no names of layers", { without: "layer_names" }, "small.h5: model_weights.layer_names", "the layers' names"],
  ] as [string, Hdf5Options, string, string][])(
    "says of a file with %s what was expected",
    async (_, options, path, expected) => {
      expect(await failure(await kerasHdf5(await smallModel(), options))).toMatchObject({
        code: "hdf5-invalid",
        path,
        expected,
      });
    },
  );

  it("says that the network's JSON is none", async () => {
    expect(await failure(await kerasHdf5(await smallModel(), { config: '{"class_name":' }))).toMatchObject({
      code: "hdf5-invalid",
      path: "small.h5: model_config",
    });
  });

  it.each([
    [null],
    [[]],
    [{ class_name: "Functional", config: null }],
    [{ class_name: "Sequential", config: { layers: [null] } }],
    [{ class_name: "Sequential", config: [] }],
  ])("says of %j that it is no network", async (config) => {
    const error = await failure(await kerasHdf5(await smallModel(), { config }));
    expect(error.code).toBe("model-invalid");
    expect(error.message).toMatch(/^small\.h5: /);
  });

  it("names every weight that is absent, with the shape that was expected", async () => {
    const model = await smallModel();
    const weights = new Map([
      ["conv/kernel", undefined],
      ["score/bias", undefined],
    ]);
    const { problems } = await failure(await kerasHdf5(model, { weights }));
    expect(problems.map(({ code, path, expected }) => ({ code, path, expected }))).toEqual([
      { code: "weights-missing", path: "small.h5: conv/kernel", expected: "(3, 3, 3, 4)" },
      { code: "weights-missing", path: "small.h5: score/bias", expected: "(1)" },
    ]);
    expect((await failure(await kerasHdf5(model, { without: "weight_names" }))).problems).toHaveLength(8);
  });

  it("names a weight of another shape, or of another type", async () => {
    const model = await smallModel();
    const misshapen = new Map([["conv/kernel", { shape: [3, 3, 4, 3], values: new Float32Array(108) }]]);
    expect(await failure(await kerasHdf5(model, { weights: misshapen }))).toMatchObject({
      code: "weights-misshapen",
      path: "small.h5: conv/kernel",
      expected: "(3, 3, 3, 4)",
    });
    const whole = new Map([["conv/bias", { shape: [4], values: new Int32Array(4) }]]);
    expect(await failure(await kerasHdf5(model, { weights: whole }))).toMatchObject({
      code: "hdf5-invalid",
      path: "small.h5: model_weights/conv/conv_1/bias:0",
      expected: "float32 or float64",
      got: "<i",
    });
  });

  it("reads float64, rounded to float32, and numbers whose bytes are in the other order", async () => {
    const model = await smallModel();
    const doubles = new Map(
      [...model.weights].map(([name, { shape, values }]) => [name, { shape, values: Float64Array.from(values) }]),
    );
    expect((await importKerasHdf5(await kerasHdf5(model, { weights: doubles }), DETAILS)).sha256).toBe(model.sha256);
    for (const weights of [undefined, doubles]) {
      const bytes = await kerasHdf5(model, { early: true, ...(weights && { weights }) });
      const turned = toBigEndian(
        bytes,
        [...(weights ?? model.weights).values()].map(({ values }) => values),
      );
      expect(turned).not.toEqual(bytes);
      expect((await importKerasHdf5(turned, DETAILS)).sha256).toBe(model.sha256);
    }
  });

  it("leaves out counters and the seeds of random layers", async () => {
    const model = await smallModel();
    const bytes = await kerasHdf5(model, { besides: { drop: "seed_generator_state" } });
    expect((await importKerasHdf5(bytes, DETAILS)).sha256).toBe(model.sha256);
  });

  it.each([["a zip archive", Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0), /a zip archive.+importKeras/]])(
    "says of %s what it is",
    async (_, bytes, message) => {
      expect((await failure(bytes)).message).toMatch(message);
    },
  );

  it("names every layer that is not known, and a weight that is not finite", async () => {
    const model = await smallModel();
    const text = JSON.stringify(toKerasConfig(model.definition))
      .replace('"Dropout"', '"Lambda"')
      .replace('"Flatten"', '"Reshape"');
    const { problems } = await failure(await kerasHdf5(model, { config: text }));
    expect(problems.map(({ code, path, got }) => `${code} ${path} ${got}`)).toEqual([
      "layer-unsupported small.h5: flatten.class_name Reshape",
      "layer-unsupported small.h5: drop.class_name Lambda",
    ]);
    const weights = new Map([["conv/bias", { shape: [4], values: Float32Array.of(1, NaN, 1, 1) }]]);
    expect(await failure(await kerasHdf5(model, { weights }))).toMatchObject({
      code: "model-invalid",
      path: "small.h5: conv/bias",
    });
  });

  it("ends on damaged bytes with an error of its own or with weights", async () => {
    const model = await smallModel();
    const bytes = await kerasHdf5(model);
    const random = createRandom(3);
    let refused = 0;
    for (let round = 0; round < 25; round++) {
      const damaged = bytes.slice();
      for (let i = 0; i < 40; i++) damaged[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      const outcome = await importKerasHdf5(damaged, DETAILS).catch((error: unknown) => error as BtsbotError);
      if (outcome instanceof Error) {
        expect(outcome.name, outcome.stack).toBe("BtsbotError");
        expect(outcome.message).toMatch(/^small\.h5/);
        refused += 1;
      } else {
        expect(outcome.definition.name).toBe("small");
      }
    }
    expect(refused).toBeGreaterThan(12);
    expect((await importKerasHdf5(bytes, DETAILS)).sha256).toBe(model.sha256);
  });
});

describe("importKerasHdf5 in a bundle", () => {
  const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
  const PROGRAM = `
    import { readFileSync } from "node:fs";
    import { importKerasHdf5 } from "${ROOT.replaceAll("\\", "/")}packages/weights/src/importKerasHdf5.ts";
    const outcome = await importKerasHdf5(readFileSync("small.h5"), ${JSON.stringify(DETAILS)}).catch(({ name, code, message }) => ({ name, code, message }));
    process.stdout.write(JSON.stringify({ ...outcome, weights: undefined, definition: undefined }));
  `;
  const HDF5 = join(ROOT, "node_modules", "h5wasm");

  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "btsbot-bundle-"));
    await mkdir(join(folder, "node_modules"));
    await writeFile(join(folder, "small.h5"), await kerasHdf5(await smallModel()));
    await build({
      stdin: { contents: PROGRAM, resolveDir: ROOT },
      outfile: join(folder, "bundle.mjs"),
      bundle: true,
      platform: "node",
      format: "esm",
      minify: true,
      keepNames: true,
      external: ["h5wasm"],
      alias: Object.fromEntries(
        ["errors", "model"].map((name) => [`@btsbot/${name}`, join(ROOT, "packages", name, "src", "index.ts")]),
      ),
    });
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function runBundle(): Promise<unknown> {
    const { stdout } = await promisify(execFile)(process.execPath, ["bundle.mjs"], { cwd: folder });
    return JSON.parse(stdout);
  }

  it("reads the same, minified and with names kept", async () => {
    await symlink(HDF5, join(folder, "node_modules", "h5wasm"), "junction");
    expect(await runBundle()).toMatchObject({ sha256: (await smallModel()).sha256 });
  });

  it("does not blame the file for a library that cannot start", async () => {
    const fake = join(folder, "node_modules", "h5wasm");
    await mkdir(fake);
    await writeFile(
      join(fake, "package.json"),
      JSON.stringify({ name: "h5wasm", type: "module", exports: "./index.js" }),
    );
    await writeFile(join(fake, "index.js"), 'throw new Error("no WebAssembly here");');
    expect(await runBundle()).toEqual({ name: "Error", message: "the HDF5 library cannot start: no WebAssembly here" });
  });
});

describe("importPublished", () => {
  it("wants the files that the registry names", async () => {
    const published = findPublished("acai_h");
    await expect(importPublished(published, [])).rejects.toMatchObject({
      code: "model-invalid",
      path: "acai_h",
      expected: "acai_h.d1_dnn_20201130.h5",
    });
    await expect(importPublished(published, [new Uint8Array(10)])).rejects.toMatchObject({
      code: "hdf5-invalid",
      path: "acai_h.d1_dnn_20201130.h5",
    });
  });
});

const HDF5_MODELS = PUBLISHED_MODELS.filter(({ format }) => format === "keras-hdf5");

describeWithData("importKerasHdf5", (data) => {
  const read = (name: string) => readFileSync(`${data}/models/${findPublished(name).files[0].mirrorPath}`);

  it.each(HDF5_MODELS.map(({ name }) => name))(
    "reads the authors' %s, every weight of its shape, with the inputs that the registry states",
    async (name) => {
      const published = findPublished(name);
      const { definition, source } = await importPublished(published, [read(name)]);
      expect(definition.inputs.map((input) => input.name).sort()).toEqual(Object.keys(published.inputs).sort());
      const { url, sha256 } = published.files[0];
      expect(source).toMatchObject({ url, sha256, license: "MIT" });
    },
  );

  it("says of each of them, cut short, that it is", async () => {
    for (const { name } of HDF5_MODELS) {
      const bytes = read(name);
      for (const share of [0.001, 0.2, 0.999]) {
        await expect(readKerasHdf5(bytes.subarray(0, share * bytes.length), name)).rejects.toMatchObject({
          code: "hdf5-invalid",
          path: name,
        });
      }
    }
  });
});
