import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { initializeWeights, createModel, writeLayersModel } from "@btsbot/model";
import type { Model, ModelDefinition } from "@btsbot/model";
import { openCache } from "@btsbot/weights";
import { beforeEach, describe, expect, it } from "vitest";
import { describeWithData } from "../../../test/support/testData.js";
import { kerasArchive } from "../../weights/test/support/writeKerasArchive.js";
import { kerasHdf5 } from "../../weights/test/support/writeKerasHdf5.js";
import { savedModelFiles, tar } from "../../weights/test/support/writeSavedModel.js";
import { fillCache, makeAlert, writePacket } from "./support/packets.js";
import { run, temporaryFolder } from "./support/runInProcess.js";

let [cache, folder, packet] = ["", "", ""];

beforeEach(() => {
  cache = temporaryFolder();
  folder = temporaryFolder();
  packet = writePacket(folder, "alert.avro", [makeAlert(1)]);
});

function write(files: ReadonlyMap<string, Uint8Array>, to: string): string {
  for (const [name, bytes] of files) {
    mkdirSync(dirname(join(folder, to, name)), { recursive: true });
    writeFileSync(join(folder, to, name), bytes);
  }
  return join(folder, to);
}

/** The model of `fillCache`, with BTSbot's inputs. */
async function smallModel(): Promise<Model> {
  return openCache({ cache: await fillCache(cache, ["small"]) }).load("small");
}

/** What Keras and tfjs write: a network and weights, and nothing about either. */
async function writeForms(model: Model): Promise<Record<string, string>> {
  const saved = savedModelFiles(model);
  const layers = writeLayersModel(model);
  const json = JSON.parse(new TextDecoder().decode(layers.get("model.json"))) as Record<string, unknown>;
  delete json.userDefinedMetadata;
  const plain = new Map([...layers, ["model.json", new TextEncoder().encode(JSON.stringify(json))]]);
  const tfjs = write(plain, "tfjs");
  return {
    ".keras": join(write(new Map([["mine.keras", await kerasArchive(model)]]), "."), "mine.keras"),
    HDF5: join(write(new Map([["mine.h5", await kerasHdf5(model)]]), "."), "mine.h5"),
    "SavedModel's folder": join(write(saved, "."), "saved"),
    "SavedModel's archive": join(write(new Map([["saved.tar", tar(saved)]]), "."), "saved.tar"),
    "tfjs folder": tfjs,
    "model.json": join(tfjs, "model.json"),
    "archive of a tfjs folder": join(write(new Map([["tfjs.tar", tar(plain)]]), "."), "tfjs.tar"),
  };
}

async function scoreOf(name: string): Promise<unknown> {
  const { lines, stderr } = await run(["score", packet, "--model", name], { cache });
  const [{ scores }] = lines() as [{ scores: Record<string, { score: number }> }];
  expect(Object.keys(scores), stderr).toHaveLength(1);
  return Object.values(scores)[0].score;
}

describe("models import", () => {
  it.each(["btsbot-v1.0", "../mine", "small"])("refuses the name %j before it looks at the network", async (name) => {
    await smallModel();
    const { status, stdout, stderr } = await run(["models", "import", join(folder, "none.h5"), "--name", name], {
      cache,
    });
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/published model has this name|name cannot be a file's|this name is in the cache/);
  });

  it("is named with the others where another name is given", async () => {
    await smallModel();
    const { status, stderr } = await run(["score", packet, "--model", "nosuch"], { cache });
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /^btsbot: nosuch: no model has this name \(expected btsbot-v1\.0\.1, .*btsbot-mini, small\)/,
    );
  });

  it("takes each form that a network is written in, and gives its score", async () => {
    const model = await smallModel();
    const expected = await scoreOf("small");
    expect(expected).toEqual(expect.any(Number));
    for (const [form, path] of Object.entries(await writeForms(model))) {
      const name = `from-${form.length}`;
      const { status, stdout, stderr } = await run(
        ["models", "import", path, "--name", name, "--profile", "btsbot-v1", "--model-version", "3"],
        { cache },
      );
      expect([status, stderr, stdout], form).toEqual([0, "", `${name}  imported  ${join(cache, name)}\n`]);
      expect(await scoreOf(name), form).toBe(expected);
      const { definition, sha256 } = await openCache({ cache }).load(name);
      expect([definition.name, definition.version, sha256], form).toEqual([name, "3", model.sha256]);
    }
  });

  it("takes a network of other planes, and says which option names them", async () => {
    const definition: ModelDefinition = {
      name: "planes",
      version: "1",
      inputs: [
        {
          kind: "image",
          name: "image",
          preprocessing: { normalization: "minmax", size: 9, planes: ["difference", "science"] },
        },
      ],
      layers: [
        { type: "flatten", name: "flat", inputs: ["image"] },
        { type: "dense", name: "score", inputs: ["flat"], units: 1, activation: "sigmoid", useBias: true },
      ],
      output: { kind: "score", layer: "score" },
    };
    const { tfjs } = {
      tfjs: (await writeForms(await createModel(definition, initializeWeights(definition, 1))))["tfjs folder"],
    };
    const importAs = (...args: readonly string[]) =>
      run(["models", "import", tfjs, "-n", "planes", ...args], { cache });
    expect(await importAs()).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/expected size 9, 2 planes, got size 9, 3 planes\).*--planes/),
    });
    expect(await importAs("--planes", "science,new")).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("Some of science, template, difference are needed."),
    });
    const { status, stderr } = await importAs("--planes", "difference,science", "--preprocessing", "minmax");
    expect(status, stderr).toBe(0);
    expect((await openCache({ cache }).load("planes")).definition.inputs).toEqual(definition.inputs);
    expect(await scoreOf("planes")).toEqual(expect.any(Number));
  });

  it("takes a network with images that differ, each input by its name", async () => {
    const image = (name: string, planes: ("science" | "difference")[]) =>
      ({ kind: "image", name, preprocessing: { normalization: "l2", size: 9, planes } }) as const;
    const definition: ModelDefinition = {
      name: "two",
      version: "1",
      inputs: [image("now", ["science"]), image("change", ["difference", "science"])],
      layers: [
        { type: "flatten", name: "flat_now", inputs: ["now"] },
        { type: "flatten", name: "flat_change", inputs: ["change"] },
        { type: "concatenate", name: "both", inputs: ["flat_now", "flat_change"] },
        { type: "dense", name: "score", inputs: ["both"], units: 1, activation: "sigmoid", useBias: true },
      ],
      output: { kind: "score", layer: "score" },
    };
    const { "tfjs folder": path } = await writeForms(await createModel(definition, initializeWeights(definition, 1)));
    const importAs = (...args: readonly string[]) => run(["models", "import", path, "-n", "two", ...args], { cache });
    const { status, stderr } = await importAs();
    expect(status).toBe(1);
    expect(stderr).toMatch(/now: .*got size 9, 3 planes\).*--planes .*or of each input by its name in --input/);
    const now = ["--input", "now=science"];
    for (const wrong of ["change", "=science", "change=", "change=science,other", "change=l2,minmax"])
      expect(await importAs(...now, "--input", wrong)).toMatchObject({
        status: 2,
        stderr: expect.stringMatching(/--input/),
      });
    const change = ["--input", "change=difference,science,minmax"];
    expect(await importAs(...now, ...change, "--input", "then=science")).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("then: the network has no such input (expected one of now, change)"),
    });
    expect(await importAs(...now, ...change)).toMatchObject({ status: 0, stderr: "" });
    const { inputs } = (await openCache({ cache }).load("two")).definition;
    expect(inputs).toEqual([
      definition.inputs[0],
      {
        ...definition.inputs[1],
        preprocessing: { normalization: "minmax", size: 9, planes: ["difference", "science"] },
      },
    ]);
    expect(await scoreOf("two")).toEqual(expect.any(Number));
  });

  it("takes from a folder of ours what it says of itself", async () => {
    await smallModel();
    const { status } = await run(["models", "import", join(cache, "small"), "--name", "again"], { cache });
    expect(status).toBe(0);
    const { definition } = await openCache({ cache }).load("again");
    expect(definition).toMatchObject({ name: "again", version: "0", inputs: [{}, { profile: "btsbot-v1" }] });
    expect(await scoreOf("again")).toBe(await scoreOf("small"));
  });

  it("gives the image the normalisation that is asked for, at the network's size", async () => {
    const [, path] = Object.entries(await writeForms(await smallModel())).find(([form]) => form === "HDF5")!;
    const args = ["models", "import", path, "-n", "minmax", "-p", "btsbot-v1", "--preprocessing", "minmax"];
    expect(await run(args, { cache })).toMatchObject({ status: 0, stderr: "" });
    const { definition } = await openCache({ cache }).load("minmax");
    expect(definition.inputs[0]).toMatchObject({ preprocessing: { normalization: "minmax", size: 63 } });
  });

  it("says what to add where a network needs it, in the words of the command", async () => {
    const { ".keras": path } = await writeForms(await smallModel());
    const { status, stderr } = await run(["models", "import", path, "--name", "mine"], { cache });
    expect([status, existsSync(join(cache, "mine"))]).toEqual([1, false]);
    expect(stderr).toContain("--profile");
    expect(stderr).not.toMatch(/second argument|`profile`/);
  });

  it.each([
    ["small", 2, /another name; --force/],
    ["btsbot-v1.0", 2, /published model/],
    ["btsbot-mini", 2, /published model/],
    ["all", 2, /stands for every model/],
    ["../small", 2, /cannot be a file's/],
    ["", 2, /name/],
  ])("refuses the name %j", async (name, _, message) => {
    const model = await smallModel();
    const { HDF5: path } = await writeForms(model);
    const args = ["models", "import", path, "--name", name, "--profile", "btsbot-v1"];
    const { status, stderr } = await run(args, { cache });
    expect(status).not.toBe(0);
    expect(stderr).toMatch(message);
    expect((await openCache({ cache }).load("small")).definition.version).toBe("0");
  });

  it("refuses a profile that the network has no use for", async () => {
    const definition: ModelDefinition = {
      name: "images",
      version: "1",
      inputs: [{ kind: "image", name: "triplet", preprocessing: { normalization: "l2", size: 8 } }],
      layers: [
        { type: "flatten", name: "flat", inputs: ["triplet"] },
        { type: "dense", name: "score", inputs: ["flat"], units: 1, activation: "sigmoid", useBias: true },
      ],
      output: { kind: "score", layer: "score" },
    };
    const model = await createModel(definition, initializeWeights(definition, 1));
    const path = join(write(new Map([["images.h5", await kerasHdf5(model)]]), "."), "images.h5");
    const { status, stderr } = await run(["models", "import", path, "-n", "im", "-p", "btsbot-v1"], { cache });
    expect([status, stderr]).toEqual([2, expect.stringContaining("leave --profile out")]);
    expect(existsSync(join(cache, "im"))).toBe(false);
  });

  it("replaces a model with --force", async () => {
    const { HDF5: path } = await writeForms(await smallModel());
    const args = ["models", "import", path, "--name", "small", "--profile", "btsbot-v1", "--force"];
    expect(await run(args, { cache })).toMatchObject({ status: 0, stderr: "" });
    expect((await openCache({ cache }).load("small")).definition.version).toBe("1");
  });

  it.each([
    ["nothing there", "absent.keras", undefined, /no such file/],
    ["a text", "text.keras", "a network, as a text", /not a file of a model/],
    ["an ONNX file", "net.onnx", "onnx", /ONNX/],
    ["an empty folder", "empty", null, /no model in this folder/],
  ])("says what %s is", async (_, name, content, message) => {
    const path = join(folder, name);
    if (content === null) mkdirSync(path);
    else if (content !== undefined) writeFileSync(path, content);
    const { status, stderr } = await run(["models", "import", path, "--name", "x", "-p", "btsbot-v1"], { cache });
    expect([status, existsSync(join(cache, "x"))]).toEqual([1, false]);
    expect(stderr).toMatch(message);
    expect(stderr.split("\n")).toHaveLength(2);
  });

  it("refuses a network that could not score: its profile has other features", async () => {
    const definition: ModelDefinition = {
      name: "five",
      version: "1",
      inputs: [{ kind: "features", name: "metadata", profile: "btsbot-v1", length: 5 }],
      layers: [{ type: "dense", name: "score", inputs: ["metadata"], units: 1, activation: "sigmoid", useBias: true }],
      output: { kind: "score", layer: "score" },
    };
    const model = await createModel(definition, initializeWeights(definition, 1));
    const path = join(write(new Map([["five.h5", await kerasHdf5(model)]]), "."), "five.h5");
    const { status, stderr } = await run(["models", "import", path, "-n", "five", "-p", "btsbot-v1"], { cache });
    expect([status, existsSync(join(cache, "five"))]).not.toEqual([0, true]);
    expect(stderr).toMatch(/25/);
  });
});

describe("a model that is named by its path", () => {
  it("is scored, decided with, compared, shown, exported and written as golden", async () => {
    await smallModel();
    const path = join(cache, "small");
    const elsewhere = { cache: temporaryFolder() };
    expect(await scoreOf(path)).toBe(await scoreOf("small"));
    for (const args of [
      ["decide", packet, "--model", path, "--filter", "none"],
      ["parity", packet, "--model", path],
      ["golden", packet, "--model", path],
      ["models", "show", path],
      ["models", "export", path, "--to", join(folder, "out")],
    ])
      expect(await run(args, elsewhere), args.join(" ")).toMatchObject({ status: 0 });
    expect(existsSync(join(folder, "out", "small.onnx"))).toBe(true);
  });

  it("that does not describe itself is said to want an import", async () => {
    const { ".keras": path } = await writeForms(await smallModel());
    const { status, stderr } = await run(["score", packet, "--model", path], { cache });
    expect(status).toBe(2);
    expect(stderr).toContain("btsbot models import PATH --name NAME --profile PROFILE");
    expect(stderr).not.toMatch(/pull/);
  });
});

describeWithData("models import of networks that Keras 3 wrote", (data) => {
  const keras3 = join(data, "cases", "keras3");

  it("refuses logits until it is told what they are of", async () => {
    const args = ["models", "import", join(keras3, "logit.h5"), "--name", "logit", "--profile", "btsbot-v1"];
    const refused = await run(args, { cache });
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain("--activation sigmoid");
    expect(await run([...args, "--activation", "sigmoid"], { cache })).toMatchObject({ status: 0, stderr: "" });
    expect(await scoreOf("logit")).toEqual(expect.any(Number));
  });

  it("takes the names of classes", async () => {
    const args = ["models", "import", join(keras3, "softmax5.h5"), "--name", "five", "--profile", "btsbot-v1"];
    const unnamed = await run(args, { cache });
    expect(unnamed.status).toBe(1);
    expect(unnamed.stderr).toContain("--classes");
    const classes = ["--classes", "AGN,SN,VS,asteroid,bogus"];
    expect(await run([...args, ...classes], { cache })).toMatchObject({ status: 0, stderr: "" });
    const { output } = (await openCache({ cache }).load("five")).definition;
    expect(output).toMatchObject({ kind: "classes", classes: ["AGN", "SN", "VS", "asteroid", "bogus"] });
  });

  it("leaves what it read as it was", async () => {
    const path = join(keras3, "sequential.h5");
    const before = readFileSync(path);
    await run(["models", "import", path, "--name", "seq", "--profile", "btsbot-v1"], { cache });
    expect(readFileSync(path).equals(before)).toBe(true);
  });
});
