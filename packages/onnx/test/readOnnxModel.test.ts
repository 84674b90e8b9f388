import { createHash } from "node:crypto";
import { checkWeights, initializeWeights, inferShapes, toKerasConfig, weightSpecs } from "@btsbot/model";
import { readOnnxModel } from "@btsbot/onnx";
import { createTfjsEngine } from "@btsbot/tfjs";
import { exportOnnx } from "@btsbot/weights";
import { describe, expect, it } from "vitest";
import { INPUTS, makeFile, makeWeights } from "./makeFile.js";

const OPTIONS = {
  name: "made",
  version: "2",
  inputs: INPUTS,
  output: { kind: "score", layer: "logits" },
  layout: "nchw",
  activation: "sigmoid",
} as const;
const FILE = makeFile(makeWeights(1));

describe("readOnnxModel", () => {
  it("takes what fetch and a file give, and says what is not bytes", async () => {
    const { sha256 } = await readOnnxModel(FILE, OPTIONS);
    for (const input of [new Blob([new Uint8Array(FILE)]), new Uint8Array(FILE).buffer, new DataView(FILE.buffer)])
      expect((await readOnnxModel(input, OPTIONS)).sha256).toBe(sha256);
    const read = readOnnxModel("made.onnx" as unknown as Uint8Array, OPTIONS);
    await expect(read).rejects.toMatchObject({ code: "input-invalid", path: "made" });
  });

  it("keeps the file, hashes it, and says where it comes from", async () => {
    const source = { license: "MIT", url: "https://example.org/made.onnx" };
    const model = await readOnnxModel(FILE, { ...OPTIONS, source });
    expect(model).toMatchObject({
      definition: {
        name: "made",
        version: "2",
        inputs: INPUTS,
        layers: [],
        onnx: { layout: "nchw", activation: "sigmoid" },
      },
      sha256: createHash("sha256").update(FILE).digest("hex"),
      source,
    });
    expect(model.onnx).toBe(FILE);
    expect(model.weights.size).toBe(0);
    expect(await readOnnxModel(FILE, OPTIONS)).not.toHaveProperty("source");
  });

  it("refuses a file that was cut short, wherever the cut is", async () => {
    for (let length = 0; length < FILE.length; length += length < 64 || length > FILE.length - 64 ? 1 : 997) {
      await expect(readOnnxModel(FILE.subarray(0, length), OPTIONS), `${length} bytes`).rejects.toMatchObject({
        code: "onnx-invalid",
        path: "made",
      });
    }
  });

  it("says how much of a file is there", async () => {
    await expect(readOnnxModel(FILE.subarray(0, 1000), OPTIONS)).rejects.toMatchObject({
      message: expect.stringContaining("the file ends before it should"),
      got: "1000 bytes",
    });
  });

  it.each([
    [
      "a Git LFS pointer",
      "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n",
      'text that begins with "version https://"',
    ],
    ["a page", "<!DOCTYPE html><html></html>", 'text that begins with "<!DOCTYPE html><"'],
  ])("refuses %s, and says what it may be", async (_, text, got) => {
    await expect(readOnnxModel(new TextEncoder().encode(text), OPTIONS)).rejects.toMatchObject({
      code: "onnx-invalid",
      got,
      message: expect.stringContaining("Git LFS"),
    });
  });

  it.each([
    ["nothing", []],
    ["a protobuf that begins with another field", [0x3a, 0]],
    ["a version without a graph", [8, 7]],
    ["a value of a kind that protobuf does not have", [8, 7, 0x3f, 0]],
    ["a number without an end", [8, ...Array<number>(12).fill(0xff)]],
    ["the beginning of a zip archive", [0x50, 0x4b, 3, 4, 20, 0, 0, 0]],
  ])("refuses %s", async (_, bytes) => {
    await expect(readOnnxModel(Uint8Array.from(bytes), OPTIONS)).rejects.toMatchObject({ code: "onnx-invalid" });
  });
});

describe("what reads layers, given an ONNX file", () => {
  it.each([
    ["inferShapes", inferShapes],
    ["weightSpecs", weightSpecs],
    ["toKerasConfig", toKerasConfig],
    ["initializeWeights", (definition: Parameters<typeof inferShapes>[0]) => initializeWeights(definition, 1)],
    ["checkWeights", (definition: Parameters<typeof inferShapes>[0]) => checkWeights(definition, new Map())],
  ])("%s says that there are none", async (_, read) => {
    const { definition } = await readOnnxModel(FILE, OPTIONS);
    expect(() => read(definition)).toThrow(
      expect.objectContaining({
        code: "model-invalid",
        path: "made",
        message: expect.stringContaining("@btsbot/onnx"),
      }),
    );
  });

  it("exportOnnx and the tfjs engine say so too", async () => {
    const model = await readOnnxModel(FILE, OPTIONS);
    expect(() => exportOnnx(model)).toThrow(expect.objectContaining({ code: "model-invalid" }));
    const engine = createTfjsEngine({ backend: "cpu" });
    expect(await engine.canRun(model.definition)).toContain("@btsbot/onnx");
    await expect(engine.prepare(model)).rejects.toMatchObject({ code: "model-invalid", path: "made" });
  });
});
