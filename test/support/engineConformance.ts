import { checkBatch, createModel, inputLength, mmCnn, outputLength } from "@btsbot/model";
import type { Batch, Engine, ModelDefinition, PreparedModel } from "@btsbot/model";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { naiveForward } from "./naiveForward.js";
import { noise, noisyWeights, SMALL_NETWORKS } from "./networks.js";

/**
 * What every engine must do, as one suite.
 *
 * @param name - names the suite
 * @param createEngine - makes the engine
 * @param countHeld - how many arrays the engine holds, where that can be counted
 */
export function describeEngine(name: string, createEngine: () => Engine, countHeld?: () => number): void {
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
