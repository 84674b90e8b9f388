import { alerceStampClassifier, mmCnn, umCnn } from "@btsbot/model";
import type { ModelDefinition } from "@btsbot/model";
import { registerSimdKernels } from "@btsbot/simd";
import { registerLayers } from "@btsbot/tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SMALL_NETWORKS, smallNetwork } from "../../../../test/support/networks.js";
import { openTfjs, relativeError, watchMemory } from "./openTfjs.js";
import { loadNetwork, makeBatch, trainNetwork, withoutDropout } from "./trainNetwork.js";

let undo: () => void;
beforeAll(async () => {
  await openTfjs();
  registerLayers();
  undo = await registerSimdKernels();
});
afterAll(() => {
  undo();
});

const separable = {
  type: "separableConv2d",
  kernelSize: [3, 3],
  strides: [1, 1],
  depthMultiplier: 1,
  padding: "valid",
  activation: "relu",
  useBias: true,
} as const;

/** Networks of the published kinds; ACAI's is of separable convolutions. */
const NETWORKS: Readonly<Record<string, ModelDefinition>> = {
  "MM-CNN": mmCnn("mm", "0", 14),
  "UM-CNN": umCnn("um", "0", 14),
  "ALeRCE's": alerceStampClassifier(),
  "ACAI's": smallNetwork(
    15,
    [
      { ...separable, name: "conv1", inputs: ["triplet"], filters: 16 },
      { ...separable, name: "conv2", inputs: ["conv1"], filters: 16 },
      { type: "maxPooling2d", name: "pool", inputs: ["conv2"], poolSize: [2, 2], strides: [2, 2], padding: "valid" },
      { ...separable, name: "conv3", inputs: ["pool"], filters: 32 },
      { type: "globalAveragePooling2d", name: "average", inputs: ["conv3"] },
    ],
    "average",
  ),
  ...SMALL_NETWORKS,
};

describe.each(Object.entries(NETWORKS))("%s network", (_, definition) => {
  it("is trained as on the cpu backend", async () => {
    const quiet = withoutDropout(definition);
    await tf.setBackend("cpu");
    const cpu = await trainNetwork(quiet, 1, 100);
    await tf.setBackend("wasm");
    const wasm = await trainNetwork(quiet, 1, 100);
    expect(wasm.losses[0]).toBeCloseTo(cpu.losses[0], 4);
    wasm.changes.forEach((change, place) => expect(relativeError(change, cpu.changes[place])).toBeLessThan(1e-3));
    expect(
      cpu.changes.some((change) => change.some((value) => value !== 0)),
      "weights change",
    ).toBe(true);
    // The cpu backend takes most of this time.
  }, 200_000);

  it("is fitted with dropout and Adam", async () => {
    await tf.setBackend("wasm");
    const model = await loadNetwork(definition);
    const { inputs, truth, loss } = makeBatch(definition, 6);
    const optimizer = tf.train.adam(0.003);
    model.compile({ optimizer, loss });
    const { history } = await model.fit(inputs, truth, { epochs: 2, batchSize: 4, verbose: 0 });
    expect(history["loss"]).toHaveLength(2);
    for (const value of history["loss"]) expect(Number.isFinite(value)).toBe(true);
    tf.dispose([inputs, truth]);
    model.dispose();
    optimizer.dispose();
  });
});

describe("200 steps of training", () => {
  it("leave no tensor and no memory behind, and learn", async () => {
    await tf.setBackend("wasm");
    const before = tf.memory().numTensors;
    const definition = mmCnn("mm", "0", 14);
    const model = await loadNetwork(definition);
    const { inputs, truth, loss } = makeBatch(definition, 8);
    const optimizer = tf.train.adam(0.001);
    model.compile({ optimizer, loss });
    const losses: number[] = [];
    // The first steps make the optimizer's own tensors.
    for (let step = 0; step < 5; step++) losses.push((await model.trainOnBatch(inputs, truth)) as number);
    const memory = watchMemory();
    for (let step = 0; step < 3; step++) await model.trainOnBatch(inputs, truth);
    const start = { tensors: tf.memory(), inUse: memory.inUse(), bytes: memory.bytes() };
    for (let step = 0; step < 200; step++) losses.push((await model.trainOnBatch(inputs, truth)) as number);
    expect(tf.memory().numTensors).toBe(start.tensors.numTensors);
    expect(tf.memory().numBytes).toBe(start.tensors.numBytes);
    expect(tf.memory().numDataBuffers).toBe(start.tensors.numDataBuffers);
    expect(memory.inUse()).toBe(start.inUse);
    expect(memory.bytes()).toBe(start.bytes);
    memory.stop();
    expect(Math.min(...losses.slice(-10))).toBeLessThan(losses[0]);
    tf.dispose([inputs, truth]);
    model.dispose();
    optimizer.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
