import { checkBatch, createModel, inputLength, mmCnn, outputLength } from "@btsbot/model";
import type { Activation, Batch, Engine, ModelDefinition, PreparedModel, Weights } from "@btsbot/model";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { naiveForward } from "./naiveForward.js";
import { noise, noisyWeights, SMALL_NETWORKS } from "./networks.js";

/**
 * What every engine must do, as one suite.
 *
 * @param name - names the suite
 * @param createEngine - makes the engine
 * @param countHeld - how many arrays the engine holds, where that can be counted
 * @param isOpaque - whether the engine does not see a network's layers, so that it cannot tell what they come to
 */
export function describeEngine(
  name: string,
  createEngine: () => Engine,
  countHeld?: () => number,
  isOpaque = false,
): void {
  describe(`engine ${name}`, () => {
    describe.each(Object.entries(SMALL_NETWORKS))("%s", (_, definition) => {
      const weights = noisyWeights(definition, 5);
      let prepared: PreparedModel;
      beforeAll(async () => {
        prepared = await createEngine().prepare(await createModel(definition, weights));
      });
      afterAll(() => {
        prepared.dispose();
      });

      it("gives what plain loops in float64 give", async () => {
        const batch = makeBatch(definition, 3, 11);
        const output = await prepared.predict(batch, 3);
        const length = outputLength(definition.output);
        expect(output).toHaveLength(3 * length);
        for (let alert = 0; alert < 3; alert++) {
          const truth = naiveForward(definition, weights, sliceBatch(definition, batch, alert));
          expect(truth).toHaveLength(length);
          truth.forEach((value, place) => expect(Math.abs(output[alert * length + place] - value)).toBeLessThan(1e-6));
        }
      });
    });

    it.skipIf(countHeld === undefined)(
      "holds no more after many predictions of each, and frees each whole",
      async () => {
        for (const definition of Object.values(SMALL_NETWORKS)) {
          const empty = countHeld!();
          const prepared = await createEngine().prepare(await createModel(definition, noisyWeights(definition, 5)));
          const before = countHeld!();
          for (let i = 0; i < 3; i++) await prepared.predict(makeBatch(definition, 2, i), 2);
          expect(countHeld!()).toBe(before);
          prepared.dispose();
          expect(countHeld!()).toBe(empty);
        }
      },
    );

    describeLargeNumbers(createEngine, isOpaque);

    describe("MM-CNN", () => {
      const definition = mmCnn();
      let prepared: PreparedModel;
      beforeAll(async () => {
        prepared = await createEngine().prepare(await createModel(definition, noisyWeights(definition, 5)));
      });
      afterAll(() => {
        prepared.dispose();
      });

      it("can run it here", async () => {
        expect(await createEngine().canRun(definition)).toBe(true);
      });

      it("gives each alert of a batch its score alone, in order, and the same again", async () => {
        const batch = makeBatch(definition, 3, 17);
        const together = await prepared.predict(batch, 3);
        expect(await prepared.predict(batch, 3)).toEqual(together);
        for (let alert = 0; alert < 3; alert++) {
          const [alone] = await prepared.predict(sliceBatch(definition, batch, alert), 1);
          // Sums may be taken in another order in a larger batch: float32 leaves about 1e-7.
          expect(Math.abs(alone - together[alert])).toBeLessThan(1e-6);
        }
        expect(new Set(together).size).toBe(3);
      });

      it("does not change its inputs", async () => {
        const batch = makeBatch(definition, 1, 3);
        const copy = structuredClone(batch);
        await prepared.predict(batch, 1);
        expect(batch).toEqual(copy);
      });

      it("refuses inputs that are not finite, or of another length", async () => {
        const batch = makeBatch(definition, 1, 3);
        batch.triplet[6000] = NaN;
        await expect(prepared.predict(batch, 1)).rejects.toMatchObject({
          code: "input-non-finite",
          path: "triplet[0]",
        });
        await expect(prepared.predict(makeBatch(definition, 1, 3), 2)).rejects.toMatchObject({ code: "input-shape" });
      });

      it.skipIf(countHeld === undefined)(
        "holds no more after many predictions, refused ones too, than before",
        async () => {
          const [good, bad] = [makeBatch(definition, 1, 3), makeBatch(definition, 1, 3)];
          bad.metadata[0] = Infinity;
          await prepared.predict(good, 1);
          const before = countHeld!();
          for (let i = 0; i < 10; i++) {
            await prepared.predict(good, 1);
            await prepared.predict(bad, 1).catch(() => undefined);
          }
          expect(countHeld!()).toBe(before);
        },
      );

      it.skipIf(countHeld === undefined)("frees a model's weights", async () => {
        const before = countHeld!();
        const other = await createEngine().prepare(await createModel(definition, noisyWeights(definition, 6)));
        expect(countHeld!()).toBeGreaterThan(before);
        other.dispose();
        expect(countHeld!()).toBe(before);
      });
    });
  });
}

/** Features through a layer with the activation given, then a sigmoid; every kind of layer that can make NaN of finite weights. */
function largeNetwork(activation: Activation): ModelDefinition {
  return {
    name: "large",
    version: "0",
    inputs: [{ kind: "features", name: "metadata", profile: "btsbot-v1", length: 3 }],
    layers: [
      { type: "batchNormalization", name: "norm", inputs: ["metadata"], epsilon: 0.001, momentum: 0.99 },
      { type: "dense", name: "fc1", inputs: ["norm"], units: 4, activation, useBias: true },
      { type: "dense", name: "fc2", inputs: ["fc1"], units: 4, activation: "relu", useBias: true },
      { type: "dense", name: "fc_out", inputs: ["fc2"], units: 1, activation: "sigmoid", useBias: true },
    ],
    output: { kind: "score", layer: "fc_out" },
  };
}

/** Weights of noise, those of one name made anew. */
function changed(definition: ModelDefinition, name: string, change: (value: number, place: number) => number): Weights {
  const weights = noisyWeights(definition, 5);
  const weight = weights.get(name)!;
  return new Map(weights).set(name, { ...weight, values: weight.values.map(change) });
}

/** What is large and held by single precision is exact; what it cannot hold is NaN, of that alert alone. */
function describeLargeNumbers(createEngine: () => Engine, isOpaque: boolean): void {
  const NEXT_TO_INFINITY = 3e38;
  const run = async (definition: ModelDefinition, weights: Weights, metadata: readonly number[]) => {
    const prepared = await createEngine().prepare(await createModel(definition, weights));
    const answers = await prepared.predict({ metadata: Float32Array.from(metadata) }, metadata.length / 3);
    prepared.dispose();
    return [...answers];
  };

  describe("numbers that are large", () => {
    it.each(["relu", "tanh", "sigmoid", "softmax", "linear"] as const)("go through %s as in float64", async (kind) => {
      const definition = largeNetwork(kind);
      const weights = changed(definition, "fc1/kernel", (value) => 1e5 * value);
      const alerts = [1, -2, 3, 1e6, 1e6, -1e6, -1e5, 0, 0];
      const answers = await run(definition, weights, alerts);
      answers.forEach((answer, place) => {
        const metadata = Float32Array.from(alerts.slice(3 * place, 3 * place + 3));
        const [truth] = naiveForward(definition, weights, { metadata });
        expect(Math.abs(answer - truth)).toBeLessThan(1e-6);
      });
    });

    describe.skipIf(isOpaque)("for single precision", () => {
      it.each(["relu", "tanh", "sigmoid", "softmax", "linear"] as const)(
        "give NaN before %s, to that alert alone, and nothing is left of it",
        async (kind) => {
          const definition = largeNetwork(kind);
          const weights = noisyWeights(definition, 5);
          const good = [0.5, -0.25, 0.125];
          const bad = [NEXT_TO_INFINITY, -NEXT_TO_INFINITY, NEXT_TO_INFINITY];
          const [alone] = await run(definition, weights, good);
          const [first, second, third] = await run(definition, weights, [...good, ...bad, ...good]);
          expect([first, second, third].map(Number.isNaN)).toEqual([false, true, false]);
          for (const answer of [first, third]) expect(Math.abs(answer - alone)).toBeLessThan(1e-6);
        },
      );

      it.each([
        [
          "a kernel next to infinity",
          "fc1/kernel",
          (_: number, place: number) => (place % 2 ? -1 : 1) * NEXT_TO_INFINITY,
        ],
        ["a bias next to infinity", "fc1/bias", () => NEXT_TO_INFINITY],
        ["a negative variance", "norm/moving_variance", () => -1],
      ])("give NaN, and no score that looks real, where the weights make them: %s", async (_, name, change) => {
        const definition = largeNetwork("relu");
        expect(await run(definition, changed(definition, name, change), [4, 5, -6])).toEqual([NaN]);
      });
    });
  });
}

/** A batch of noise that a network can read. */
function makeBatch(definition: ModelDefinition, count: number, seed: number): Record<string, Float32Array> {
  const batch = Object.fromEntries(
    definition.inputs.map((input, place) => [input.name, noise(count * inputLength(input), seed + place)]),
  );
  checkBatch(definition, batch, count);
  return batch;
}

function sliceBatch(definition: ModelDefinition, batch: Batch, alert: number): Record<string, Float32Array> {
  return Object.fromEntries(
    definition.inputs.map((input) => {
      const length = inputLength(input);
      return [input.name, batch[input.name].slice(alert * length, (alert + 1) * length)];
    }),
  );
}
