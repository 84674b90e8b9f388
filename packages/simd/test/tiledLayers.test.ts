import { createModel, inferShapes, inputLength } from "@btsbot/model";
import type { Activation, Layer, ModelDefinition, Weights } from "@btsbot/model";
import { createSimdEngine } from "@btsbot/simd";
import { describe, expect, it } from "vitest";
import { naiveForward } from "../../../test/support/naiveForward.js";
import { noise, noisyWeights } from "../../../test/support/networks.js";
import { findExtents } from "../src/engine/findExtents.js";
import { findTilings } from "../src/engine/findTilings.js";
import { fuseLayers } from "../src/engine/fuseLayers.js";

const conv = { type: "conv2d", strides: [1, 1], padding: "same", activation: "relu", useBias: true } as const;

/** A network of convolutions one after another, and the classes that it gives. */
function makeDefinition(size: number, layers: readonly Layer[]): ModelDefinition {
  const draft: ModelDefinition = {
    name: "tiled",
    version: "0",
    inputs: [{ kind: "image", name: "triplet", preprocessing: { normalization: "l2", size } }],
    layers: [...layers, { type: "flatten", name: "flat", inputs: [layers.at(-1)!.name] }],
    output: { kind: "classes", layer: "flat", classes: [] },
  };
  const [length] = inferShapes(draft).get("flat")!;
  return { ...draft, output: { kind: "classes", layer: "flat", classes: Array.from({ length }, (_, i) => String(i)) } };
}

async function compare(
  definition: ModelDefinition,
  count: number,
  weights = noisyWeights(definition, 1),
  pixels = noise,
): Promise<number> {
  const length = inputLength(definition.inputs[0]);
  const triplet = pixels(count * length, 2);
  const prepared = await createSimdEngine().prepare(await createModel(definition, weights));
  // Twice: what the first run leaves behind must not matter.
  await prepared.predict({ triplet }, count);
  const answer = await prepared.predict({ triplet }, count);
  prepared.dispose();
  const last = count - 1;
  const truth = naiveForward(definition, weights, { triplet: triplet.subarray(last * length) });
  const scale = truth.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6);
  return truth.reduce((most, value, i) => Math.max(most, Math.abs(answer[last * truth.length + i] - value)), 0) / scale;
}

async function waysOf(
  definition: ModelDefinition,
): Promise<{ readonly points: readonly unknown[]; readonly planar: readonly string[] }> {
  const network = fuseLayers(await createModel(definition, noisyWeights(definition, 1)));
  const extents = findExtents(definition, network);
  const { tilings, planar } = findTilings(
    network.nodes.filter(({ name }) => extents.has(name)),
    extents,
    network.resolve(definition.output.layer),
  );
  return {
    points: network.nodes.filter(({ layer }) => layer.type === "conv2d").map(({ name }) => tilings.get(name)?.points),
    planar: [...planar.keys()],
  };
}

describe("convolutions by tiles that read one another", () => {
  const layers = (activation: Activation): Layer[] => [
    { ...conv, name: "first", inputs: ["triplet"], filters: 32, kernelSize: [5, 5], activation },
    { ...conv, name: "second", inputs: ["first"], filters: 21, kernelSize: [7, 7] },
    { type: "maxPooling2d", name: "pool", inputs: ["second"], poolSize: [2, 2], strides: [2, 2], padding: "valid" },
    { ...conv, name: "third", inputs: ["pool"], filters: 8, kernelSize: [3, 3], padding: "valid" },
    { type: "maxPooling2d", name: "last", inputs: ["third"], poolSize: [3, 3], strides: [3, 3], padding: "valid" },
  ];

  it.each(["linear", "relu", "tanh", "sigmoid"] as const)("are right with %s between them", async (activation) => {
    // 25 tiles of 20 points in the first, more than are worked on at once, the last of them alone in its group of four.
    const definition = makeDefinition(79, layers(activation));
    const { points, planar } = await waysOf(definition);
    expect(points).toEqual([20, 20, 8]);
    // What is applied to pixels afterwards needs them in one piece.
    expect(planar).toEqual(["linear", "relu"].includes(activation) ? ["first", "second"] : ["second"]);
    expect(await compare(definition, 1)).toBeLessThan(1e-5);
  });

  it.each([1, 2, 5])("are right for %i alerts at a time", async (count) => {
    const definition = makeDefinition(31, layers("relu"));
    expect((await waysOf(definition)).points).toEqual([20, 20, 8]);
    expect(await compare(definition, count)).toBeLessThan(1e-5);
  });
});

it.each([
  [7, 7],
  [9, 3],
  [16, 16],
  [20, 20],
  [2, 11],
] as const)("windows of %i x %i go by tiles, and are right", async (height, width) => {
  const definition = makeDefinition(40, [
    { ...conv, name: "first", inputs: ["triplet"], filters: 12, kernelSize: [height, width] },
    { ...conv, name: "last", inputs: ["first"], filters: 5, kernelSize: [height, width], activation: "linear" },
  ]);
  const { points } = await waysOf(definition);
  expect(points.every((each) => each === 20 || each === undefined)).toBe(true);
  expect(await compare(definition, 1)).toBeLessThan(1e-5);
});

it.each([17, 33, 37])("an image of %i pixels that two windows read has room for the zeros of both", async (size) => {
  const definition = makeDefinition(size, [
    { ...conv, name: "first", inputs: ["triplet"], filters: 12, kernelSize: [7, 7] },
    { ...conv, name: "second", inputs: ["first"], filters: 8, kernelSize: [6, 8], activation: "linear" },
    {
      ...conv,
      name: "third",
      inputs: ["first"],
      filters: 8,
      kernelSize: [9, 7],
      padding: "valid",
      activation: "linear",
    },
    { type: "flatten", name: "one", inputs: ["second"] },
    { type: "flatten", name: "other", inputs: ["third"] },
    { type: "concatenate", name: "both", inputs: ["one", "other"] },
  ]);
  const { points, planar } = await waysOf(definition);
  expect(points).toEqual([20, 20, 20]);
  expect(planar).toEqual(["first"]);
  expect(await compare(definition, 3)).toBeLessThan(1e-5);
});

it("an image that Fourier transforms and Winograd's method read is right for both", async () => {
  const definition = makeDefinition(31, [
    { ...conv, name: "first", inputs: ["triplet"], filters: 32, kernelSize: [5, 5] },
    { ...conv, name: "second", inputs: ["first"], filters: 24, kernelSize: [5, 5] },
    { ...conv, name: "third", inputs: ["first"], filters: 8, kernelSize: [3, 3] },
    { type: "flatten", name: "one", inputs: ["second"] },
    { type: "flatten", name: "other", inputs: ["third"] },
    { type: "concatenate", name: "both", inputs: ["one", "other"] },
  ]);
  const { points, planar } = await waysOf(definition);
  expect(points).toEqual([20, 20, 8]);
  expect(planar).toEqual(["first"]);
  expect(await compare(definition, 3)).toBeLessThan(1e-5);
});

describe("channels that are zeros all over", () => {
  /** Alerts that have light in one channel, in a corner, or not at all, in turn. */
  const size = 18;
  const pixels = (length: number, seed: number): Float32Array =>
    noise(length, seed).map((value, i) => {
      const [pixel, alert] = [Math.floor(i / 3) % size ** 2, Math.floor(i / (3 * size ** 2)) % 4];
      const corner = pixel % size < 4 && pixel < 5 * size;
      return [true, i % 3 === alert, corner, false][alert] ? Math.abs(value) : 0;
    });

  /** A network in which so many of a hundred channels of the first layer are never above zero, and others only here and there. */
  const sparseNetwork = (
    side: number,
    filters: number,
    dead: number,
  ): { definition: ModelDefinition; weights: Weights; points: Promise<unknown> } => {
    const definition = makeDefinition(size, [
      { ...conv, name: "first", inputs: ["triplet"], filters, kernelSize: [3, 3], useBias: false },
      { ...conv, name: "second", inputs: ["first"], filters: 13, kernelSize: [side, side] },
      { ...conv, name: "last", inputs: ["second"], filters: 6, kernelSize: [3, 3], activation: "linear" },
    ]);
    const weights = new Map(noisyWeights(definition, 1));
    const { shape, values } = weights.get("first/kernel")!;
    const isDead = (filter: number): boolean => (filter * 37) % 100 < dead;
    weights.set("first/kernel", {
      shape,
      values: values.map((value, i) => (isDead(i % filters) ? -Math.abs(value) : value)),
    });
    return { definition, weights, points: waysOf(definition).then(({ points }) => points[1]) };
  };

  const networks = [3, 4, 5].flatMap((side) =>
    [30, 64].flatMap((filters) => [0, 8, 50, 100].map((dead) => [side, filters, dead] as const)),
  );

  it("go by all kinds of tiles in these tests", async () => {
    const points = await Promise.all(networks.map((each) => sparseNetwork(...each).points));
    expect(new Set(points)).toEqual(new Set([8, 20]));
  });

  it.each(networks)(
    "are right where windows are %i pixels wide, of %i channels, %i of 100 dead",
    async (...network) => {
      const { definition, weights } = sparseNetwork(...network);
      for (const count of [1, 2, 3, 4, 9]) expect(await compare(definition, count, weights, pixels)).toBeLessThan(1e-5);
    },
  );

  it.each(networks)(
    "do not make an alert depend on those beside it, where windows are %i pixels wide, of %i channels, %i of 100 dead",
    async (...network) => {
      const { definition, weights } = sparseNetwork(...network);
      const prepared = await createSimdEngine().prepare(await createModel(definition, weights));
      const length = inputLength(definition.inputs[0]);
      const triplet = pixels(9 * length, 2);
      const together = await prepared.predict({ triplet }, 9);
      for (let i = 0; i < 9; i++) {
        const alone = await prepared.predict({ triplet: triplet.subarray(i * length, (i + 1) * length) }, 1);
        expect(together.subarray(i * alone.length, (i + 1) * alone.length)).toEqual(alone);
      }
      prepared.dispose();
    },
  );
});

it("60 chains of convolutions of any size are right", { timeout: 120_000 }, async () => {
  let state = 7;
  const roll = (limit: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  let between = 0;
  for (let chain = 0; chain < 60; chain++) {
    const size = 24 + roll(30);
    const layers: Layer[] = [];
    for (let i = 0; i < 2 + roll(2); i++) {
      const side = [3, 5, 5, 6, 7, 9][roll(6)];
      const padding = roll(3) === 0 ? "valid" : "same";
      const before = layers.at(-1)?.name ?? "triplet";
      const padded = roll(4) === 0;
      if (padded)
        layers.push({
          type: "zeroPadding2d",
          name: `pad${i}`,
          inputs: [before],
          padding: [
            [roll(4), roll(4)],
            [roll(4), roll(4)],
          ],
        });
      layers.push({
        ...conv,
        name: `conv${i}`,
        inputs: [padded ? `pad${i}` : before],
        filters: 1 + roll(20),
        kernelSize: [side, side],
        padding,
        activation: roll(2) === 0 ? "relu" : "linear",
      });
      if (roll(4) === 0)
        layers.push({
          type: "maxPooling2d",
          name: `pool${i}`,
          inputs: [`conv${i}`],
          poolSize: [2, 2],
          strides: [2, 2],
          padding: "valid",
        });
    }
    const definition = makeDefinition(size, layers);
    const { planar, points } = await waysOf(definition);
    if (planar.length > 0 && points.filter((each) => each === 20).length > 1) between += 1;
    expect(await compare(definition, 1 + roll(3)), JSON.stringify([size, layers])).toBeLessThan(1e-5);
  }
  // Fourier transforms read what tiles wrote, in many of them.
  expect(between).toBeGreaterThan(10);
});

it("kernels that no cache would hold do not go by Fourier transforms", async () => {
  const definition = makeDefinition(20, [
    { ...conv, name: "last", inputs: ["triplet"], filters: 2048, kernelSize: [7, 7] },
  ]);
  expect((await waysOf(definition)).points).toEqual([undefined]);
});
