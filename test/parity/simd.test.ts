import { createScorer } from "@btsbot/core";
import { inputLength } from "@btsbot/model";
import type { Model } from "@btsbot/model";
import { createSimdEngine } from "@btsbot/simd";
import { PUBLISHED_MODELS } from "@btsbot/weights";
import { beforeAll, expect, it } from "vitest";
import { naiveForward } from "../support/naiveForward.js";
import { readPublishedModel } from "../support/publishedModel.js";
import { scoreReference } from "../support/reference.js";
import { readSn2023tyk } from "../support/sn2023tyk.js";
import { describeWithData } from "../support/testData.js";

const NAMES = PUBLISHED_MODELS.map(({ name }) => name);
/** Mixes of two alerts whose scores lie between those of the two, where a network is most sensitive. */
const BLENDS = 4;

describeWithData("the engine in WebAssembly", (folder) => {
  let btsbot: Model;
  beforeAll(async () => {
    btsbot = await readPublishedModel(folder);
  });

  it("gives the 23 published scores of SN 2023tyk to 1e-6", async () => {
    const { triplets, metadata, expected } = readSn2023tyk(folder);
    const prepared = await createSimdEngine().prepare(btsbot);
    const scores = await prepared.predict({ triplet: triplets, metadata }, 23);
    prepared.dispose();
    const differences = expected.map((score, index) => Math.abs(scores[index] - score));
    expect(differences).toHaveLength(23);
    expect(Math.max(...differences)).toBeLessThanOrEqual(1e-6);
  });

  it(
    `gives ${BLENDS} mixes of two alerts the score of plain loops in float64, to 2e-6`,
    { timeout: 120_000 },
    async () => {
      const { triplets, metadata } = readSn2023tyk(folder);
      const prepared = await createSimdEngine().prepare(btsbot);
      const [images, features] = [triplets, metadata].map((values) => values.length / 23);
      const mix = (values: Float32Array, length: number, first: number): Float32Array =>
        values
          .slice(first * length, (first + 1) * length)
          .map((value, i) => 0.5 * (value + values[(22 - first) * length + i]));
      for (let first = 0; first < BLENDS; first++) {
        const batch = { triplet: mix(triplets, images, first), metadata: mix(metadata, features, first) };
        const [score] = await prepared.predict(batch, 1);
        const [truth] = naiveForward(btsbot.definition, btsbot.weights, batch);
        expect(Math.abs(score - truth)).toBeLessThanOrEqual(2e-6);
      }
      prepared.dispose();
    },
  );

  it.each(NAMES)("gives %s the reference's scores of every packet, from bytes, to 1e-5", async (name) => {
    const scorer = await createScorer({ models: [await readPublishedModel(folder, name)], engine: createSimdEngine() });
    const differences: number[] = [];
    for await (const { entry, result } of scoreReference(folder, scorer, name)) {
      const expected = entry.classes[name] ?? entry.scores?.[name];
      expect(result.status, `${entry.file} ${entry.index}`).toBe(expected == null ? "unscored" : "scored");
      if (result.status !== "scored") continue;
      if (typeof expected === "number") differences.push(Math.abs(result.score! - expected));
      else
        for (const [label, value] of Object.entries(expected!))
          differences.push(Math.abs(result.classes![label] - value));
      expect(result.provenance.engine).toBe("simd");
    }
    expect(differences.length).toBeGreaterThan(100);
    expect(Math.max(...differences)).toBeLessThanOrEqual(1e-5);
  });

  it("holds the same memory after thousands of scorings", async () => {
    const definition = (await readPublishedModel(folder, "btsbot-v0.3")).definition;
    const prepared = await createSimdEngine().prepare(await readPublishedModel(folder, "btsbot-v0.3"));
    const batch = Object.fromEntries(
      definition.inputs.map((input) => [input.name, new Float32Array(inputLength(input))]),
    );
    const first = await prepared.predict(batch, 1);
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 2000; i++) await prepared.predict(batch, 1);
    expect(await prepared.predict(batch, 1)).toEqual(first);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1 << 20);
    prepared.dispose();
  });
});
