import { createModel, entropyRegularizedLoss, inputLength, outputLength } from "@btsbot/model";
import type { Layer, ModelDefinition, Weights } from "@btsbot/model";
import { createTfjsTrainer } from "@btsbot/tfjs";
import type { TrainingBatch } from "@btsbot/tfjs";
import { enableProdMode, memory, setBackend } from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import { beforeAll, describe, expect, it } from "vitest";
import { naiveForward } from "../../../test/support/naiveForward.js";
import { noise, noisyWeights, SMALL_NETWORKS, smallNetwork } from "../../../test/support/networks.js";

beforeAll(() => {
  // Without this the cpu backend prints a banner.
  enableProdMode();
  return setBackend("cpu");
});

const conv = {
  type: "conv2d",
  kernelSize: [3, 3],
  strides: [1, 1],
  padding: "same",
  activation: "tanh",
  useBias: true,
} as const;
const dense = { type: "dense", activation: "tanh", useBias: true } as const;

/** Each layer that tfjs does not have, or has and the networks above put last, between layers that are trained: the gradient must go through it. */
const THROUGH: Readonly<Record<string, ModelDefinition>> = {
  rotations: smallNetwork(
    5,
    [
      { ...conv, name: "before", inputs: ["triplet"], filters: 2 },
      { type: "rotations", name: "turned", inputs: ["before"] },
      { ...conv, name: "after", inputs: ["turned"], filters: 2, kernelSize: [2, 3] },
      { type: "cyclicPooling", name: "mean", inputs: ["after"] },
      { type: "flatten", name: "flat", inputs: ["mean"] },
    ],
    "flat",
  ),
  cyclicPooling: smallNetwork(
    4,
    [
      { type: "rotations", name: "turned", inputs: ["triplet"] },
      { type: "flatten", name: "flat", inputs: ["turned"] },
      { ...dense, name: "before", inputs: ["flat"], units: 3 },
      { type: "cyclicPooling", name: "mean", inputs: ["before"] },
      { ...dense, name: "after", inputs: ["mean"], units: 2 },
    ],
    "after",
  ),
  clip: smallNetwork(
    3,
    [
      { ...dense, name: "before", inputs: ["metadata"], units: 4, activation: "linear" },
      {
        type: "clip",
        name: "clip",
        inputs: ["before"],
        bounds: [
          [-0.3, 0.4],
          [null, 0.1],
          [-0.1, null],
          [null, null],
        ],
      },
      { ...dense, name: "after", inputs: ["clip"], units: 3 },
    ],
    "after",
  ),
  standardize: smallNetwork(
    3,
    [
      { ...dense, name: "before", inputs: ["metadata"], units: 4 },
      { type: "standardize", name: "standard", inputs: ["before"] },
      { ...dense, name: "after", inputs: ["standard"], units: 3 },
    ],
    "after",
  ),
  zeroPadding2d: smallNetwork(
    4,
    [
      { ...conv, name: "before", inputs: ["triplet"], filters: 2 },
      {
        type: "zeroPadding2d",
        name: "pad",
        inputs: ["before"],
        padding: [
          [1, 2],
          [0, 3],
        ],
      },
      { ...conv, name: "after", inputs: ["pad"], filters: 2, padding: "valid" },
      { type: "flatten", name: "flat", inputs: ["after"] },
    ],
    "flat",
  ),
};

const NETWORKS = { ...SMALL_NETWORKS, ...THROUGH };
const COUNT = 3;

/** Without what behaves otherwise in training; those layers have tests of their own. */
function atInference(definition: ModelDefinition): ModelDefinition {
  const layers = definition.layers.map((layer): Layer => {
    if (layer.type === "batchNormalization") return { type: "standardize", name: layer.name, inputs: layer.inputs };
    return layer.type === "dropout" ? { ...layer, rate: 0 } : layer;
  });
  return { ...definition, layers };
}

function makeBatch(definition: ModelDefinition): TrainingBatch {
  const inputs = Object.fromEntries(
    definition.inputs.map((input, place) => [input.name, noise(COUNT * inputLength(input), 3 + place)]),
  );
  const length = outputLength(definition.output);
  const targets = length === 1 ? Float32Array.of(0, 1, 0.3) : noise(COUNT * length, 8).map(Math.abs);
  for (let alert = 0; length > 1 && alert < COUNT; alert++) {
    const own = targets.subarray(alert * length, (alert + 1) * length);
    const total = own.reduce((sum, value) => sum + value, 0);
    own.forEach((value, place) => (own[place] = value / total));
  }
  return { inputs, count: COUNT, targets, weights: Float32Array.of(0.5, 2, 1) };
}

/** The loss by its definition, in float64, from the probabilities of plain loops. */
function lossOf(
  definition: ModelDefinition,
  weights: Weights,
  { inputs, targets, weights: each }: TrainingBatch,
  beta: number,
): number {
  const length = outputLength(definition.output);
  let sum = 0;
  for (let alert = 0; alert < COUNT; alert++) {
    const own = Object.fromEntries(
      definition.inputs.map((input) => [
        input.name,
        inputs[input.name].subarray(alert * inputLength(input), (alert + 1) * inputLength(input)),
      ]),
    );
    const answer = [...naiveForward(definition, weights, own)];
    const wanted = [...targets.subarray(alert * length, (alert + 1) * length)];
    const probabilities = length === 1 ? [1 - answer[0], answer[0]] : answer;
    const desired = length === 1 ? [1 - wanted[0], wanted[0]] : wanted;
    const cross = -desired.reduce((total, value, place) => total + value * Math.log(probabilities[place]), 0);
    const entropy = -probabilities.reduce((total, value) => total + value * Math.log(value), 0);
    sum += each[alert] * (cross - beta * entropy);
  }
  return sum / COUNT;
}

describe.each(Object.entries(NETWORKS))("gradients through %s", (_, given) => {
  const definition = atInference(given);
  // Batch normalization became standardization, whose weights noise fills as well.
  const weights = noisyWeights(definition, 5);

  it.each([0, 0.5])("are those that differences give, with beta %d", async (beta) => {
    const batch = makeBatch(definition);
    const trainer = await createTfjsTrainer(await createModel(definition, weights), { beta });
    const { loss, gradients } = await trainer.computeGradients(batch, 1);
    trainer.dispose();
    expect(loss).toBeCloseTo(lossOf(definition, weights, batch, beta), 5);
    expect([...gradients.keys()].sort()).toEqual(
      [...weights.keys()].filter((name) => !/mean$|deviation$/.test(name)).sort(),
    );
    let checked = 0;
    for (const [name, gradient] of gradients) {
      const { values } = weights.get(name)!;
      for (let place = 0; place < values.length; place += Math.ceil(values.length / 12)) {
        const before = values[place];
        const at = (value: number): [number, number] => (
          (values[place] = value),
          [values[place], lossOf(definition, weights, batch, beta)]
        );
        const [high, above] = at(before + 2e-4);
        const [low, below] = at(before - 2e-4);
        values[place] = before;
        expect(gradient[place], `${name}[${place}]`).toBeCloseTo((above - below) / (high - low), 5);
        checked += 1;
      }
    }
    expect(checked).toBeGreaterThan(5);
    // A gradient of zeros would agree with a network that does nothing.
    expect([...gradients.values()].every((values) => values.some((value) => value !== 0))).toBe(true);
  });
});

describe("createTfjsTrainer", () => {
  const classes = SMALL_NETWORKS["five classes"];

  it("has the loss of @btsbot/model", async () => {
    const trainer = await createTfjsTrainer(await createModel(classes, noisyWeights(classes, 5)), { beta: 0.7 });
    const targets = Float32Array.from([0, 0, 1, 0, 0, 1, 0, 0, 0, 0]);
    const { loss, logits } = await trainer.computeGradients(
      { inputs: { metadata: noise(6, 1) }, count: 2, targets, weights: Float32Array.of(1, 1) },
      1,
    );
    trainer.dispose();
    expect(loss).toBeCloseTo(entropyRegularizedLoss(logits, [2, 0], 0.7), 6);
  });

  it("has finite gradients where the answer is 0 or 1 to the last bit", async () => {
    const weights = noisyWeights(classes, 5);
    weights.get("softmax/bias")!.values.set([200, -200, 0, 0, 0]);
    const trainer = await createTfjsTrainer(await createModel(classes, weights), { beta: 0.5 });
    const batch = {
      inputs: { metadata: noise(3, 1) },
      count: 1,
      targets: Float32Array.of(0, 1, 0, 0, 0),
      weights: Float32Array.of(1),
    };
    const { loss, gradients } = await trainer.computeGradients(batch, 1);
    trainer.dispose();
    expect(loss).toBeGreaterThan(390);
    expect([...gradients.values()].every((values) => values.every(Number.isFinite))).toBe(true);
  });

  it("drops by the seed alone, the share that is asked for, and keeps the mean", async () => {
    const definition: ModelDefinition = {
      name: "drop",
      version: "0",
      inputs: [{ kind: "features", name: "metadata", profile: "btsbot-v1", length: 2000 }],
      layers: [
        { type: "dropout", name: "drop", inputs: ["metadata"], rate: 0.3 },
        { type: "dense", name: "out", inputs: ["drop"], units: 1, activation: "sigmoid", useBias: false },
      ],
      output: { kind: "score", layer: "out" },
    };
    const weights: Weights = new Map([["out/kernel", { shape: [2000, 1], values: new Float32Array(2000).fill(1) }]]);
    const trainer = await createTfjsTrainer(await createModel(definition, weights));
    const batch = {
      inputs: { metadata: new Float32Array(2000).fill(1) },
      count: 1,
      targets: Float32Array.of(0),
      weights: Float32Array.of(1),
    };
    const kept = async (seed: number) =>
      (await trainer.computeGradients(batch, seed)).gradients.get("out/kernel")!.map((value) => Math.sign(value));
    const first = await kept(1);
    expect(await kept(1)).toEqual(first);
    const count = first.reduce((sum, value) => sum + value, 0);
    expect(Math.abs(count - 1400)).toBeLessThan(80);
    for (const seed of [2, 3, -1, 2 ** 31]) {
      const other = await kept(seed);
      // Of two masks that know nothing of each other 0.49 + 0.09 of the places agree, also when one is shifted.
      for (const shift of [-2, -1, 0, 1, 2]) {
        const agree = other.filter((value, place) => value === first[place + shift]).length;
        expect(Math.abs(agree / 2000 - 0.58)).toBeLessThan(0.06);
      }
    }
    expect((await trainer.computeGradients(batch, 1)).logits[0]).toBeCloseTo(count / 0.7, 2);
    expect((await trainer.predictLogits(batch.inputs, 1))[0]).toBe(2000);
    trainer.dispose();
  });

  it("normalizes by the batch in training, with its gradient, and moves its statistics", async () => {
    const definition: ModelDefinition = {
      name: "norm",
      version: "0",
      inputs: [{ kind: "features", name: "metadata", profile: "btsbot-v1", length: 2 }],
      layers: [
        { type: "dense", name: "before", inputs: ["metadata"], units: 2, activation: "linear", useBias: false },
        { type: "batchNormalization", name: "norm", inputs: ["before"], epsilon: 0.001, momentum: 0.9 },
        { type: "dense", name: "out", inputs: ["norm"], units: 1, activation: "sigmoid", useBias: true },
      ],
      output: { kind: "score", layer: "out" },
    };
    const weights = noisyWeights(definition, 4);
    const metadata = noise(8, 2);
    const batch = {
      inputs: { metadata },
      count: 4,
      targets: Float32Array.of(0, 1, 1, 0),
      weights: new Float32Array(4).fill(1),
    };
    const moments = () => {
      const kernel = weights.get("before/kernel")!.values;
      const columns = [0, 1].map((unit) =>
        [0, 1, 2, 3].map((row) => metadata[2 * row] * kernel[unit] + metadata[2 * row + 1] * kernel[2 + unit]),
      );
      return columns.map((column) => {
        const mean = column.reduce((sum, value) => sum + value, 0) / 4;
        return { column, mean, variance: column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 4 };
      });
    };
    const loss = () => {
      const value = (name: string, place: number) => weights.get(name)!.values[place];
      const logits = [0, 1, 2, 3].map((row) =>
        moments().reduce(
          (sum, { column, mean, variance }, unit) => {
            const normed =
              ((column[row] - mean) / Math.sqrt(variance + 0.001)) * value("norm/gamma", unit) +
              value("norm/beta", unit);
            return sum + normed * value("out/kernel", unit);
          },
          value("out/bias", 0),
        ),
      );
      return logits.reduce((sum, logit, row) => sum + Math.log1p(Math.exp(logit)) - batch.targets[row] * logit, 0) / 4;
    };
    const trainer = await createTfjsTrainer(await createModel(definition, weights));
    const { gradients, loss: got } = await trainer.computeGradients(batch, 1);
    expect(got).toBeCloseTo(loss(), 6);
    for (const [name, gradient] of gradients) {
      const { values } = weights.get(name)!;
      gradient.forEach((derivative, place) => {
        const before = values[place];
        const at = (moved: number): [number, number] => ((values[place] = moved), [values[place], loss()]);
        const [high, above] = at(before + 1e-3);
        const [low, below] = at(before - 1e-3);
        values[place] = before;
        expect(derivative, `${name}[${place}]`).toBeCloseTo((above - below) / (high - low), 4);
      });
    }
    const after = await trainer.getWeights();
    trainer.dispose();
    moments().forEach(({ mean, variance }, unit) => {
      const moved = (name: string, value: number) =>
        expect(after.get(name)!.values[unit]).toBeCloseTo(0.9 * weights.get(name)!.values[unit] + 0.1 * value, 5);
      moved("norm/moving_mean", mean);
      moved("norm/moving_variance", variance);
    });
  });

  it("takes weights and gives them back, and holds no more after many steps", async () => {
    const definition = SMALL_NETWORKS["convolution, same, odd kernel"];
    const empty = memory().numTensors;
    const trainer = await createTfjsTrainer(await createModel(definition, noisyWeights(definition, 5)));
    const other = noisyWeights(definition, 6);
    trainer.setWeights(new Map([...other].map(([name, { values }]) => [name, values])));
    expect(await trainer.getWeights()).toEqual(other);
    const batch = makeBatch(definition);
    const held = memory().numTensors;
    for (let step = 0; step < 4; step++) {
      await trainer.computeGradients(batch, step);
      await trainer.predictLogits(batch.inputs, COUNT);
      const bad = { ...batch, targets: new Float32Array(1) };
      await expect(trainer.computeGradients(bad, 0)).rejects.toMatchObject({ code: "input-shape", path: "targets" });
    }
    expect(memory().numTensors).toBe(held);
    trainer.dispose();
    expect(memory().numTensors).toBe(empty);
  });

  it("refuses a network that does not end in its activation", async () => {
    const last = classes.layers[0] as Extract<Layer, { type: "dense" }>;
    const definition: ModelDefinition = { ...classes, layers: [{ ...last, activation: "linear" }] };
    const model = await createModel(definition, noisyWeights(definition, 1));
    await expect(createTfjsTrainer(model)).rejects.toMatchObject({
      code: "model-invalid",
      expected: "softmax",
      got: "linear",
    });
  });

  it("says which kernels a backend lacks, unless the caller brings them", async () => {
    await setBackend("wasm");
    const definition = SMALL_NETWORKS["convolution, same, odd kernel"];
    const model = await createModel(definition, noisyWeights(definition, 5));
    await expect(createTfjsTrainer(model)).rejects.toMatchObject({
      code: "backend-unavailable",
      got: "no Conv2DBackpropFilter",
    });
    const asked: string[] = [];
    const prepareBackend = async (backend: string) => {
      asked.push(backend);
      await setBackend("cpu");
    };
    const trainer = await createTfjsTrainer(model, { prepareBackend });
    expect([asked, trainer.backend]).toEqual([["wasm"], "cpu"]);
    trainer.dispose();
  });
});
