import { createModel, initializeWeights, mmCnn } from "@btsbot/model";
import type { Batch, Model, ModelOutput, PreparedModel } from "@btsbot/model";
import { createOnnxEngine, readOnnxModel } from "@btsbot/onnx";
import type { OnnxModelOptions, OnnxRuntime, OnnxValue } from "@btsbot/onnx";
import * as node from "onnxruntime-node";
import * as web from "onnxruntime-web";
import { describe, expect, it } from "vitest";
import { noise } from "../../../test/support/networks.js";
import { FEATURES, INPUTS, makeFile, makeWeights, naiveLogits, PLANES, SIZE } from "./makeFile.js";

web.env.wasm.numThreads = 1;

const SCORE = { kind: "score", layer: "logits" } as const;
const PIXELS = PLANES * SIZE * SIZE;
const OPTIONS: OnnxModelOptions = {
  name: "made",
  version: "2",
  inputs: INPUTS,
  output: SCORE,
  layout: "nchw",
  activation: "sigmoid",
};
/** float32 against float64, of some twelve thousand terms whose sum is of order 1. */
const TOLERANCE = 1e-5;

const makeBatch = (count: number): Batch => ({ image: noise(count * PIXELS, 5), metadata: noise(count * FEATURES, 6) });

async function prepare(
  file: Uint8Array,
  options: Partial<OnnxModelOptions> = {},
  ort: OnnxRuntime = node,
): Promise<PreparedModel> {
  return createOnnxEngine({ ort, sessionOptions: { logSeverityLevel: 4 } }).prepare(
    await readOnnxModel(file, { ...OPTIONS, ...options }),
  );
}

function truth(weights: ReturnType<typeof makeWeights>, batch: Batch, alert: number): number[] {
  const part = (name: string, length: number) => batch[name].subarray(alert * length, (alert + 1) * length);
  return naiveLogits(weights, part("image", PIXELS), part("metadata", FEATURES));
}

describe.each<[string, OnnxRuntime]>([
  ["onnxruntime-node", node],
  ["onnxruntime-web", web],
])("a file with planes first and logits out, on %s", (name, ort) => {
  it("gives the sigmoid of what loops in float64 give", async () => {
    const weights = makeWeights(1);
    const batch = makeBatch(3);
    const prepared = await prepare(makeFile(weights), {}, ort);
    const scores = await prepared.predict(batch, 3);
    expect(scores).toHaveLength(3);
    scores.forEach((score, alert) => {
      expect(Math.abs(score - 1 / (1 + Math.exp(-truth(weights, batch, alert)[0])))).toBeLessThan(TOLERANCE);
    });
    // Scores that differ, and are not all at an end.
    expect(new Set(Array.from(scores, (score) => score.toFixed(2))).size).toBe(3);
    expect(prepared.backend).toMatch(new RegExp(`^${name} \\d+\\.`));
    prepared.dispose();
  });

  it("gives the softmax of classes", async () => {
    const weights = makeWeights(4);
    const batch = makeBatch(2);
    const output: ModelOutput = { kind: "classes", layer: "logits", classes: ["a", "b", "c", "d"] };
    const prepared = await prepare(makeFile(weights), { output, activation: "softmax" }, ort);
    const answers = await prepared.predict(batch, 2);
    for (let alert = 0; alert < 2; alert++) {
      const powers = truth(weights, batch, alert).map(Math.exp);
      const sum = powers.reduce((a, b) => a + b);
      powers.forEach((power, place) =>
        expect(Math.abs(answers[4 * alert + place] - power / sum)).toBeLessThan(TOLERANCE),
      );
    }
    prepared.dispose();
  });
});

describe("what comes out", () => {
  const flat = { image: new Float32Array(PIXELS), metadata: new Float32Array(FEATURES) };
  const withBias = (...bias: number[]) => makeFile({ ...makeWeights(bias.length), bias: Float32Array.from(bias) });

  it.each([
    [-200, 0],
    [200, 1],
    [-20, Math.exp(-20)],
    [0, 0.5],
  ])("a logit of %d is a score of %d", async (logit, score) => {
    const [got] = await (await prepare(withBias(logit))).predict(flat, 1);
    expect(Math.abs(got - score)).toBeLessThanOrEqual(1e-7 * score);
  });

  it("logits of classes may be large", async () => {
    const output: ModelOutput = { kind: "classes", layer: "logits", classes: ["a", "b", "c"] };
    const prepared = await prepare(withBias(1000, 1000, -1000), { output, activation: "softmax" });
    expect([...(await prepared.predict(flat, 1))]).toEqual([0.5, 0.5, 0]);
  });

  it("a logit that is not finite gives NaN, not a score of 0 or 1", async () => {
    const prepared = await prepare(makeFile({ ...makeWeights(1), metadata: new Float32Array(FEATURES).fill(3e38) }));
    const up = new Float32Array(FEATURES).fill(1);
    expect([...(await prepared.predict({ ...flat, metadata: up }, 1))]).toEqual([NaN]);
    expect([...(await prepared.predict({ ...flat, metadata: up.map((value) => -value) }, 1))]).toEqual([NaN]);
  });

  it("a logit that is said to be a probability comes out as it is: core makes no score of it", async () => {
    const prepared = await prepare(withBias(3), { activation: "linear" });
    expect([...(await prepared.predict(flat, 1))]).toEqual([3]);
  });

  it("several networks may run at once, on one engine", async () => {
    const engine = createOnnxEngine({ ort: web });
    const models = await Promise.all([-1, 0, 1].map((bias) => readOnnxModel(withBias(bias), OPTIONS)));
    const prepared = await Promise.all(models.map((model) => engine.prepare(model)));
    const answers = await Promise.all([...prepared, ...prepared].map((each) => each.predict(flat, 1)));
    const scores = answers.map(([score]) => score);
    expect(scores.slice(0, 3)).toEqual(scores.slice(3));
    [-1, 0, 1].forEach((bias, place) => expect(scores[place]).toBeCloseTo(1 / (1 + Math.exp(-bias)), 6));
  });
});

describe("what a file and its definition may disagree on", () => {
  const file = makeFile(makeWeights(1));
  const [image, metadata] = INPUTS;

  it("names: everything at once", async () => {
    const inputs = [{ ...image, name: "triplet" }, metadata] as const;
    const error: unknown = await prepare(file, { inputs, output: { kind: "score", layer: "score" } }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({
      code: "onnx-invalid",
      problems: [
        { path: "image", message: expect.stringContaining("the file has an input that the definition does not have") },
        { path: "triplet", message: expect.stringContaining("the file has no such input"), got: "image, metadata" },
        { path: "score", message: expect.stringContaining("the file has no such output"), got: "logits" },
      ],
    });
  });

  it.each<[string, Partial<OnnxModelOptions>, string, string, string]>([
    ["the order of an image's axes", { layout: "nhwc" }, "image", "(N, 63, 63, 3)", "(batch, 3, 63, 63)"],
    [
      "an image's size",
      { inputs: [{ ...image, preprocessing: { normalization: "l2", size: 21 } } as typeof image, metadata] },
      "image",
      "(N, 3, 21, 21)",
      "(batch, 3, 63, 63)",
    ],
    [
      "the number of features",
      { inputs: [image, { ...metadata, length: 14 } as typeof metadata] },
      "metadata",
      "(N, 14)",
      "(batch, 25)",
    ],
    [
      "the number of classes",
      { output: { kind: "classes", layer: "logits", classes: ["a", "b"] } },
      "logits",
      "(N, 2)",
      "(batch, 1)",
    ],
  ])("%s", async (_, options, path, expected, got) => {
    await expect(prepare(file, options)).rejects.toMatchObject({ code: "onnx-invalid", path, expected, got });
  });

  it("a batch of one length only", async () => {
    const fixed = makeFile(makeWeights(1), {
      inputs: [
        { name: "image", shape: [1, PLANES, SIZE, SIZE] },
        { name: "metadata", shape: [1, FEATURES] },
      ],
      outputs: [{ name: "logits", shape: [1, 1] }],
    });
    await expect(prepare(fixed)).rejects.toMatchObject({
      code: "onnx-invalid",
      path: "image",
      got: "(1, 3, 63, 63)",
      message: expect.stringContaining("dynamic_axes"),
    });
  });

  it("what the runtime does not know", async () => {
    const strange = makeFile(makeWeights(1), {
      nodes: [{ operator: "Guess", name: "logits", inputs: ["image", "metadata"], outputs: ["logits"] }],
    });
    await expect(prepare(strange)).rejects.toMatchObject({
      code: "onnx-invalid",
      path: "made",
      got: expect.stringContaining("Guess"),
    });
  });

  it("layers in place of a file", async () => {
    const definition = mmCnn("mm");
    const model = await createModel(definition, initializeWeights(definition, 1));
    const engine = createOnnxEngine({ ort: node });
    expect(await engine.canRun(definition)).toContain("@btsbot/tfjs");
    await expect(engine.prepare(model)).rejects.toMatchObject({ code: "engine-unavailable", path: "mm" });
    const { definition: made } = await readOnnxModel(file, OPTIONS);
    expect(await engine.canRun(made)).toBe(true);
    await expect(
      engine.prepare({ definition: made, weights: new Map(), sha256: "", definitionSha256: "" }),
    ).rejects.toMatchObject({
      code: "onnx-invalid",
      message: expect.stringContaining("readOnnxModel"),
    });
  });
});

/** A runtime that notes what is asked of it; its network gives 0.5, or what `give` says. */
function fakeRuntime(
  describe: { inputs?: OnnxValue[]; outputs?: OnnxValue[] } = {},
  give = (count: number): ArrayLike<unknown> => new Float32Array(count).fill(0.5),
) {
  const log: string[] = [];
  const fed: ArrayLike<unknown>[] = [];
  class Tensor {
    constructor(
      readonly type: string,
      readonly data: ArrayLike<unknown>,
      readonly dims: readonly number[],
    ) {}
  }
  const pause = () => new Promise((resolve) => setTimeout(resolve, 1));
  const ort: OnnxRuntime = {
    Tensor,
    InferenceSession: {
      create: async (bytes, options) => {
        log.push(`create ${JSON.stringify(options)}`);
        await pause();
        fed.push(bytes);
        return {
          inputNames: ["image", "metadata"],
          outputNames: ["logits", "embedding"],
          ...(describe.inputs && { inputMetadata: describe.inputs }),
          ...(describe.outputs && { outputMetadata: describe.outputs }),
          run: async (feeds, outputs) => {
            log.push(`run ${outputs.join()}`);
            await pause();
            log.push("ran");
            fed.push(...Object.values(feeds).map(({ data }) => data));
            const [count] = feeds.metadata.dims;
            return { logits: new Tensor("float32", give(count), [count, 1]) };
          },
          release: async () => {
            log.push("release");
          },
        };
      },
    },
  };
  return { ort, log, fed };
}

describe("what is asked of the runtime", () => {
  const file = makeFile(makeWeights(1));
  const made = (): Promise<Model> => readOnnxModel(file, { ...OPTIONS, activation: "linear" });

  it("one thing after another, with the caller's options, and one release", async () => {
    const { ort, log } = fakeRuntime();
    const prepared = await createOnnxEngine({ ort, sessionOptions: { intraOpNumThreads: 1 } }).prepare(await made());
    const running = [prepared.predict(makeBatch(1), 1), prepared.predict(makeBatch(2), 2)];
    prepared.dispose();
    prepared.dispose();
    expect((await Promise.all(running)).map((scores) => [...scores])).toEqual([[0.5], [0.5, 0.5]]);
    await new Promise((resolve) => setTimeout(resolve));
    expect(log).toEqual(['create {"intraOpNumThreads":1}', "run logits", "ran", "run logits", "ran", "release"]);
    expect(prepared.backend).toBe("onnxruntime");
  });

  it("nothing that is the caller's is handed over", async () => {
    const { ort, fed } = fakeRuntime();
    const model = await made();
    const batch = makeBatch(2);
    const prepared = await createOnnxEngine({ ort }).prepare(model);
    await prepared.predict(batch, 2);
    expect(fed).toHaveLength(3);
    for (const given of [model.onnx!, batch.image, batch.metadata]) expect(fed).not.toContain(given);
    expect(fed[0]).toEqual(file);
    expect(fed[2]).toEqual(batch.metadata);
  });

  it("what rounding puts outside 0 to 1 is brought back, and what is no probability stays as it is", async () => {
    const { ort } = fakeRuntime({}, () => Float32Array.of(0.25, 1.01, -0.01, 1.0005, 0.75));
    const prepared = await createOnnxEngine({ ort }).prepare(await made());
    expect([...(await prepared.predict(makeBatch(5), 5))]).toEqual([0.25, 1.01, -0.01, 1, 0.75].map(Math.fround));
  });

  it("a failure leaves the next prediction be", async () => {
    const { ort } = fakeRuntime({}, (count) => {
      if (count === 2) throw new Error("out of memory");
      return new Float32Array(count);
    });
    const prepared = await createOnnxEngine({ ort }).prepare(await made());
    const [bad, good] = [prepared.predict(makeBatch(2), 2), prepared.predict(makeBatch(1), 1)];
    await expect(bad).rejects.toThrow("out of memory");
    expect([...(await good)]).toEqual([0]);
  });

  it.each<[string, OnnxValue[], OnnxValue[], string, string]>([
    ["another type of input", [{ name: "metadata", type: "float16", shape: ["N", 25] }], [], "metadata", "float16"],
    ["what is no tensor", [], [{ name: "logits" }], "logits", "no tensor"],
    ["a shape without a batch axis", [{ name: "metadata", type: "float32", shape: [25] }], [], "metadata", "(25)"],
  ])("%s is refused, and the session released", async (_, inputs, outputs, path, got) => {
    const { ort, log } = fakeRuntime({ inputs, outputs });
    await expect(createOnnxEngine({ ort }).prepare(await made())).rejects.toMatchObject({
      code: "onnx-invalid",
      path,
      got,
    });
    expect(log.at(-1)).toBe("release");
  });

  it.each<[string, OnnxValue]>([
    ["(N)", { name: "logits", type: "float32", shape: ["N"] }],
    ["(-1, 1)", { name: "logits", type: "float32", shape: [-1, 1] }],
    ["(N, unknown)", { name: "logits", type: "float32", shape: ["N", ""] }],
  ])("a score of shape %s is taken", async (_, output) => {
    const prepared = await createOnnxEngine({ ort: fakeRuntime({ outputs: [output] }).ort }).prepare(await made());
    expect([...(await prepared.predict(makeBatch(1), 1))]).toEqual([0.5]);
  });

  it.each<[string, ArrayLike<unknown>]>([
    ["of another length", new Float32Array(3)],
    ["of another type", new Float64Array(1)],
  ])("an answer %s is refused", async (_, answer) => {
    const prepared = await createOnnxEngine({ ort: fakeRuntime({}, () => answer).ort }).prepare(await made());
    await expect(prepared.predict(makeBatch(1), 1)).rejects.toMatchObject({ code: "onnx-invalid", path: "logits" });
  });
});
